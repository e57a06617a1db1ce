"""Verification: what lies in lake and database, against the simulation and its laws."""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

import polars as pl

from hospital_assets.contracts import RECORD_TYPES, RecordType
from hospital_assets.profile import fingerprint
from hospital_assets.resources.csv_form import csv_bytes
from hospital_assets.resources.lake import Lake, LakeError
from hospital_assets.resources.warehouse import Warehouse
from hospital_assets.simulation import Hospital
from hospital_assets.simulation.laws import LAWS, Frames


@dataclass(frozen=True)
class Finding:
    """A place where something differs from what it should be."""

    day: date
    record: str
    place: str
    problem: str


def verify(
    hospital: Hospital, lake: Lake, warehouse: Warehouse, days: list[date]
) -> Iterator[Finding]:
    """Yield what is wrong with consecutive days: the bytes of lake and database, and the laws.

    Everything is computed again; nothing is taken from what was recorded when it was written.
    """
    records = hospital.between(days[0], days[-1])
    frames: Frames = {
        record.name: record.schema.cast(getattr(records, record.name)) for record in RECORD_TYPES
    }
    in_tables = {record.name: set(warehouse.days(record)) for record in RECORD_TYPES}
    identity = fingerprint(hospital)
    for record in RECORD_TYPES:
        frame = frames[record.name]
        for day in days:
            rows = frame.filter(pl.col(record.partition_column) == day).sort(record.key)
            expected = hashlib.sha256(csv_bytes(rows)).hexdigest()
            for place, problem in (
                *_in_lake(lake, record, day, expected, identity),
                *_in_table(warehouse, record, day, expected, day in in_tables[record.name]),
            ):
                yield Finding(day, record.name, place, problem)
        if not record.is_daily:
            yield from _in_current_state(lake, warehouse, record, days)
    yield from _broken_laws(hospital, frames, days)


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
    warehouse: Warehouse, record: RecordType, day: date, expected: str, present: bool
) -> Iterator[tuple[str, str]]:
    if not record.is_daily:
        return
    if not present:
        yield "database", "missing"
    elif (found := warehouse.digest(record, day)) != expected:
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


def _broken_laws(hospital: Hospital, frames: Frames, days: list[date]) -> Iterator[Finding]:
    back = max(law.days_before for law in LAWS)
    first = max(days[0] - timedelta(days=back), hospital.parameters.period.first_day)
    before: Frames = {}
    if first < days[0]:
        records = hospital.between(first, days[0] - timedelta(days=1))
        before = {
            record.name: record.schema.cast(getattr(records, record.name))
            for record in RECORD_TYPES
        }
    longer = {name: pl.concat([before[name], frame]) if before else frame
              for name, frame in frames.items()}  # fmt: skip
    for law in LAWS:
        broken = law.violations(longer if law.days_before else frames, hospital.parameters)
        if len(broken):
            problem = f"{len(broken)} rows break it: {law.description}"
            yield Finding(days[0], law.record, f"law {law.name}", problem)
