"""Ranges of days: what a batch tick asks for, and how long ranges are cut.

Pure: nothing here reads the clock, Dagster or a store.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

# A range is one run; a quarter keeps a run short enough to be seen and repeated.
MAXIMUM_DAYS_A_RANGE = 92
MAXIMUM_RANGES = 4


@dataclass(frozen=True)
class DayRange:
    """Consecutive days, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        """Return the days in order."""
        count = (self.last - self.first).days + 1
        return [self.first + timedelta(days=number) for number in range(count)]


def missing_ranges(due: Iterable[date], present: set[date], in_flight: set[date]) -> list[DayRange]:
    """Return the ranges to request now, oldest first; what they leave out comes at a later tick."""
    missing = [day for day in due if day not in present and day not in in_flight]
    return consecutive(missing, MAXIMUM_DAYS_A_RANGE)[:MAXIMUM_RANGES]


def consecutive(days: Iterable[date], longest: int | None = None) -> list[DayRange]:
    """Cut days in order into ranges without gaps, none longer than `longest` days."""
    ranges: list[DayRange] = []
    for day in days:
        current = ranges[-1] if ranges else None
        if (
            current is not None
            and day - current.last == timedelta(days=1)
            and (longest is None or (day - current.first).days < longest)
        ):
            ranges[-1] = DayRange(current.first, day)
        else:
            ranges.append(DayRange(day, day))
    return ranges


def by_month(days: Iterable[date]) -> Iterator[list[date]]:
    """Return days in order month by month, so that work on them takes bounded memory."""
    for _, month in groupby(days, key=lambda day: (day.year, day.month)):
        yield list(month)


def ranges_by_month(days: Iterable[date]) -> list[DayRange]:
    """Cut days in order into ranges without gaps that cross no end of a month."""
    return [part for month in by_month(days) for part in consecutive(month)]


def by_half_year(days: Iterable[date]) -> list[DayRange]:
    """Cut days in order into ranges without gaps that cross no half of a calendar year.

    No two of them share a month, so that several can be worked on at once.
    """
    halves = groupby(days, key=lambda day: (day.year, (day.month - 1) // 6))
    return [part for _, half in halves for part in consecutive(half)]
