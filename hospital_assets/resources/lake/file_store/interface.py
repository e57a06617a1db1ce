"""What the lake needs from a storage."""

from abc import ABC, abstractmethod
from collections.abc import Iterable

File = tuple[str, bytes]


class FileStore(ABC):
    """Files below a root, by name with slashes; each is there as a whole or not at all.

    Every call raises FileStoreError if a name leads out of the root, or if the storage refuses, and
    FileStoreAwayError if it doesn't answer.
    """

    @abstractmethod
    def place(self, name: str) -> str:
        """Return where a file lies, as a path or URL, whether it exists or not."""

    @abstractmethod
    def read(self, name: str) -> bytes:
        """Return a file's contents; raises FileNotFoundError if there is none."""

    @abstractmethod
    def sizes(self, folder: str) -> dict[str, int]:
        """Return the size in bytes of each file directly in a folder, by its name in there."""

    @abstractmethod
    def replace(self, groups: Iterable[Iterable[File]]) -> None:
        """Put files in place of what there is, those of each group in their order.

        No file is touched before all contents have been made: if making them raises, nothing has
        changed.
        """

    @abstractmethod
    def create(self, name: str, content: bytes) -> None:
        """Put a new file in place; raises FileExistsError, and changes nothing, if there is one."""

    @abstractmethod
    def move(self, name: str, target: str) -> None:
        """Give a file another name; raises FileNotFoundError if there is none."""

    @abstractmethod
    def remove(self, name: str) -> None:
        """Remove a file, if there is one."""


def leads_astray(name: str) -> bool:
    """Return whether the name of a file would leave the root that it is meant to lie below."""
    return any(part in ("", ".", "..") for part in name.split("/"))
