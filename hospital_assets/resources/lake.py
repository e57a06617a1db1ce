"""The lake: one CSV, one Parquet and one manifest file a record type and day."""

import hashlib
import os
import time
import uuid
from collections.abc import Iterator, Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Literal

import dagster as dg
import dataframely as dy
import polars as pl
from pydantic import BaseModel, ConfigDict, ValidationError

from hospital_assets.contracts import RecordType
from hospital_assets.errors import HospitalError
from hospital_assets.resources.csv_form import CsvError, check, csv_bytes

Form = Literal["csv", "parquet", "manifest"]
SUFFIXES: dict[Form, str] = {"csv": "csv", "parquet": "parquet", "manifest": "json"}
ABANDONED_AFTER_SECONDS = 3600


class LakeError(HospitalError):
    """The lake can't give or take a day; the message names it and says what to do."""


class LakeFile(BaseModel):
    """One file of a day: where it lies below the root, and what identifies its contents."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    bytes: int
    rows: int
    sha256: str


class Manifest(BaseModel):
    """What a whole day of one record type consists of; `fingerprint` names the simulation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    record: str
    day: date
    fingerprint: str
    csv: LakeFile
    parquet: LakeFile


class Lake(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The folder `root`, with `batch/<record>/{csv,parquet,manifest}/<record>-YYYY-MM-DD.*`.

    A day counts as present once its manifest does, and the manifest is written last. Each file
    is replaced as a whole, so a reader finds the old or the new one, never a part.
    """

    root: str

    def write(self, record: RecordType, frame: pl.DataFrame, fingerprint: str) -> list[Manifest]:
        """Write the whole days that `frame` holds, in any row order, and return their manifests.

        The bytes of a day depend on its rows alone: not on the order, nor on the days beside it.
        Raises LakeError, and writes nothing, if a row breaks the contract.
        """
        frame = _valid(record, frame)
        frame = frame.sort(record.partition_column, *record.key)
        folders = {form: self._folder(record, form) for form in SUFFIXES}
        for folder in folders.values():
            folder.mkdir(parents=True, exist_ok=True)
            _sweep(folder)
        prepared: list[tuple[Path, Path]] = []
        manifests = []
        try:
            for day, rows in _days(record, frame):
                data: dict[Form, bytes] = {
                    "csv": csv_bytes(rows),
                    "parquet": _parquet_bytes(rows),
                }
                files = {
                    form: LakeFile(
                        path=self._relative(self.path(record, form, day)),
                        bytes=len(content),
                        rows=rows.height,
                        sha256=hashlib.sha256(content).hexdigest(),
                    )
                    for form, content in data.items()
                }
                manifest = Manifest(
                    record=record.name,
                    day=day,
                    fingerprint=fingerprint,
                    csv=files["csv"],
                    parquet=files["parquet"],
                )
                data["manifest"] = manifest.model_dump_json(indent=2).encode() + b"\n"
                for form, content in data.items():
                    target = self.path(record, form, day)
                    prepared.append((_temporary(target, content), target))
                manifests.append(manifest)
            # Every new file is safe on disk before the first old one goes.
            for temporary, target in prepared:
                temporary.replace(target)
        except CsvError as error:
            raise LakeError(f"{record.name}: {error}; nothing was written") from error
        finally:
            for temporary, _ in prepared:
                temporary.unlink(missing_ok=True)
        for folder in folders.values():
            _sync_folder(folder)
        return manifests

    def read(self, record: RecordType, days: Sequence[date]) -> pl.DataFrame:
        """The rows of `days` in that order, from Parquet, each file compared with its manifest.

        Raises LakeError if a day is missing or damaged.
        """
        found = {day: self.manifest(record, day) for day in days}
        missing = [day for day, manifest in found.items() if manifest is None]
        if missing:
            raise LakeError(_missing(record, missing, self.root))
        return pl.concat(
            [
                record.schema.create_empty(),
                *(
                    pl.read_parquet(self._checked(record, "parquet", manifest))
                    for manifest in found.values()
                    if manifest is not None
                ),
            ]
        )

    def manifest(self, record: RecordType, day: date) -> Manifest | None:
        """What the day consists of, or None if it is not in the lake."""
        path = self.path(record, "manifest", day)
        try:
            found = Manifest.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return None
        except ValidationError as error:
            raise LakeError(f"{path} is not a manifest: {_again(record, day)}") from error
        if (found.record, found.day) != (record.name, day):
            raise LakeError(
                f"{path} is the manifest of {found.record} {found.day}: {_again(record, day)}"
            )
        return found

    def days(self, record: RecordType) -> list[date]:
        """The days that are present, in order."""
        folder = self._folder(record, "manifest")
        names = sorted(path.stem for path in folder.glob(f"{record.name}-????-??-??.json"))
        return [date.fromisoformat(name.removeprefix(f"{record.name}-")) for name in names]

    def csv(self, record: RecordType, day: date) -> Path:
        """The day's CSV file, compared with its manifest.

        Raises LakeError if the day is missing or damaged.
        """
        found = self.manifest(record, day)
        if found is None:
            raise LakeError(_missing(record, [day], self.root))
        self._checked(record, "csv", found)
        return self.path(record, "csv", day)

    def path(self, record: RecordType, form: Form, day: date) -> Path:
        """Where a day's file lies, whether it exists or not."""
        return self._folder(record, form) / f"{record.name}-{day.isoformat()}.{SUFFIXES[form]}"

    def _folder(self, record: RecordType, form: Form) -> Path:
        root = Path(self.root).resolve()
        folder = (root / "batch" / record.name / form).resolve()
        if folder.parts != (*root.parts, "batch", record.name, form):
            raise LakeError(f"{record.name!r} would lie at {folder}, outside the lake {root}")
        return folder

    def _relative(self, path: Path) -> str:
        return path.relative_to(Path(self.root).resolve()).as_posix()

    def _checked(
        self, record: RecordType, form: Literal["csv", "parquet"], manifest: Manifest
    ) -> bytes:
        path = self.path(record, form, manifest.day)
        again = _again(record, manifest.day)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            raise LakeError(f"{path} is gone, but its manifest is there: {again}") from None
        expected: LakeFile = getattr(manifest, form)
        if hashlib.sha256(content).hexdigest() != expected.sha256:
            raise LakeError(f"{path} is not what its manifest says: {again}")
        return content


def _valid(record: RecordType, frame: pl.DataFrame) -> pl.DataFrame:
    try:
        valid = record.schema.validate(frame)
        check(valid)
    except (dy.exc.SchemaError, dy.exc.ValidationError, CsvError) as error:
        detail = " ".join(str(error).split())
        raise LakeError(f"{record.name}: {detail}; nothing was written") from error
    return valid


def _days(record: RecordType, frame: pl.DataFrame) -> Iterator[tuple[date, pl.DataFrame]]:
    """Each day with its rows; `frame` is sorted by day."""
    offset = 0
    for run in frame.get_column(record.partition_column).rle():
        yield run["value"], frame.slice(offset, run["len"])
        offset += run["len"]


def _parquet_bytes(frame: pl.DataFrame) -> bytes:
    buffer = BytesIO()
    frame.write_parquet(buffer, compression="zstd")
    return buffer.getvalue()


def _temporary(target: Path, content: bytes) -> Path:
    # Hidden and with a suffix of its own, so that no reader's pattern takes it for a record file.
    path = target.with_name(f".{target.name}.{uuid.uuid4().hex}.tmp")
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return path


def _sweep(folder: Path) -> None:
    """Remove what a killed writer left."""
    oldest = time.time() - ABANDONED_AFTER_SECONDS
    for path in folder.glob(".*.tmp"):
        try:
            if path.stat().st_mtime < oldest:
                path.unlink()
        except FileNotFoundError:
            continue


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _again(record: RecordType, day: date) -> str:
    return f"materialize {record.name} for {day} again"


def _missing(record: RecordType, days: Sequence[date], root: str) -> str:
    more = f" and {len(days) - 1} more days" if len(days) > 1 else ""
    return (
        f"{record.name} {days[0]}{more} is not in the lake {root}: "
        f"materialize {record.name} for {days[0]} first"
    )
