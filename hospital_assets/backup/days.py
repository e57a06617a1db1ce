"""The batch files of a backup: manifests alone, and the days that are made again from them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

import polars as pl
from pydantic import ValidationError

from hospital_assets.backup.errors import BackupError
from hospital_assets.calendar.period import by_month
from hospital_assets.configuration.hospital_files import fingerprint
from hospital_assets.contracts.record_type import RecordType
from hospital_assets.registry import EXTRACTS, IN_BATCH_LAKE, MARTS, STREAMED, make_extracts
from hospital_assets.resources.lake.resource import DayManifest, Lake
from hospital_assets.resources.warehouse.resource import Warehouse
from hospital_assets.simulation import Hospital

Manifests = Mapping[tuple[str, date], DayManifest]
Advance = Callable[[int, int], None]


def collect(lake: Lake) -> Manifests:
    """Return the manifest of every record and day in the lake."""
    records = [row.contract for row in IN_BATCH_LAKE]
    found = (lake.manifest(record, day) for record in records for day in lake.days(record))
    return _by_record(manifest for manifest in found if manifest is not None)


def write(file: Path, manifests: Manifests) -> None:
    """Write manifests into a file, one a line."""
    lines = (manifest.model_dump_json() + "\n" for manifest in manifests.values())
    file.write_text("".join(lines), encoding="utf-8")


def read(file: Path) -> Manifests:
    """Return the manifests in a file; raises BackupError if it holds anything else."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        return _by_record(DayManifest.model_validate_json(line) for line in lines)
    except ValidationError as error:
        raise BackupError(f"{file} holds a line that is no manifest") from error


def compare(hospital: Hospital, lake: Lake, manifests: Manifests, advance: Advance) -> None:
    """Raise BackupError unless the simulation makes the very files that the manifests are of.

    A mart is left out: it is counted from what was landed too.
    """
    identity = fingerprint(hospital)
    for record, frame in _made(hospital, manifests, advance):
        for made in lake.describe(record, frame, identity):
            wanted = manifests[made.record, made.day]
            # A version of polars may write the same rows as other bytes of Parquet.
            if (made.fingerprint, made.csv) != (wanted.fingerprint, wanted.csv):
                raise BackupError(
                    f"{made.record} {made.day}: the manifest has SHA-256 {wanted.csv.sha256[:12]}"
                    f" of hospital {wanted.fingerprint}, this version makes {made.csv.sha256[:12]}"
                    f" of hospital {made.fingerprint}: `hospital verify` where the lake is,"
                    " or use the version that made it"
                )


def make(hospital: Hospital, lake: Lake, manifests: Manifests, advance: Advance) -> None:
    """Write the days that the manifests name into the lake, but for the marts."""
    identity = fingerprint(hospital)
    for record, frame in _made(hospital, manifests, advance):
        lake.write(record, frame, identity)


def count_marts(hospital: Hospital, lake: Lake, warehouse: Warehouse, manifests: Manifests) -> None:
    """Write the marts into the lake that manifests name and whose rows the database has.

    They are counted again, from the simulation and from what the database has of the stream.
    """
    for row in MARTS:
        named = {day for record, day in manifests if record == row.name}
        for days in by_month(sorted(named & set(warehouse.days(row.contract)))):
            frames = make_extracts(hospital, days)
            frames |= {one.name: warehouse.read(one.contract, days.days) for one in STREAMED}
            lake.write(row.contract, row.rows(hospital, days, frames), fingerprint(hospital))


def days_of(manifests: Manifests) -> list[date]:
    """Return the days that any record is of, in order."""
    return sorted({day for _, day in manifests})


def _made(
    hospital: Hospital, manifests: Manifests, advance: Advance
) -> Iterator[tuple[RecordType, pl.DataFrame]]:
    """Give each record's rows of the days that it has a manifest of, a month at a time at most."""
    days = days_of(manifests)
    done = 0
    for part in by_month(days):
        advance(done, len(days))
        frames = make_extracts(hospital, part)
        for row in EXTRACTS:
            wanted = [day for day in part.days if (row.name, day) in manifests]
            day = pl.col(row.contract.partition_column)
            yield row.contract, frames[row.name].filter(day.is_in(wanted))
        done += part.length
    advance(done, len(days))


def _by_record(manifests: Iterable[DayManifest]) -> Manifests:
    return {(manifest.record, manifest.day): manifest for manifest in manifests}
