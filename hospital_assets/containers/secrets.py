"""The secrets of the composed stack: files that their owner alone can read, each made once."""

import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from hospital_assets.errors import HospitalError
from hospital_assets.state.private_files import write_private

PASSWORDS = (
    "postgres_password",
    "owner_password",
    "dagster_password",
    "ingest_password",
    "publish_password",
    "stream_password",
    "viewer_password",
    "pgadmin_password",
    "kafka_producer_password",
    "kafka_stream_processor_password",
)
VIEWER_PGPASS = "viewer_pgpass"

# Whom the containers run as where root calls: root itself is nobody's business in there.
_CONTAINER_ID = 10_001


class SecretError(HospitalError):
    """A secret is missing or unusable; the message names the file and how to get it."""


@dataclass(frozen=True)
class SecretFolder:
    """The folder with the secrets."""

    path: Path

    def make(self) -> Iterator[Path]:
        """Make the secrets that are missing, and give the files that were made.

        Raises SecretError if the folder can't be written.
        """
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.path.chmod(0o700)
            hand_over(self.path)
            for name in PASSWORDS:
                yield from self._make(name, lambda: secrets.token_urlsafe(32))
            if self._differs(VIEWER_PGPASS, self._pgpass()):
                (self.path / VIEWER_PGPASS).unlink(missing_ok=True)
            yield from self._make(VIEWER_PGPASS, self._pgpass)
        except OSError as error:
            raise SecretError(f"{self.path}: {error.strerror}; make it writable") from error

    def read(self, name: str) -> str:
        """Return a secret; raises SecretError if it isn't there."""
        file = self.path / name
        try:
            text = file.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SecretError(f"{file}: {error.strerror}; run `hospital init`") from error
        if not text:
            raise SecretError(f"{file} is empty; remove it and run `hospital init`")
        return text

    def _make(self, name: str, value: Callable[[], str]) -> Iterator[Path]:
        file = self.path / name
        if file.exists():
            # As strict as a new one, also after a copy from elsewhere.
            file.chmod(0o600)
            return
        write_private(file, f"{value()}\n".encode(), hand_over)
        yield file

    def _differs(self, name: str, value: str) -> bool:
        file = self.path / name
        return file.exists() and file.read_text(encoding="utf-8").strip() != value

    def _pgpass(self) -> str:
        return f"postgres:5432:hospital:viewer_ro:{self.read('viewer_password')}"


def container_user() -> tuple[int, int]:
    """Return the user and group of the containers: who calls, or another one than root."""
    if os.geteuid() == 0:
        return _CONTAINER_ID, _CONTAINER_ID
    return os.geteuid(), os.getegid()


def hand_over(path: Path) -> None:
    """Give a file or folder to the user of the containers, where root makes it."""
    if os.geteuid() == 0:
        os.chown(path, *container_user())
