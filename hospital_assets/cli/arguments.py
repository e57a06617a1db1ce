"""Arguments of commands: days, ranges and assets, refused in one line before anything starts."""

from datetime import date

import typer

from hospital_assets.clock import PERIOD
from hospital_assets.planning import DayRange

RECORDS = ("people", "doctors", "staff_assignments", "patients")


def day(text: str) -> date:
    """Return the day that an argument names."""
    try:
        value = date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day; write it as 2021-03-01") from None
    if not PERIOD.first_day <= value <= PERIOD.last_day:
        raise typer.BadParameter(
            f"{text} lies outside the period {PERIOD.first_day} to {PERIOD.last_day}"
        )
    return value


def day_range(first: str, last: str) -> DayRange:
    """Return the range from the first day to the last, both included."""
    days = DayRange(day(first), day(last))
    if days.last < days.first:
        raise typer.BadParameter(f"the range is reversed: {last} lies before {first}")
    return days


def record(name: str) -> str:
    """Return the name of a record type."""
    if name not in RECORDS:
        raise typer.BadParameter(f"{name!r} is no asset; choose from {', '.join(RECORDS)}")
    return name
