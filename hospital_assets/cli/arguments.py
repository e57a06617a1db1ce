"""Arguments of commands: days, ranges and assets, refused in one line before anything starts."""

import re
from datetime import date
from typing import TYPE_CHECKING

import typer

from hospital_assets.calendar.period import Period

if TYPE_CHECKING:
    from hospital_assets.contracts.stream_type import StreamType

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


def lake_record(name: str) -> str:
    """Return the name of a record of the lake."""
    from hospital_assets.registry import IN_BATCH_LAKE

    names = [row.name for row in IN_BATCH_LAKE]
    if name not in names:
        raise typer.BadParameter(f"{name!r} is no asset; choose from {', '.join(names)}")
    return name


def stream_type(name: str) -> "StreamType":
    """Return the stream type that an argument names by its record."""
    from hospital_assets.registry import STREAM_TYPES

    known = {kind.name: kind for kind in STREAM_TYPES}
    if name not in known:
        raise typer.BadParameter(f"{name!r} is no stream; choose from {', '.join(known)}")
    return known[name]


def tables(names: str | None) -> list[str]:
    """Return the record types that a list with commas names, all of them by default."""
    from hospital_assets.registry import REGISTRY

    known = [row.name for row in REGISTRY]
    if names is None:
        return known
    asked = [name.strip() for name in names.split(",")]
    for name in asked:
        if name not in known:
            raise typer.BadParameter(f"{name!r} is no table; choose from {', '.join(known)}")
    return [name for name in known if name in asked]


def form(name: str) -> str:
    """Return the form of a file."""
    from hospital_assets.resources.lake.day_forms import FORMS

    if name not in FORMS:
        raise typer.BadParameter(f"{name!r} is no format; choose from {', '.join(FORMS)}")
    return name
