"""One container as a process: started, checked, and started again as Docker would."""

import re
import signal
import socket
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from hospital_assets.configuration.settings import STACK_VARIABLE
from hospital_assets.processes.members import members
from tests.patience import PATIENCE_SECONDS
from tests.stack.composefile import Healthcheck, Service
from tests.stack.files import Files, search_path
from tests.stack.images.image import ADDRESS_VARIABLE, ROOT_VARIABLE, Image
from tests.stack.network import Network

# Docker's own.
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS, _STABLE_SECONDS = 0.1, 60.0, 10.0

_STOP_POLL_SECONDS = 2.0
_LOCALHOST = re.compile(r"\b(?:127\.0\.0\.1|localhost)\b")
_PORT = re.compile(r"\b\d{4,5}\b")


@dataclass
class Container:
    """A service that runs as a process of this machine, watched by a thread of its own."""

    service: Service
    image: Image
    files: Files
    network: Network
    log: Path
    mark: str
    state: str = "created"
    health: str = "none"
    exit_code: int | None = None
    starts: int = 0
    last_check: str = ""
    _process: subprocess.Popen[bytes] | None = None
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    @property
    def name(self) -> str:
        """The name of the service."""
        return self.service.name

    def start(self) -> None:
        """Start it and watch it; returns at once."""
        self.files.prepare()
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
        self.state, self.health, self.exit_code = "running", self._first_health(), None
        self._thread.start()

    def crash(self) -> None:
        """Kill every process of it, as the kernel does with a container whose first one died."""
        for process in members(self.mark):
            process.kill()

    def stop(self) -> None:
        """End it politely, and for good."""
        self._stopping.set()
        name = signal.Signals[self.service.stop_signal or self.image.stop_signal]
        deadline = time.monotonic() + self.service.stop_seconds
        # It may be on its way up at this moment.
        while self._thread is not None and self._thread.is_alive():
            if self._process is not None and self._process.poll() is None:
                self._process.send_signal(name)
            self._thread.join(_STOP_POLL_SECONDS)
            if time.monotonic() > deadline:
                self.crash()

    def execute(
        self, *command: str, timeout: float = PATIENCE_SECONDS
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in it to its end, as `docker compose exec` does."""
        return subprocess.run(
            self.files.rewrite_words(list(command)),
            env=self._environment(),
            cwd=self._folder(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def output(self) -> str:
        """Return what it has written so far."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def _run(self) -> None:
        pause = _FIRST_PAUSE_SECONDS
        while True:
            started = time.monotonic()
            self._launch()
            self.exit_code = self._watch()
            # Nothing outlives a container's first process.
            self.crash()
            if self._stopping.is_set() or not self._starts_again():
                break
            if time.monotonic() - started > _STABLE_SECONDS:
                pause = _FIRST_PAUSE_SECONDS
            self.state, self.health = "restarting", self._first_health()
            if self._stopping.wait(pause):
                break
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
        self.state, self.health = "exited", "none"

    def _launch(self) -> None:
        service, image = self.service, self.image
        entrypoint = list(image.entrypoint) if service.entrypoint is None else service.entrypoint
        command = service.command
        if command is None:
            # An entry point in the compose file takes away the command of the image.
            command = list(image.command) if service.entrypoint is None else []
        self.starts += 1
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self.files.rewrite_words([*entrypoint, *command]),
                env=self._environment(),
                cwd=self._folder(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.state = "running"

    def _watch(self) -> int:
        """Check the health until the process ends, and return its exit code."""
        process, check = self._process, self.service.healthcheck
        assert process is not None
        if check is None or check.test[:1] == ["NONE"]:
            return process.wait()
        started, failures = time.monotonic(), 0
        while True:
            is_new = self.health == "starting" and _is_new(started, check)
            try:
                return process.wait(check.start_interval if is_new else check.interval)
            except subprocess.TimeoutExpired:
                pass
            is_new = self.health == "starting" and _is_new(started, check)
            if self._is_well(check):
                self.health, failures = "healthy", 0
            elif not is_new:
                failures += 1
                if failures >= check.retries:
                    self.health = "unhealthy"

    def _is_well(self, check: Healthcheck) -> bool:
        kind, *words = check.test
        words = [_LOCALHOST.sub(self._localhost(" ".join(words)), word) for word in words]
        command = ["/bin/sh", "-c", words[0]] if kind == "CMD-SHELL" else words
        try:
            result = self.execute(*command, timeout=check.timeout)
        except (subprocess.TimeoutExpired, OSError) as error:
            self.last_check = str(error)
            return False
        self.last_check = (result.stdout + result.stderr).strip()
        return result.returncode == 0

    def _localhost(self, check: str) -> str:
        """Return where a check finds its own server: on all addresses means one of the two."""
        localhost = self.network.localhost(self.name)
        for port in _PORT.findall(check):
            with socket.socket() as probe:
                if probe.connect_ex((localhost, int(port))) == 0:
                    return localhost
        return self._address

    @property
    def _address(self) -> str:
        return self.network.address(self.name)

    def _first_health(self) -> str:
        return "none" if self.service.healthcheck is None else "starting"

    def _starts_again(self) -> bool:
        policy, _, limit = self.service.restart.partition(":")
        if policy == "on-failure":
            return self.exit_code != 0 and (not limit or self.starts <= int(limit))
        return policy in ("always", "unless-stopped")

    def _environment(self) -> dict[str, str]:
        home = self.files.path("/home")
        home.mkdir(parents=True, exist_ok=True)
        return {
            "PATH": search_path(self.files.root),
            "HOME": str(home),
            "TMPDIR": str(self.files.path("/tmp")),  # noqa: S108  (the container's)
            "LANG": "C.UTF-8",
            "HOSTNAME": self.name,
            **self.files.rewrite_variables({**self.image.environment, **self.service.environment}),
            ROOT_VARIABLE: str(self.files.root),
            ADDRESS_VARIABLE: self._address,
            STACK_VARIABLE: self.mark,
        }

    def _folder(self) -> Path:
        return self.files.path(self.image.working_folder)


def _is_new(started: float, check: Healthcheck) -> bool:
    return time.monotonic() - started < check.start_period
