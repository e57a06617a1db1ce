"""Synthetic days for the storage tests: plausible in type and key, meaningless otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import dataframely as dy
import polars as pl

from hospital_assets.contracts.doctors import DOCTORS
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
    """Rows a day of each record type."""

    people: int = 40
    doctors: int = 5
    staff_assignments: int = 12
    patients: int = 20


SMALL = Size()
FULL = Size(people=9_000, doctors=759, staff_assignments=2_800, patients=2_250)


def days(count: int, first: date = MARCH_1) -> list[date]:
    """`count` consecutive days."""
    return [first + timedelta(days=n) for n in range(count)]


def frame(
    record: RecordType, days: Sequence[date], size: Size = SMALL, version: int = 0
) -> pl.DataFrame:
    """The rows of `days`; another `version` is the same keys with other contents.

    People numbers repeat from day to day, so each day's extract updates most of the last one's.
    """
    rows = getattr(size, record.name)
    table = pl.concat([_day(record, day, rows, size, version) for day in days])
    return record.schema.cast(table)


def _day(record: RecordType, day: date, rows: int, size: Size, version: int) -> pl.DataFrame:
    number = pl.int_range(1, rows + 1, dtype=pl.Int64)
    columns: dict[str, pl.Expr] = {}
    for name, column in record.schema.columns().items():
        columns[name] = _fill(column, number, day, version)
    columns[record.partition_column] = pl.lit(day)
    if record is PEOPLE:
        first = (day.toordinal() * 7) % max(size.people // 3, 1)
        number = number + (first if size is FULL else 0)
        columns["person_id"] = number
        columns["id_number"] = pl.format("{}08{}", number + 8_001_010_000, number % 10)
        columns["phone"] = pl.format("0{}", number + 820_000_000)
    if record is DOCTORS:
        columns["doctor_id"] = number
    if record is STAFF_ASSIGNMENTS:
        columns["assignment_id"] = number
        columns["doctor_id"] = pl.when(number <= size.doctors).then(number)
    if record is PATIENTS:
        columns["encounter_id"] = number
        columns["attending_doctor_id"] = number % size.doctors + 1
    if record is not PEOPLE:
        lowest = size.people // 3 if size is FULL else 0
        columns["person_id"] = number + lowest
    return pl.select([value.alias(name) for name, value in columns.items()])


def _fill(column: dy.Column, number: pl.Expr, day: date, version: int) -> pl.Expr:
    match column:
        case dy.Enum():
            choices = pl.Series(list(column.categories))
            return pl.lit(choices).gather((number + version) % len(choices))
        case dy.String(regex=r"^\d{4}$"):
            return pl.format("{}", 1_000 + (number + version) % 9_000)
        case dy.String():
            return pl.format("{} {}", pl.lit(column.name[:4]), (number + version) % 97)
        case dy.Date():
            return pl.lit(day - timedelta(days=1_000 + version))
        case dy.Datetime():
            return pl.lit(day).cast(pl.Datetime) + pl.duration(minutes=(number + version) % 1440)
        case _:
            return number % 45 + 1
