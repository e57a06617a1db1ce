"""Calibration: the scorecard of some days, from records made for it."""

from collections.abc import Iterator

from hospital_assets.calendar.period import Period, by_month
from hospital_assets.insight.scorecard.evidence import Collector, Facts
from hospital_assets.insight.scorecard.scoring import Line, score
from hospital_assets.insight.scorecard.target import Targets
from hospital_assets.registry import EXTRACTS, STREAMED, make_records
from hospital_assets.simulation import Hospital

_MEASURED = tuple(row.name for row in (*EXTRACTS, *STREAMED))


class Calibration:
    """A scorecard under way: it looks at the days a month at a time, then has the lines.

    No file and no server is needed; a month's records are gone once the next ones are made.
    """

    def __init__(self, hospital: Hospital, targets: Targets) -> None:
        self._hospital, self._targets = hospital, targets
        self._collector = Collector(Facts.of(hospital.parameters, targets.public_holidays))

    def look_at(self, days: Period) -> Iterator[Period]:
        """Make and look at the records of some days, and give each month once it is done."""
        for month in by_month(days.days):
            self._collector.add(month, make_records(self._hospital, month, _MEASURED))
            yield month

    def lines(self) -> list[Line]:
        """Return the lines of the days that were looked at."""
        return score(self._collector.evidence(), self._targets)
