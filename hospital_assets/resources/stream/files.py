"""The files of a stream in the lake: the new events of a range of offsets, one a line."""

import hashlib
import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hospital_assets.resources.lake.file_store import FileStore
from hospital_assets.resources.stream.errors import UnavailableError

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
    """The files of a stream, of every topic and partition, in the lake's file store."""

    store: FileStore
    stream: str

    @property
    def path(self) -> str:
        """Where they lie below the lake."""
        return f"stream/{self.stream}"

    def write(self, name: str, lines: Sequence[bytes]) -> StreamFile:
        """Put a new file in place, as a whole and safe.

        Raises UnavailableError if there is one of that name: it belongs to a faster consumer, or
        is the remains of one, which the next attempt puts aside.
        """
        content = joined(lines)
        try:
            # A consumer that lost its lock must not replace the file of the one that has it.
            self.store.create(self.relative(name), content)
        except (FileExistsError, FileNotFoundError) as error:
            raise UnavailableError(f"{name}: another consumer is at work") from error
        return StreamFile(name, len(lines), len(content), digest(content))

    def replace(self, name: str, content: bytes) -> None:
        """Put other contents in place of a file's, as a whole."""
        self.store.replace([[(self.relative(name), content)]])

    def found(self, topic: str, partition: int) -> dict[str, int]:
        """Return the size in bytes of each file of a partition, by name, temporary ones too."""
        sizes = {}
        for name, size in self.store.sizes(self.path).items():
            match = _NAME.match(name)
            if match and (match["topic"], int(match["partition"])) == (topic, partition):
                sizes[name] = size
        return sizes

    def complete(self) -> list[str]:
        """Return the names of the files of every topic."""
        return sorted(name for name in self.store.sizes(self.path) if name.endswith(".jsonl"))

    def read(self, name: str) -> bytes:
        """Return the bytes of a file."""
        return self.store.read(self.relative(name))

    def put_aside(self, names: Iterable[str]) -> None:
        """Move files into a hidden folder, where no reader of the table looks."""
        for name in names:
            aside = f"{ASIDE}/{name.lstrip('.')}.{uuid.uuid4().hex}"
            self.store.move(self.relative(name), self.relative(aside))

    def relative(self, name: str) -> str:
        """Return a file's path below the lake."""
        return f"{self.path}/{name}"


def file_name(topic: str, partition: int, first: int, end: int) -> str:
    """Return the name of the file of the offsets first to end - 1."""
    return f"{topic}-{partition:04}-{first:020}-{end:020}.jsonl"


def joined(lines: Iterable[bytes]) -> bytes:
    """Return the bytes of a file with these lines."""
    return b"".join(b"%b\n" % line for line in lines)


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file's bytes."""
    return hashlib.sha256(content).hexdigest()
