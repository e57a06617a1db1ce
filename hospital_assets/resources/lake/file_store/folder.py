"""The file store on this machine: a folder."""

import os
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Self

from hospital_assets.errors import one_line
from hospital_assets.resources.lake.file_store.errors import FileStoreError
from hospital_assets.resources.lake.file_store.interface import File, FileStore, leads_astray

ABANDONED_AFTER_SECONDS = 3600
# What has become of the files that are there, by what was to be done.
_SO_FAR = {
    "read": "",
    "write": "; nothing was replaced",
    "replace": "; others may have been replaced, and stay",
}


@dataclass(frozen=True)
class FolderStore(FileStore):
    """Files below the folder `root`, safe on disk when a call returns.

    Each is written under a hidden name first, so that a reader finds the old or the new one.
    """

    root: Path

    @classmethod
    def at(cls, path: str) -> Self:
        """Return the file store at a path; makes no folder."""
        return cls(Path(path).resolve())

    def place(self, name: str) -> str:
        """Return a file's path."""
        return str(self._path(name))

    def read(self, name: str) -> bytes:
        """Return a file's contents."""
        path = self._path(name)
        with _refusals(path, "read"):
            return path.read_bytes()

    def sizes(self, folder: str) -> dict[str, int]:
        """Return the size in bytes of each file directly in a folder."""
        found = {}
        path = self._path(folder)
        try:
            with _refusals(path, "read"), os.scandir(path) as entries:
                for entry in entries:
                    try:
                        found.update({entry.name: entry.stat().st_size} if entry.is_file() else {})
                    except FileNotFoundError:
                        continue  # A writer has given it its name.
        except FileNotFoundError:
            return {}
        return found

    def replace(self, groups: Iterable[Iterable[File]]) -> None:
        """Put files in place of what there is; all are safe on disk before the first old one goes.

        Clears away what a killed writer left in their folders. Raises FileStoreError if a file
        can't be written.
        """
        prepared: list[tuple[Path, Path]] = []
        folders: set[Path] = set()
        try:
            for group in groups:
                for name, content in group:
                    target = self._path(name)
                    if target.parent not in folders:
                        folders.add(target.parent)
                        _make(target.parent)
                        _sweep(target.parent)
                    prepared.append((_temporary(target, content), target))
            for temporary, target in prepared:
                with _refusals(target, "replace"):
                    temporary.replace(target)
        finally:
            for temporary, _ in prepared:
                _clear_away(temporary)
        for folder in folders:
            _settle(folder)

    def create(self, name: str, content: bytes) -> None:
        """Put a new file in place.

        Raises FileNotFoundError if somebody took the hidden one away in between.
        """
        target = self._path(name)
        _make(target.parent)
        temporary = _temporary(target, content)
        try:
            # A link and not a rename: that would replace the file of somebody faster.
            with _refusals(target, "write"):
                os.link(temporary, target)
        finally:
            _clear_away(temporary)
        _settle(target.parent)

    def move(self, name: str, target: str) -> None:
        """Give a file another name."""
        source, goal = self._path(name), self._path(target)
        _make(goal.parent)
        with _refusals(goal, "write"):
            source.replace(goal)
        _settle(goal.parent)
        _settle(source.parent)

    def remove(self, name: str) -> None:
        """Remove a file, and the folders that are empty then."""
        path = self._path(name)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise FileStoreError(f"can't remove {path}: {error.strerror}") from error
        with suppress(OSError):  # The first that is not empty.
            for folder in takewhile(lambda folder: folder != self.root, path.parents):
                folder.rmdir()

    def _path(self, name: str) -> Path:
        path = self.root / name
        with _refusals(path, "read"):
            # A file or a folder on the way may be a link.
            astray = leads_astray(name) or path.is_symlink() or not _is_itself(path.parent)
        if astray:
            raise FileStoreError(
                f"{name} would lie at {path.resolve()}, outside the lake {self.root}"
            )
        return path


@cache
def _is_itself(folder: Path) -> bool:
    """Return whether no part of a path is a link."""
    return folder.resolve() == folder


@contextmanager
def _refusals(path: Path, action: str) -> Iterator[None]:
    """Raise what the system refuses as what a caller expects; what is missing or there stays so."""
    try:
        yield
    except (FileNotFoundError, FileExistsError):
        raise
    except OSError as error:
        raise _refused(path, action, error.strerror or one_line(error)) from error


def _refused(path: Path, action: str, reason: str) -> FileStoreError:
    return FileStoreError(
        f"can't {action} {path}: {reason}{_SO_FAR[action]}: make room, give access, or take away"
        " what is in its place"
    )


def _make(folder: Path) -> None:
    with _refusals(folder, "write"):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except FileExistsError:
            raise _refused(folder, "write", "it is a file") from None


def _temporary(target: Path, content: bytes) -> Path:
    # Hidden and with a suffix of its own, so that no reader's pattern takes it for a record file.
    path = target.with_name(f".{target.name}.{uuid.uuid4().hex}.tmp")
    try:
        with _refusals(target, "write"), path.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        _clear_away(path)
        raise
    return path


def _clear_away(temporary: Path) -> None:
    # What is left is hidden and swept later; what went wrong before is what is to be told.
    with suppress(OSError):
        temporary.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Remove what a killed writer left."""
    oldest = time.time() - ABANDONED_AFTER_SECONDS
    for path in folder.glob(".*.tmp"):
        with suppress(OSError):
            if path.stat().st_mtime < oldest:
                path.unlink()


def _settle(folder: Path) -> None:
    with _refusals(folder, "replace"):
        sync(folder)


def sync(path: Path) -> None:
    """Have a file, or the names in a folder, safe on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
