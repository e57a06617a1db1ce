"""A whole project as `docker compose up` runs it, with processes in place of containers."""

import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from hospital_assets.processes.members import end_members
from tests.stack.composefile import Compose, ComposeError
from tests.stack.container import Container
from tests.stack.files import Files
from tests.stack.network import Network
from tests.stack.stand_ins import stand_in

_POLL_SECONDS = 0.1


class Project:
    """The containers of a compose file, in a folder that holds all that they write."""

    def __init__(self, compose: Compose, folder: Path) -> None:
        self.compose = compose
        self.folder = folder
        folder.mkdir(mode=0o711)
        self.network = Network(compose)
        self.mark = secrets.token_hex(16)
        self.containers = {name: self._container(name) for name in compose.services}

    def __getitem__(self, name: str) -> Container:
        return self.containers[name]

    def up(self, timeout: float) -> None:
        """Start everything, each once what it depends on is as it should be.

        Raises ComposeError if that can't be, TimeoutError if it takes longer.
        """
        waiting = dict(self.containers)
        deadline = time.monotonic() + timeout
        while waiting:
            for name in [name for name in waiting if self._can_start(name)]:
                waiting.pop(name).start()
            if time.monotonic() > deadline:
                raise TimeoutError(f"still waiting: {', '.join(waiting)}; {self.states()}")
            time.sleep(_POLL_SECONDS)

    def wait_until(self, condition: Callable[[], bool], timeout: float, what: str) -> None:
        """Wait for a condition; raises TimeoutError with the states if it takes longer."""
        deadline = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{what} after {timeout} s; {self.states()}")
            time.sleep(_POLL_SECONDS)

    def is_healthy(self) -> bool:
        """Return whether what runs once has ended well, and all else is healthy."""
        return all(
            (each.state == "exited" and each.exit_code == 0)
            if each.service.restart == "no"
            else (each.state == "running" and each.health in ("healthy", "none"))
            for each in self.containers.values()
        )

    def states(self) -> str:
        """Return the state of each container, for messages."""
        return ", ".join(
            f"{each.name} {each.state} ({each.health}, started {each.starts} times)"
            for each in self.containers.values()
        )

    def down(self) -> None:
        """End everything, each before what it depends on."""
        remaining = dict(self.containers)
        with ThreadPoolExecutor(len(remaining)) as pool:
            while remaining:
                needed = {
                    other for name in remaining for other in self.compose.services[name].depends_on
                }
                free = [name for name in remaining if name not in needed]
                list(pool.map(lambda container: container.stop(), map(remaining.pop, free)))
        # Whatever went wrong, nothing is left.
        end_members(self.mark)

    def _can_start(self, name: str) -> bool:
        for other, condition in self.compose.services[name].depends_on.items():
            container = self.containers[other]
            if condition == "service_started" and container.state == "created":
                return False
            if condition == "service_healthy" and container.health != "healthy":
                if container.health == "unhealthy" or container.state == "exited":
                    raise ComposeError(f"{name}: dependency {other} failed: {self.states()}")
                return False
            if condition == "service_completed_successfully":
                if container.state == "exited" and container.exit_code:
                    raise ComposeError(f"{name}: dependency {other} failed: {container.output()}")
                if container.state != "exited":
                    return False
        return True

    def _container(self, name: str) -> Container:
        service = self.compose.services[name]
        image = stand_in(service)
        folder = self.folder / name
        files = Files(service, image, self.network, folder, self.folder / "volumes")
        return Container(
            service, image, files, self.network, folder.with_suffix(".log"), f"{self.mark}/{name}"
        )
