"""The folder of a backup: its parts, and `backup.json`, which vouches for each of them."""

import hashlib
import json
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from hospital_assets.backup.errors import BackupError
from hospital_assets.resources.lake.file_store.folder import sync
from hospital_assets.state.private_files import write_private

CONTENTS = "backup.json"
HOSPITAL, DAGSTER = "hospital.dump", "dagster.dump"
MANIFESTS, STREAM = "manifests.jsonl", "stream.tar.gz"
PARTS = (HOSPITAL, DAGSTER, MANIFESTS, STREAM)


class BackupOrigin(BaseModel):
    """What a backup is of: the simulation and the versions of both schemas."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hospital: str
    tables: str
    dagster: str


class Part(BaseModel):
    """A file of the backup and what identifies it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bytes: int
    sha256: str


class Contents(BaseModel):
    """What `backup.json` says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    form: Literal[1] = 1
    made_at: datetime
    origin: BackupOrigin
    parts: dict[str, Part]

    @property
    def bytes(self) -> int:
        """The size of all parts."""
        return sum(part.bytes for part in self.parts.values())


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Give a hidden folder that gets the name `target` at the end; an error removes it.

    Raises BackupError if there is something of that name, or if it can't be made.
    """
    refuse_existing(target)
    temporary = target.with_name(f".{target.name}.{uuid.uuid4().hex}.tmp")
    try:
        temporary.mkdir(mode=0o700, parents=True)
        try:
            yield temporary
            refuse_existing(target)
            temporary.rename(target)
            sync(target.parent)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    except OSError as error:
        raise BackupError(f"{target}: {error.strerror}: nothing was kept") from error


def refuse_existing(target: Path) -> None:
    """Raise BackupError if there is something of that name already."""
    if target.exists():
        raise BackupError(f"{target} is there already: name a folder that isn't")


def seal(folder: Path, origin: BackupOrigin, made_at: datetime) -> Contents:
    """Write `backup.json` for the parts that lie in the folder, all of them safe on disk."""
    parts = {}
    for name in PARTS:
        path = folder / name
        path.chmod(0o600)
        sync(path)
        parts[name] = Part(bytes=path.stat().st_size, sha256=_digest(path))
    contents = Contents(made_at=made_at, origin=origin, parts=parts)
    file = folder / CONTENTS
    write_private(file, contents.model_dump_json(indent=2).encode() + b"\n")
    sync(file)
    sync(folder)
    return contents


def read_contents(folder: Path) -> Contents:
    """Return what a backup says of itself; raises BackupError if the folder is none."""
    file = folder / CONTENTS
    try:
        return Contents.model_validate(json.loads(file.read_text(encoding="utf-8")), strict=False)
    except FileNotFoundError:
        raise BackupError(f"{folder} is no backup: it has no {CONTENTS}") from None
    except (OSError, ValidationError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise BackupError(f"{file} is not readable as that of a backup: {reason}") from None


def check_parts(folder: Path, contents: Contents, progress: Callable[[int, int], None]) -> None:
    """Raise BackupError unless every part is there and is what `backup.json` says."""
    missing = set(PARTS) - contents.parts.keys()
    if missing:
        raise BackupError(f"{folder / CONTENTS} names no {sorted(missing)[0]}: {_ANOTHER}")
    for number, name in enumerate(PARTS):
        progress(number, len(PARTS))
        path = folder / name
        try:
            found = _digest(path)
        except OSError as error:
            raise BackupError(f"{path}: {error.strerror}: {_ANOTHER}") from error
        if found != contents.parts[name].sha256:
            raise BackupError(f"{path} is damaged, its SHA-256 is another one: {_ANOTHER}")
    progress(len(PARTS), len(PARTS))


_ANOTHER = "take another copy of the backup; nothing was restored"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
