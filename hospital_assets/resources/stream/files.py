"""The files in `lake/stream/transfers`: the new events of a range of offsets, one a line."""

import hashlib
import os
import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hospital_assets.resources.stream.errors import UnavailableError
from hospital_assets.resources.stream.failpoints import reach

FOLDER = Path("stream", "transfers")
ASIDE = ".orphans"
_NAME = re.compile(r"^\.?(?P<topic>.+)-(?P<partition>\d{4,})-\d{20}-\d{20}\.jsonl")


@dataclass(frozen=True)
class StreamFile:
    """What identifies a file: its name and its contents."""

    name: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class StreamFolder:
    """The files of every topic and partition, below the lake `root`."""

    root: Path

    @property
    def path(self) -> Path:
        """Where the files lie."""
        return self.root / FOLDER

    def write(self, name: str, lines: Sequence[bytes]) -> StreamFile:
        """Put a new file in place, as a whole and safe on disk.

        Raises UnavailableError if there is one of that name: it belongs to a faster consumer, or
        is the remains of one, which the next attempt puts aside.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        content = joined(lines)
        temporary = self.path / f".{name}.{uuid.uuid4().hex}.tmp"
        try:
            with temporary.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            reach("after_file_tmp")
            # A link and not a rename: a consumer that lost its lock must not replace the file
            # of the one that has it.
            os.link(temporary, self.path / name)
        except (FileExistsError, FileNotFoundError) as error:
            raise UnavailableError(f"{name}: another consumer is at work") from error
        finally:
            temporary.unlink(missing_ok=True)
        _sync(self.path)
        return StreamFile(name, len(lines), len(content), digest(content))

    def found(self, topic: str, partition: int) -> dict[str, int]:
        """Return the size in bytes of each file of a partition, by name, temporary ones too."""
        sizes = {}
        if self.path.exists():
            with os.scandir(self.path) as entries:
                for entry in entries:
                    match = _NAME.match(entry.name)
                    if match and (match["topic"], int(match["partition"])) == (topic, partition):
                        sizes[entry.name] = entry.stat().st_size
        return sizes

    def read(self, name: str) -> bytes:
        """Return the bytes of a file."""
        return (self.path / name).read_bytes()

    def put_aside(self, names: Iterable[str]) -> None:
        """Move files into a hidden folder, where no reader of the table looks."""
        aside = self.path / ASIDE
        for name in names:
            aside.mkdir(exist_ok=True)
            (self.path / name).replace(aside / f"{name.lstrip('.')}.{uuid.uuid4().hex}")
            _sync(aside)
        _sync(self.path)

    def relative(self, name: str) -> str:
        """Return a file's path below the lake."""
        return (FOLDER / name).as_posix()


def file_name(topic: str, partition: int, first: int, end: int) -> str:
    """Return the name of the file of the offsets first to end - 1."""
    return f"{topic}-{partition:04}-{first:020}-{end:020}.jsonl"


def joined(lines: Iterable[bytes]) -> bytes:
    """Return the bytes of a file with these lines."""
    return b"".join(b"%b\n" % line for line in lines)


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file's bytes."""
    return hashlib.sha256(content).hexdigest()


def _sync(folder: Path) -> None:
    if not folder.exists():
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
