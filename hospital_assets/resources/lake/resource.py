"""The lake: one CSV, one Parquet and one manifest file a record type and day."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from io import BytesIO
from typing import IO, Literal

import dataframely as dy
import polars as pl
from pydantic import BaseModel, ConfigDict, ValidationError

from hospital_assets.contracts.record_type import RecordType
from hospital_assets.errors import HospitalError, one_line
from hospital_assets.resources.lake import file_store
from hospital_assets.resources.lake.csv_form import CsvError, csv_bytes, cut
from hospital_assets.resources.lake.datapackage import datapackage
from hospital_assets.resources.lake.day_forms import by_day, parquet_bytes, validated
from hospital_assets.resources.lake.file_store import (
    FileStore,
    FileStoreAwayError,
    FileStoreError,
)
from hospital_assets.resources.lake.file_store.interface import File, leads_astray

Form = Literal["csv", "parquet", "manifest"]
_DATAPACKAGE = "batch/datapackage.json"
SUFFIXES: dict[Form, str] = {"csv": "csv", "parquet": "parquet", "manifest": "json"}


class LakeError(HospitalError):
    """The lake can't give or take a day; the message names it and says what to do."""


class LakeFile(BaseModel):
    """One file of a day: where it lies below the root, and what identifies its contents."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    bytes: int
    rows: int
    sha256: str


class DayManifest(BaseModel):
    """What a whole day of one record type consists of; `fingerprint` names the simulation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    record: str
    day: date
    fingerprint: str
    csv: LakeFile
    parquet: LakeFile


@dataclass(frozen=True)
class Lake:
    """The place `root`, with `batch/<record>/{csv,parquet,manifest}/<record>-YYYY-MM-DD.*`.

    It is a path or the URL of an object store, the same bytes in either. A day counts as present
    once its manifest does, and the manifest is written last. Each file is replaced as a whole, so
    a reader finds the old or the new one, never a part. Every call raises FileStoreError if the
    place can't be used.
    """

    root: str

    def write(self, record: RecordType, frame: pl.DataFrame, fingerprint: str) -> list[DayManifest]:
        """Write the whole days that `frame` holds, in any row order, and return their manifests.

        The bytes of a day depend on its rows alone: not on the order, nor on the days beside it.
        Raises LakeError, and writes nothing, if a row breaks the contract.
        """
        manifests: list[DayManifest] = []

        def files() -> Iterator[list[File]]:
            for manifest, group in _made(record, frame, fingerprint):
                manifests.append(manifest)
                yield group

        self._store.replace(files())
        return manifests

    def describe(
        self, record: RecordType, frame: pl.DataFrame, fingerprint: str
    ) -> list[DayManifest]:
        """Return the manifests that `write` would return; writes nothing."""
        return [manifest for manifest, _ in _made(record, frame, fingerprint)]

    def read(self, record: RecordType, days: Sequence[date]) -> pl.DataFrame:
        """The rows of `days` in that order, from Parquet, each file compared with its manifest.

        Raises LakeError if a day is missing or damaged.
        """
        found = {day: self.manifest(record, day) for day in days}
        missing = [day for day, manifest in found.items() if manifest is None]
        if missing:
            raise LakeError(_missing(record, missing, self.root))
        files: list[IO[bytes]] = [
            BytesIO(self._checked(record, "parquet", manifest))
            for manifest in found.values()
            if manifest is not None
        ]
        return pl.read_parquet(files) if files else record.schema.create_empty()

    def manifest(self, record: RecordType, day: date) -> DayManifest | None:
        """What the day consists of, or None if it is not in the lake."""
        name = _name(record, "manifest", day)
        place, again = self._store.place(name), _again(record, day)
        try:
            found = DayManifest.model_validate_json(self._read(name, again))
        except FileNotFoundError:
            return None
        except ValidationError as error:
            raise LakeError(f"{place} is not a manifest: {again}") from error
        if (found.record, found.day) != (record.name, day):
            raise LakeError(f"{place} is the manifest of {found.record} {found.day}: {again}")
        return found

    def days(self, record: RecordType) -> list[date]:
        """The days that are present, in order."""
        return sorted(self._days_with(record, "manifest"))

    def complete_days(self, record: RecordType) -> set[date]:
        """The days of which every file lies here, by their names."""
        return set.intersection(*(self._days_with(record, form) for form in SUFFIXES))

    def latest(self, record: RecordType) -> DayManifest | None:
        """What the latest day consists of, or None if there is no day."""
        present = self.days(record)
        return self.manifest(record, present[-1]) if present else None

    def is_made_by(self, record: RecordType, day: date, fingerprint: str) -> bool:
        """Return whether a day is of this simulation, and has the columns of this contract."""
        manifest = self.manifest(record, day)
        if manifest is None or manifest.fingerprint != fingerprint:
            return False
        return _has_columns_of(record, self._checked(record, "parquet", manifest))

    def forget_others(self, record: RecordType, fingerprint: str) -> None:
        """Have the days count as missing that an earlier version made; their files stay.

        The latest goes last: it is what tells that there are some, should this be cut short.
        """
        for day in self.days(record):
            with suppress(LakeError):  # What is damaged is no other's.
                if not self.is_made_by(record, day, fingerprint):
                    self._store.remove(_name(record, "manifest", day))

    def remove(self, record: RecordType) -> None:
        """Remove the record's files of every day, and nothing else that lies beside them."""
        ours = re.compile(rf"\.?{re.escape(record.name)}-\d{{4}}-\d{{2}}-\d{{2}}\..+")
        for form in reversed(SUFFIXES):
            folder = _folder(record, form)
            for name in filter(ours.fullmatch, self._store.sizes(folder)):
                self._store.remove(f"{folder}/{name}")

    def write_datapackage(self, records: Sequence[RecordType]) -> None:
        """Write what tells other readers the types of the CSV files, unless it is there already."""
        content = datapackage(records)
        with suppress(FileNotFoundError):
            if self._store.read(_DATAPACKAGE) == content:
                return
        self._store.replace([[(_DATAPACKAGE, content)]])

    def remove_datapackage(self) -> None:
        """Remove what `write_datapackage` writes, if it is there."""
        self._store.remove(_DATAPACKAGE)

    def is_empty(self, record: RecordType) -> bool:
        """Return whether nothing lies where the record's files would."""
        return not any(self._store.sizes(_folder(record, form)) for form in SUFFIXES)

    def csv(self, record: RecordType, day: date) -> bytes:
        """The day's CSV file, compared with its manifest.

        Raises LakeError if the day is missing or damaged.
        """
        found = self.manifest(record, day)
        if found is None:
            raise LakeError(_missing(record, [day], self.root))
        return self._checked(record, "csv", found)

    def path(self, record: RecordType, form: Form, day: date) -> str:
        """Where a day's file lies, as a path or URL, whether it exists or not."""
        return self._store.place(_name(record, form, day))

    def folder(self, record: RecordType, form: Form) -> str:
        """Where a record's files of a form lie, as a path or URL, whether there are any or not."""
        return self._store.place(_folder(record, form))

    def _days_with(self, record: RecordType, form: Form) -> set[date]:
        day = r"(\d{4}-\d{2}-\d{2})"
        pattern = re.compile(rf"{re.escape(record.name)}-{day}\.{SUFFIXES[form]}")
        names = self._store.sizes(_folder(record, form))
        return {date.fromisoformat(match[1]) for match in map(pattern.fullmatch, names) if match}

    @cached_property
    def _store(self) -> FileStore:
        return file_store.at(self.root)

    def _read(self, name: str, again: str) -> bytes:
        try:
            return self._store.read(name)
        except FileStoreAwayError:
            raise
        except FileStoreError as error:
            # Of this one file: others may be as they should.
            raise LakeError(f"{error}; then {again}") from error

    def _checked(
        self, record: RecordType, form: Literal["csv", "parquet"], manifest: DayManifest
    ) -> bytes:
        name = _name(record, form, manifest.day)
        place, again = self._store.place(name), _again(record, manifest.day)
        try:
            content = self._read(name, again)
        except FileNotFoundError:
            raise LakeError(f"{place} is gone, but its manifest is there: {again}") from None
        expected: LakeFile = getattr(manifest, form)
        if hashlib.sha256(content).hexdigest() != expected.sha256:
            raise LakeError(f"{place} is not what its manifest says: {again}")
        return content


def _made(
    record: RecordType, frame: pl.DataFrame, fingerprint: str
) -> Iterator[tuple[DayManifest, list[File]]]:
    """Give the manifest and the files of each day that the frame holds."""
    frame = _valid(record, frame)
    days = list(by_day(record, frame))
    try:
        texts = cut(csv_bytes(frame), [rows.height for _, rows in days])
    except CsvError as error:
        raise LakeError(f"{record.name}: {error}; nothing was written") from error
    for (day, rows), text in zip(days, texts, strict=True):
        data = {
            _name(record, "csv", day): text,
            _name(record, "parquet", day): parquet_bytes(rows),
        }
        csv, parquet = (
            LakeFile(
                path=name,
                bytes=len(content),
                rows=rows.height,
                sha256=hashlib.sha256(content).hexdigest(),
            )
            for name, content in data.items()
        )
        manifest = DayManifest(
            record=record.name, day=day, fingerprint=fingerprint, csv=csv, parquet=parquet
        )
        content = manifest.model_dump_json(indent=2).encode() + b"\n"
        yield manifest, [*data.items(), (_name(record, "manifest", day), content)]


def _has_columns_of(record: RecordType, parquet: bytes) -> bool:
    """Return whether a file has the names and types of a contract's columns."""
    return pl.read_parquet_schema(BytesIO(parquet)) == record.schema.create_empty().schema


def _folder(record: RecordType, form: Form) -> str:
    if "/" in record.name or leads_astray(record.name):
        raise LakeError(f"{record.name!r} would lie outside the lake's folder of records")
    return f"batch/{record.name}/{form}"


def _name(record: RecordType, form: Form, day: date) -> str:
    return f"{_folder(record, form)}/{record.name}-{day.isoformat()}.{SUFFIXES[form]}"


def _valid(record: RecordType, frame: pl.DataFrame) -> pl.DataFrame:
    try:
        return validated(record, frame)
    except (dy.exc.SchemaError, dy.exc.ValidationError, CsvError) as error:
        raise LakeError(f"{record.name}: {one_line(error)}; nothing was written") from error


def _again(record: RecordType, day: date) -> str:
    return f"materialize {record.name} for {day} again"


def _missing(record: RecordType, days: Sequence[date], root: str) -> str:
    more = f" and {len(days) - 1} more days" if len(days) > 1 else ""
    return (
        f"{record.name} {days[0]}{more} is not in the lake {root}: "
        f"materialize {record.name} for {days[0]} first"
    )
