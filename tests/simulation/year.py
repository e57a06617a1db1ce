"""A whole year of records, month by month so that it fits into memory: what tests ask of it."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import polars as pl

from hospital_assets.calendar.period import Period, by_month
from hospital_assets.configuration.scorecard_targets import load_targets
from hospital_assets.configuration.settings import ROOT
from hospital_assets.insight.scorecard.evidence import Collector, Evidence, Facts
from hospital_assets.law_checks import broken_laws, earlier_days
from hospital_assets.registry import (
    EXTRACTS,
    MARTS,
    REGISTRY,
    Registration,
    make_all,
    make_extracts,
)
from hospital_assets.simulation import Frames, Hospital

_SHOWN = 5


@dataclass
class Broken:
    """How many rows break a law, and the first of them."""

    count: int = 0
    first: list[dict[str, object]] = field(default_factory=list)

    def add(self, rows: pl.DataFrame) -> None:
        """Count further rows, and keep them while there are few."""
        self.count += len(rows)
        self.first += rows.head(_SHOWN - len(self.first)).to_dicts()


@dataclass(frozen=True)
class Year:
    """A year: the rows that break each law, and `evidence`, what the scorecard keeps."""

    number: int
    broken: dict[str, Broken]
    evidence: Evidence


def simulate(hospital: Hospital, number: int) -> Year:
    """Return a year of a hospital, with the laws looked at in every month of it."""
    broken = {law.name: Broken() for row in REGISTRY for law in row.laws}
    holidays = load_targets(ROOT / "configs").public_holidays
    collector = Collector(Facts.of(hospital.parameters, holidays))
    first_day = date(number, 1, 1)
    before = earlier_days(EXTRACTS, first_day)
    earlier = make_extracts(hospital, Period(before[0], before[-1]))
    for month in by_month(Period(first_day, date(number, 12, 31)).days):
        frames = make_all(hospital, month)
        collector.add(month, frames)
        for row in (*EXTRACTS, *MARTS):
            laws = broken_laws(row, frames, earlier, month.first_day, hospital.parameters)
            for law, found in laws:
                broken[law.name].add(found)
        before = earlier_days(EXTRACTS, month.last_day + timedelta(days=1))
        earlier = {row.name: _of_days(row, (earlier, frames), before) for row in EXTRACTS}
    return Year(number, broken, collector.evidence())


def _of_days(row: Registration, parts: tuple[Frames, ...], days: list[date]) -> pl.DataFrame:
    """Return a record's rows of some days, which lie in several parts."""
    is_wanted = pl.col(row.contract.partition_column).is_in(days)
    return pl.concat([part[row.name].filter(is_wanted) for part in parts])
