"""Verification: what lies in lake and database, against the simulation and its laws."""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import polars as pl

from hospital_assets.calendar.period import Period
from hospital_assets.configuration.hospital_files import fingerprint
from hospital_assets.contracts.record_type import RecordType
from hospital_assets.law_checks import broken_laws, earlier_days
from hospital_assets.registry import EXTRACTS, MARTS, STREAMED, Registration, make_extracts
from hospital_assets.resources.lake.csv_form import csv_bytes
from hospital_assets.resources.lake.resource import Lake, LakeError
from hospital_assets.resources.warehouse.resource import Warehouse
from hospital_assets.simulation import Frames, Hospital


@dataclass(frozen=True)
class Finding:
    """A place where something differs from what it should be."""

    day: date
    record: str
    place: str
    problem: str


def remedy(finding: Finding) -> str:
    """Return the command that mends what was found in lake or database, empty where none does."""
    if finding.place not in ("lake", "database"):
        return ""
    return f"hospital materialize {finding.record} {finding.day}"


def verify(hospital: Hospital, lake: Lake, warehouse: Warehouse, days: Period) -> Iterator[Finding]:
    """Yield what is wrong with some days: the bytes of lake and database, and the laws.

    Everything is computed again; nothing is taken from what was recorded when it was written. A
    mart is looked at on the days that it was counted on, as what the stream has landed makes it.
    """
    frames = make_extracts(hospital, days)
    for row in EXTRACTS:
        yield from _differences(row, frames, days.days, hospital, lake, warehouse)
    frames |= {row.name: warehouse.read(row.contract, days.days) for row in STREAMED}
    for row in MARTS:
        frames[row.name] = row.rows(hospital, days, frames)
        counted = {*lake.days(row.contract), *warehouse.days(row.contract)}
        counted_days = [day for day in days.days if day in counted]
        yield from _differences(row, frames, counted_days, hospital, lake, warehouse)
    yield from _broken_laws(hospital, frames, days)


def _differences(
    row: Registration,
    frames: Frames,
    days: list[date],
    hospital: Hospital,
    lake: Lake,
    warehouse: Warehouse,
) -> Iterator[Finding]:
    record, identity = row.contract, fingerprint(hospital)
    for day in days:
        rows = frames[row.name].filter(pl.col(record.partition_column) == day).sort(record.key)
        expected = hashlib.sha256(csv_bytes(rows)).hexdigest()
        for place, problem in (
            *_in_lake(lake, record, day, expected, identity),
            *_in_table(warehouse, record, day, expected),
        ):
            yield Finding(day, record.name, place, problem)
    if not record.is_daily:
        yield from _in_current_state(lake, warehouse, record, days)


def _in_lake(
    lake: Lake, record: RecordType, day: date, expected: str, identity: str
) -> Iterator[tuple[str, str]]:
    try:
        manifest = lake.manifest(record, day)
        if manifest is None:
            yield "lake", "missing"
            return
        lake.csv(record, day)
        lake.read(record, [day])
    except LakeError as error:
        yield "lake", str(error)
        return
    if manifest.fingerprint != identity:
        yield "lake", f"made by hospital {manifest.fingerprint}, not {identity}"
    if manifest.csv.sha256 != expected:
        yield "lake", f"SHA-256 {manifest.csv.sha256[:12]}, expected {expected[:12]}"


def _in_table(
    warehouse: Warehouse, record: RecordType, day: date, expected: str
) -> Iterator[tuple[str, str]]:
    if not record.is_daily:
        return
    found = warehouse.digest(record, day)
    if found is None:
        yield "database", "missing"
    elif found != expected:
        yield "database", f"SHA-256 {found[:12]}, expected {expected[:12]}"


def _in_current_state(
    lake: Lake, warehouse: Warehouse, record: RecordType, days: list[date]
) -> Iterator[Finding]:
    files = {}
    for day in days:
        # Without the file, which is reported already, there is nothing to compare with.
        with suppress(LakeError):
            files[day] = lake.csv(record, day)
    differences = warehouse.compare(record, files)
    for (day, kind), found in groupby(differences, key=lambda one: (one.day, one.kind)):
        keys = [one.key for one in found]
        yield Finding(day, record.name, "database", f"{len(keys)} rows {kind}, first {keys[0]}")


def _broken_laws(hospital: Hospital, frames: Frames, days: Period) -> Iterator[Finding]:
    before = [
        day for day in earlier_days(EXTRACTS, days.first_day) if day >= hospital.period.first_day
    ]
    earlier = make_extracts(hospital, Period(before[0], before[-1])) if before else {}
    for row in (*EXTRACTS, *MARTS):
        for law, broken in broken_laws(row, frames, earlier, days.first_day, hospital.parameters):
            if len(broken):
                problem = f"{len(broken)} rows break it: {law.description}"
                yield Finding(days.first_day, row.name, f"law {law.name}", problem)
