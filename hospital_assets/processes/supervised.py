"""One supervised process: started with a log of its own, and again when it ends unasked."""

import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from hospital_assets.configuration.settings import ROOT, STACK_VARIABLE

_FIRST_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 60.0
_STABLE_SECONDS = 60.0
_LOG_BYTES = 10_000_000


@dataclass
class SupervisedProcess:
    """A program that should run for as long as the stack does."""

    name: str
    command: list[str]
    log: Path
    mark: str
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _started: float = field(default=0.0, init=False)
    _pause: float = field(default=_FIRST_PAUSE_SECONDS, init=False)
    _retry_at: float | None = field(default=None, init=False)

    def start(self, environment: dict[str, str]) -> None:
        """Start the program in a session of its own, so that Ctrl-C reaches the supervisor only."""
        self._keep_log_small()
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
                env={**environment, STACK_VARIABLE: self.mark},
                start_new_session=True,
            )
        self._started = time.monotonic()
        self._retry_at = None

    def died(self) -> float | None:
        """Return the pause in seconds before the next start if the program has just ended."""
        if self._process is None or self._process.poll() is None or self._retry_at is not None:
            return None
        if time.monotonic() - self._started > _STABLE_SECONDS:
            self._pause = _FIRST_PAUSE_SECONDS
        pause = self._pause
        self._pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
        self._retry_at = time.monotonic() + pause
        return pause

    def is_due(self) -> bool:
        """Return whether the pause after an end is over."""
        return self._retry_at is not None and time.monotonic() >= self._retry_at

    @property
    def exit_code(self) -> int | None:
        """How the program ended; negative for a signal, None while it runs."""
        return None if self._process is None else self._process.poll()

    def reap(self) -> None:
        """Collect the exit code of an ended program, so that no zombie remains."""
        if self._process is not None:
            self._process.wait()

    def _keep_log_small(self) -> None:
        self.log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > _LOG_BYTES:
            self.log.replace(self.log.with_suffix(".old.log"))
        self.log.touch(mode=0o600)
