"""Inspection: which rows of some days break the laws, with the days before that a law looks at."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import polars as pl

from hospital_assets.registry import RECORD_TYPES, Registration
from hospital_assets.simulation import Frames, Parameters
from hospital_assets.simulation.laws.law import Law

_DAY_COLUMNS = {record.name: record.partition_column for record in RECORD_TYPES}


def earlier_days(rows: Iterable[Registration], first_day: date) -> list[date]:
    """Return the days before the first one that any law of the records looks at, in order."""
    furthest = max((law.days_before for row in rows for law in row.laws), default=0)
    return [first_day - timedelta(days=back) for back in range(furthest, 0, -1)]


def broken_laws(
    row: Registration, frames: Frames, earlier: Frames, first_day: date, parameters: Parameters
) -> Iterator[tuple[Law, pl.DataFrame]]:
    """Give each law of a record with the rows that break it, none where it holds.

    `frames` has the days from the first one on of every record that the laws look at; `earlier`
    what there is of days before, which may be more than a law looks at, or less.
    """
    for law in row.laws:
        looked_at = {
            name: _with_earlier(name, frames[name], earlier, first_day, law.days_before)
            for name in law.reads
        }
        yield law, law.violations(looked_at, parameters)


def _with_earlier(
    name: str, frame: pl.DataFrame, earlier: Frames, first_day: date, days_before: int
) -> pl.DataFrame:
    if not days_before or name not in earlier:
        return frame
    day = pl.col(_DAY_COLUMNS[name])
    furthest = first_day - timedelta(days=days_before)
    return pl.concat([earlier[name].filter(day.is_between(furthest, first_day, "left")), frame])
