"""The composed hospital in real containers, as its users see it: commands, SQL and its pages."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.checkout import COMPOSE, OVERRIDE
from tests.engine.checkout import IMAGE, write_difference
from tests.engine.docker import docker, ended
from tests.patience import PATIENCE_SECONDS

SLOTS_PER_DAY, TRANSFERS_PER_SLOT = 5, 3
TRANSFERS_PER_DAY = SLOTS_PER_DAY * TRANSFERS_PER_SLOT

_POLL_SECONDS = 2.0
_PSQL = (
    "PGPASSWORD=$(cat /run/secrets/postgres_password) exec psql -h 127.0.0.1 -U postgres"
    ' -d hospital -v ON_ERROR_STOP=1 -At -F , -c "$1"'
)


@dataclass(frozen=True)
class Stack:
    """A project of the engine, its checkout, and the compose files above docker-compose.yml."""

    checkout: Path
    project: str
    files: Sequence[str]
    variables: dict[str, str] = field(default_factory=dict)

    def compose(self, *words: str, timeout: float = 4 * PATIENCE_SECONDS) -> str:
        """Return what a command of `docker compose` prints; raises DockerError if it fails."""
        return docker("compose", *words, timeout=timeout, **self._place())

    def execute(self, service: str, *command: str) -> Any:
        """Run a command in a container to its end, well or not."""
        return ended("compose", "exec", "-T", service, *command, **self._place())

    def ask(self, query: str) -> list[list[str]]:
        """Return the rows of the hospital's database that a query gives, as texts."""
        done = self.execute("postgres", "sh", "-c", _PSQL, "psql", query)
        assert done.returncode == 0, done.stderr
        return [line.split(",") for line in done.stdout.splitlines()]

    def number(self, query: str) -> int:
        """Return the one number that a query gives, 0 for none."""
        ((value,),) = self.ask(query)
        return int(value or 0)

    def days(self) -> int:
        """Return how many days the mart has."""
        return self.number("SELECT count(DISTINCT flow_date) FROM hospital.patient_flow")

    def slots(self) -> int:
        """Return how many slots of transfers have landed."""
        return self.number("SELECT count(DISTINCT (transfer_date, slot)) FROM hospital.transfers")

    def inspect(self, service: str) -> dict[str, Any]:
        """Return what the engine knows of a container."""
        number = self.compose("ps", "--all", "--quiet", service)
        (found,) = json.loads(docker("inspect", number))
        return dict(found)

    def containers(self) -> dict[str, dict[str, Any]]:
        """Return what the engine knows of each container, by the name of its service."""
        numbers = self.compose("ps", "--all", "--quiet").split()
        return {
            each["Config"]["Labels"]["com.docker.compose.service"]: each
            for each in json.loads(docker("inspect", *numbers))
        }

    def is_healthy(self) -> bool:
        """Return whether what runs once has ended well, and all else is healthy."""
        return all(
            each["State"]["ExitCode"] == 0 and each["State"]["Status"] == "exited"
            if each["HostConfig"]["RestartPolicy"]["Name"] == "no"
            else each["State"].get("Health", {}).get("Status") == "healthy"
            for each in self.containers().values()
        )

    def kill(self, service: str) -> None:
        """Kill the first process of a container, as the kernel does: the engine has no part in it.

        A helper among all processes of the machine does it: from within a container its first
        process can't be killed, and what the engine kills stays away.
        """
        pid = self.inspect(service)["State"]["Pid"]
        kill = f"import os; os.kill({pid}, 9)"
        words = ("--rm", "--user", "0", "--pid", "host", "--network", "none")
        docker("run", *words, IMAGE, "python", "-c", kill)

    def place(self, service: str, port: int) -> tuple[str, int]:
        """Return where a published port is."""
        host, _, published = self.compose("port", service, str(port)).rpartition(":")
        return ("127.0.0.1" if host == "0.0.0.0" else host), int(published)  # noqa: S104

    def secret(self, name: str) -> str:
        """Return one of the passwords that `hospital init` has made."""
        return (self.checkout / "deploy" / "secrets" / name).read_text(encoding="utf-8").strip()

    def logs(self, service: str) -> list[str]:
        """Return the lines that a container has written so far."""
        number = self.compose("ps", "--all", "--quiet", service)
        # The `logs` of compose puts a code for terminals before each line.
        return list(ended("logs", number, stderr=subprocess.STDOUT).stdout.splitlines())

    def wait_until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait for a condition; raises TimeoutError with all states if it takes too long."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{what}; {self.compose('ps', '--all')}")
            time.sleep(_POLL_SECONDS)

    def _place(self) -> dict[str, Any]:
        files = [COMPOSE, OVERRIDE, *self.files]
        return {
            "folder": self.checkout,
            "environment": {
                **{key: text for key, text in os.environ.items() if not key.startswith("HOSPITAL")},
                **self.variables,
                "COMPOSE_FILE": os.pathsep.join(files),
                "COMPOSE_PROJECT_NAME": self.project,
            },
        }


def stack_of(checkout: Path, project: str, *overrides: str, **variables: str) -> Stack:
    """Return the stack of a checkout, with further compose files above the two."""
    differences = [write_difference(checkout, name).name for name in (COMPOSE, *overrides)]
    return Stack(checkout, project, [differences[0], *overrides, *differences[1:]], variables)
