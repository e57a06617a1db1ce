"""The batch files of a backup: manifests alone, and the days that the simulation makes of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

import polars as pl
from pydantic import ValidationError

from hospital_assets.backup.errors import BackupError
from hospital_assets.contracts import RECORD_TYPES, RecordType
from hospital_assets.planning import ranges_by_month
from hospital_assets.profile import fingerprint
from hospital_assets.resources.lake import Lake, Manifest
from hospital_assets.simulation import Hospital

Manifests = Mapping[tuple[str, date], Manifest]
Advance = Callable[[int, int], None]


def collect(lake: Lake) -> Manifests:
    """Return the manifest of every record and day in the lake."""
    found = (lake.manifest(record, day) for record in RECORD_TYPES for day in lake.days(record))
    return _by_record(manifest for manifest in found if manifest is not None)


def write(file: Path, manifests: Manifests) -> None:
    """Write manifests into a file, one a line."""
    lines = (manifest.model_dump_json() + "\n" for manifest in manifests.values())
    file.write_text("".join(lines), encoding="utf-8")


def read(file: Path) -> Manifests:
    """Return the manifests in a file; raises BackupError if it holds anything else."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        return _by_record(Manifest.model_validate_json(line) for line in lines)
    except ValidationError as error:
        raise BackupError(f"{file} holds a line that is no manifest") from error


def compare(hospital: Hospital, lake: Lake, manifests: Manifests, advance: Advance) -> None:
    """Raise BackupError unless the simulation makes the very files that the manifests are of."""
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
    """Write the days that the manifests name into the lake."""
    identity = fingerprint(hospital)
    for record, frame in _made(hospital, manifests, advance):
        lake.write(record, frame, identity)


def days_of(manifests: Manifests) -> list[date]:
    """Return the days that any record is of, in order."""
    return sorted({day for _, day in manifests})


def _made(
    hospital: Hospital, manifests: Manifests, advance: Advance
) -> Iterator[tuple[RecordType, pl.DataFrame]]:
    """Give each record's rows of the days that it has a manifest of, a month at a time at most."""
    days = days_of(manifests)
    done = 0
    for part in ranges_by_month(days):
        advance(done, len(days))
        records = hospital.between(part.first, part.last)
        for record in RECORD_TYPES:
            wanted = [day for day in part.days if (record.name, day) in manifests]
            frame = record.schema.cast(getattr(records, record.name))
            yield record, frame.filter(pl.col(record.partition_column).is_in(wanted))
        done += len(part.days)
    advance(done, len(days))


def _by_record(manifests: Iterable[Manifest]) -> Manifests:
    return {(manifest.record, manifest.day): manifest for manifest in manifests}
