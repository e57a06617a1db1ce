"""The state folder: everything that one checkout keeps on its machine between two starts."""

import json
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from hospital_assets.state.errors import StateError, StateLockedError
from hospital_assets.state.private_files import write_private

LOCALHOST = "127.0.0.1"

# A state folder knows itself by its first file; the second is what older versions wrote.
_MARK_FILE = ".gitignore"
_MARKS = ("# The state of a hospital.\n*\n", "*\n")

# Below the range from which the kernel takes ports for outgoing connections, so that a
# remembered port is not lost to one of them while the service is down.
_PORTS = range(20_000, 30_000)


@dataclass(frozen=True)
class StateFolder:
    """A private folder with the secrets, remembered ports, locks and data of one checkout."""

    path: Path

    def prepare(self) -> None:
        """Create the folder, readable by its owner only, unless it stands.

        Raises StateError if it can't be made, or if something of somebody else's lies there.
        """
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._is_ours():
                return
            # Asked again: another process may have just made it, beginning with the mark.
            if self._has_others() and not self._is_ours():
                raise StateError(
                    f"{self.path} is no state folder and not empty: nothing was changed there;"
                    " correct HOSPITAL_STATE"
                )
            self.path.chmod(0o700)
            write_private(self.path / _MARK_FILE, _MARKS[0].encode())
        except OSError as error:
            raise StateError(
                f"{self.path} can't be the state folder: {error.strerror}; correct HOSPITAL_STATE"
            ) from error

    def _is_ours(self) -> bool:
        try:
            return (self.path / _MARK_FILE).read_text(encoding="utf-8") in _MARKS
        except (FileNotFoundError, UnicodeDecodeError):
            return False

    def _has_others(self) -> bool:
        return any(not file.name.startswith(f".{_MARK_FILE}.") for file in self.path.iterdir())

    @contextmanager
    def lock(self, name: str, timeout: float = 120) -> Iterator[None]:
        """Hold the lock `name` against every other process and thread of this checkout.

        Raises StateLockedError after `timeout` seconds.
        """
        self.prepare()
        file = self.path / f"{name}.lock"
        held = FileLock(file, timeout=timeout, mode=0o600)
        try:
            held.acquire()
        except Timeout as error:
            raise StateLockedError(
                f"another process has held {file} for {timeout:.0f} s: end it, or wait for it"
            ) from error
        try:
            yield
        finally:
            held.release()

    def secret(self, name: str) -> str:
        """Return the secret `name`, generated on first use and kept with mode 0600."""
        with suppress(OSError):
            return self._text(name)
        with self.lock("secrets"):
            if not (self.path / name).exists():
                self.write(name, secrets.token_urlsafe(32))
            return self._text(name)

    def _text(self, name: str) -> str:
        return (self.path / name).read_text(encoding="utf-8").strip()

    def remembered_port(self, name: str) -> int | None:
        """Return the port that the service `name` had last, or None if it never ran."""
        port = self.read_json("ports.json").get(name)
        return port if isinstance(port, int) else None

    def free_port(self, name: str, preferred: int | None = None) -> int:
        """Choose a port that is free now for the service `name` and remember it.

        `preferred` is taken if it is free, else the remembered one, else any.
        """
        with self.lock("ports"):
            ports = self.read_json("ports.json")
            taken = {port for other, port in ports.items() if other != name}
            candidates = [preferred, ports.get(name), *secrets.SystemRandom().sample(_PORTS, 100)]
            for port in candidates:
                if port is not None and port not in taken and is_free(port):
                    self.write_json("ports.json", {**ports, name: port})
                    return int(port)
        raise StateError(f"no port between {_PORTS.start} and {_PORTS.stop} is free for {name}")

    def read_json(self, name: str) -> dict[str, Any]:
        """Return the object that `write_json` stored, or an empty one."""
        try:
            content = json.loads((self.path / name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}

    def write_json(self, name: str, content: dict[str, Any]) -> None:
        """Store an object; a reader sees the old or the new one, never a part."""
        self.write(name, json.dumps(content, indent=2) + "\n")

    def write(self, name: str, text: str) -> None:
        """Store a text with mode 0600; a reader sees the old or the new one, never a part."""
        self.write_bytes(name, text.encode())

    def write_bytes(self, name: str, content: bytes) -> None:
        """Store bytes with mode 0600; a reader sees the old or the new ones, never a part."""
        self.prepare()
        write_private(self.path / name, content)


def is_free(port: int) -> bool:
    """Return whether a server could listen on this port of the loopback address."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOCALHOST, port))
        except OSError:
            return False
    return True
