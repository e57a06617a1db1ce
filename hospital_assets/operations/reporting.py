"""Reporting: the report of some days, read from the lake where they lie, else made."""

from collections import Counter
from collections.abc import Iterator

from hospital_assets.calendar.period import Period, by_month
from hospital_assets.configuration.hospital_files import fingerprint
from hospital_assets.insight.figures import FIGURES, Figures, beds_of, count, together
from hospital_assets.insight.scorecard.evidence import Collector, Facts
from hospital_assets.insight.scorecard.scoring import score
from hospital_assets.insight.scorecard.target import Targets
from hospital_assets.pictures.report import Contents, Table, page
from hospital_assets.registry import (
    IN_BATCH_LAKE,
    REGISTRY,
    STREAMED,
    make_all,
)
from hospital_assets.resources.lake.resource import Lake
from hospital_assets.simulation import Frames, Hospital


class Reporting:
    """A report under way: it looks at the days a month at a time, then has the page.

    No server is needed; a month's records are gone once the next ones are looked at.
    """

    def __init__(self, hospital: Hospital, lake: Lake, targets: Targets) -> None:
        self._hospital, self._lake, self._targets = hospital, lake, targets
        self._collector = Collector(Facts.of(hospital.parameters, targets.public_holidays))
        self._figures: list[Figures] = []
        self._rows: Counter[str] = Counter()
        self._days: list[Period] = []
        self._read = 0

    def look_at(self, days: Period) -> Iterator[Period]:
        """Look at the records of some days, and give each month once it is done."""
        for month in by_month(days.days):
            frames = self._records(month)
            self._collector.add(month, frames)
            self._figures.append(count(FIGURES, frames))
            self._rows.update({name: frame.height for name, frame in frames.items()})
            self._days.append(month)
            yield month

    def page(self) -> str:
        """Return the report of the days that were looked at, as HTML."""
        days = Period(self._days[0].first_day, self._days[-1].last_day)
        parameters = self._hospital.parameters
        tables = [Table(row.name, row.contract.grain, self._rows[row.name]) for row in REGISTRY]
        return page(
            Contents(
                hospital=f"The hospital {parameters.facility_code}",
                days=days,
                figures=together(self._figures),
                beds=beds_of(parameters),
                tables=tables,
                lines=score(self._collector.evidence(), self._targets),
                targets=self._targets,
                sources=self._sources(days),
            )
        )

    def _records(self, month: Period) -> Frames:
        """Return every record of the days; events lie by offset, so they are made."""
        if self._lies_in_the_lake(month):
            self._read += month.length
            frames = {row.name: self._lake.read(row.contract, month.days) for row in IN_BATCH_LAKE}
            return frames | {row.name: row.rows(self._hospital, month, {}) for row in STREAMED}
        return make_all(self._hospital, month)

    def _lies_in_the_lake(self, month: Period) -> bool:
        ours = fingerprint(self._hospital)
        return all(
            (found := self._lake.manifest(row.contract, day)) is not None
            and found.fingerprint == ours
            for row in reversed(IN_BATCH_LAKE)
            for day in month.days
        )

    def _sources(self, days: Period) -> str:
        made = days.length - self._read
        from_lake = f"{self._read:,} days were read from the lake" if self._read else ""
        from_model = f"{made:,} days were computed by the simulation" if made else ""
        where = " and ".join(part for part in (from_lake, from_model) if part)
        same = "; both give the same figures" if from_lake and from_model else ""
        return (
            f"{where}{same}. The hospital is drawn from seed"
            f" {self._hospital.seed}: the same seed and day give the same records everywhere."
        )
