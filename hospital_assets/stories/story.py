"""A story: what happened to somebody or something, in order of time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from hospital_assets.contracts.record_type import RecordType

# Returns the rows of a record that have one of some values in a column, in order of day and key.
Find = Callable[[RecordType, str, Sequence[object]], pl.DataFrame]


@dataclass(frozen=True)
class Moment:
    """Something that happened: when, where, what, and the record that tells it."""

    at: datetime
    what: str
    where: str
    record: str


@dataclass(frozen=True)
class Story:
    """A story: what it is about, what is known beside it, and its moments in order."""

    title: str
    facts: Mapping[str, str]
    moments: Sequence[Moment]


def in_order(moments: Iterable[Moment]) -> list[Moment]:
    """Return moments in order of time; those of one minute stay in the order given."""
    return sorted(moments, key=lambda moment: moment.at)


def words(value: object) -> str:
    """Return a value of a record as words: without underscores, nothing for a null."""
    return "" if value is None else str(value).replace("_", " ")


def known(facts: Mapping[str, object]) -> dict[str, str]:
    """Return the facts that are known, in words."""
    return {name: str(value) for name, value in facts.items() if value not in (None, "")}
