"""Synthetic days for the storage tests: plausible in type and key, meaningless otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import dataframely as dy
import polars as pl

from hospital_assets.contracts.patients import PATIENTS
from hospital_assets.contracts.people import PEOPLE
from hospital_assets.contracts.record_type import RecordType
from hospital_assets.contracts.staff_assignments import STAFF_ASSIGNMENTS
from hospital_assets.registry import EXTRACTS

MARCH_1 = date(2021, 3, 1)
# What days are made of here, each after those that it refers to.
RECORDS = [row.contract for row in EXTRACTS]


@dataclass(frozen=True)
class Size:
    """Rows a day of each record type.

    Any further one has as few as the smallest, so that what it refers to is there.
    """

    people: int = 40
    doctors: int = 5
    staff_assignments: int = 12
    patients: int = 20
    others: int = 5

    def of(self, record: RecordType) -> int:
        """Return the rows a day of a record type."""
        return int(getattr(self, record.name, self.others))


SMALL = Size()


def days(count: int, first: date = MARCH_1) -> list[date]:
    """`count` consecutive days."""
    return [first + timedelta(days=n) for n in range(count)]


def frame(record: RecordType, days: Sequence[date], version: int = 0) -> pl.DataFrame:
    """The rows of `days`; another `version` is the same keys with other contents.

    People numbers repeat from day to day, so each day's extract updates most of the last one's.
    """
    table = pl.concat([_day(record, day, version) for day in days])
    return record.schema.cast(table)


def _day(record: RecordType, day: date, version: int) -> pl.DataFrame:
    number = pl.int_range(1, SMALL.of(record) + 1, dtype=pl.Int64)
    columns: dict[str, pl.Expr] = {}
    # Numbers that name a row, of this table or of another, count from one in every table.
    names_a_row = {*record.key, *(name for one in record.references for name in one.columns)}
    for name, column in record.schema.columns().items():
        counts = name in names_a_row and isinstance(column, dy.Int64)
        columns[name] = number if counts else _fill(column, number, day, version)
    columns[record.partition_column] = pl.lit(day)
    if record is PEOPLE:
        columns["id_number"] = pl.format("{}09{}", number + 8_001_010_000, number % 10)
        columns["phone"] = pl.format("0{}", number + 820_000_000)
    if record is STAFF_ASSIGNMENTS:
        columns["doctor_id"] = pl.when(number <= SMALL.doctors).then(number)
    if record is PATIENTS:
        columns["attending_doctor_id"] = number % SMALL.doctors + 1
    return pl.select([value.alias(name) for name, value in columns.items()])


def _fill(column: dy.Column, number: pl.Expr, day: date, version: int) -> pl.Expr:
    match column:
        case dy.Enum():
            choices = pl.Series(list(column.categories))
            return pl.lit(choices).gather((number + version) % len(choices))
        case dy.String(regex=r"^\d{4}$"):
            return pl.format("{}", 1_000 + (number + version) % 9_000)
        case dy.String(regex=r"^[A-Z]{3}$"):
            return pl.lit("ZAF")
        case dy.String(regex=regex) if regex and regex.startswith(r"^[A-Z]\d{2}"):
            return pl.format("I{}", 10 + (number + version) % 90)
        case dy.String():
            return pl.format("{} {}", pl.lit(column.name[:4]), (number + version) % 97)
        case dy.Date():
            return pl.lit(day - timedelta(days=1_000 + version))
        case dy.Datetime():
            return pl.lit(day).cast(pl.Datetime) + pl.duration(minutes=(number + version) % 1440)
        case _:
            # Within the bounds of every column: from 20 (weeks) on, or from 1 to 20 (places).
            low, high = getattr(column, "min", None), getattr(column, "max", None)
            return (number % 20 if high == 20 else number % 20 + max(low or 1, 1)) + (high == 20)
