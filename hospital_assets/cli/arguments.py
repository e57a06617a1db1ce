"""Arguments of commands: days, ranges and assets, refused in one line before anything starts."""

import re
from datetime import date

import typer

from hospital_assets.calendar.period import Period

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def day(text: str, period: Period) -> date:
    """Return the day of the period that an argument names."""
    try:
        # Python reads other forms too, such as a week and its day.
        value = date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day; write it as 2021-03-01") from None
    if value not in period:
        raise typer.BadParameter(f"{text} lies outside the period {period}")
    return value


def day_range(first: str, last: str, period: Period) -> Period:
    """Return the range from the first day to the last, both included, of the period."""
    first_day, last_day = day(first, period), day(last, period)
    if last_day < first_day:
        raise typer.BadParameter(f"the range is reversed: {last} lies before {first}")
    return Period(first_day, last_day)


def extract(name: str) -> str:
    """Return the name of a daily extract."""
    from hospital_assets.registry import EXTRACTS

    names = [row.name for row in EXTRACTS]
    if name not in names:
        raise typer.BadParameter(f"{name!r} is no asset; choose from {', '.join(names)}")
    return name
