"""Ranges of days, and how they are cut."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby


@dataclass(frozen=True)
class Period:
    """Consecutive days, both ends included: the simulated period, or any part of it."""

    first_day: date
    last_day: date

    def __post_init__(self) -> None:
        """Refuse an end before the start."""
        if self.last_day < self.first_day:
            raise ValueError(
                f"last_day ({self.last_day}) must not lie before first_day ({self.first_day})"
            )

    def __str__(self) -> str:
        return f"{self.first_day} to {self.last_day}"

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day

    @property
    def length(self) -> int:
        """The number of days."""
        return (self.last_day - self.first_day).days + 1

    @property
    def days(self) -> list[date]:
        """The days in order."""
        return [self.day(number) for number in range(self.length)]

    def day(self, number: int) -> date:
        """Return the number-th day, from 0."""
        return self.first_day + timedelta(days=number)


def month_of(day: date) -> Period:
    """Return the calendar month that a day lies in."""
    first = day.replace(day=1)
    in_next_month = first + timedelta(days=31)
    return Period(first, in_next_month.replace(day=1) - timedelta(days=1))


def consecutive(days: Iterable[date], longest: int | None = None) -> list[Period]:
    """Cut days in order into ranges without gaps, none longer than `longest` days."""
    ranges: list[Period] = []
    for day in days:
        current = ranges[-1] if ranges else None
        if (
            current is not None
            and day - current.last_day == timedelta(days=1)
            and (longest is None or current.length < longest)
        ):
            ranges[-1] = Period(current.first_day, day)
        else:
            ranges.append(Period(day, day))
    return ranges


def by_month(days: Iterable[date]) -> list[Period]:
    """Cut days in order into ranges without gaps that cross no end of a month.

    Work on one of them after another takes bounded memory.
    """
    months = groupby(days, key=lambda day: (day.year, day.month))
    return [part for _, month in months for part in consecutive(month)]


def by_half_year(days: Iterable[date]) -> list[Period]:
    """Cut days in order into ranges without gaps that cross no half of a calendar year.

    No two of them share a month, so that several can be worked on at once.
    """
    halves = groupby(days, key=lambda day: (day.year, (day.month - 1) // 6))
    return [part for _, half in halves for part in consecutive(half)]
