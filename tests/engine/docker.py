"""The container engine, called by its client as a person calls it."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.patience import PATIENCE_SECONDS

# An image may have to be built or pulled first.
_SECONDS = 4 * PATIENCE_SECONDS


class DockerError(Exception):
    """A command of the engine failed; the message is what it said."""


def docker(
    *words: str,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    timeout: float = _SECONDS,
) -> str:
    """Return what a command prints; raises DockerError if it fails."""
    done = ended(*words, folder=folder, environment=environment, timeout=timeout)
    if done.returncode:
        raise DockerError(f"docker {' '.join(words[:4])}: {done.stdout}{done.stderr}")
    return done.stdout.strip()


def ended(
    *words: str,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    timeout: float = _SECONDS,
    stderr: int = subprocess.PIPE,
) -> "subprocess.CompletedProcess[str]":
    """Return a command once it has ended, well or not.

    With `stderr=subprocess.STDOUT` both of its streams are in `stdout`, line by line as they came.
    """
    return subprocess.run(
        ["docker", *words],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        timeout=timeout,
        check=False,
    )
