"""The state folder: everything that one checkout keeps on its machine between two starts."""

import json
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from hospital_assets.state.private_files import write_private

LOCALHOST = "127.0.0.1"

# Below the range from which the kernel takes ports for outgoing connections, so that a
# remembered port is not lost to one of them while the service is down.
_PORTS = range(20_000, 30_000)


@dataclass(frozen=True)
class StateFolder:
    """A private folder with the secrets, remembered ports, locks and data of one checkout."""

    path: Path

    def prepare(self) -> None:
        """Create the folder, readable by its owner only, unless it stands."""
        if not self.path.is_dir():
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.write(".gitignore", "*\n")

    @contextmanager
    def lock(self, name: str, timeout: float = 120) -> Iterator[None]:
        """Hold the lock `name` against every other process and thread of this checkout.

        Raises `filelock.Timeout` after `timeout` seconds.
        """
        self.prepare()
        with FileLock(self.path / f"{name}.lock", timeout=timeout, mode=0o600):
            yield

    def secret(self, name: str) -> str:
        """Return the secret `name`, generated on first use and kept with mode 0600."""
        file = self.path / name
        if not file.exists():
            with self.lock("secrets"):
                if not file.exists():
                    self.write(name, secrets.token_urlsafe(32))
        return file.read_text(encoding="utf-8").strip()

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
        raise RuntimeError(f"no free port for {name} on {LOCALHOST}")

    def read_json(self, name: str) -> dict[str, Any]:
        """Return the object that `write_json` stored, or an empty one."""
        try:
            content = json.loads((self.path / name).read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
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
