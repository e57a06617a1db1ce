"""A running stack of a bench's own: what `hospital up` runs, with the empty asset in it."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from hospital_assets.local import hospital_dsn
from hospital_assets.local.kafka import kafka_bootstrap
from hospital_assets.local.page import Page
from hospital_assets.local.service import Service
from hospital_assets.local.state import LOCALHOST, StateFolder, is_free
from hospital_assets.progress import PARTITION
from hospital_assets.settings import ROOT, STACK_VARIABLE, Settings

_READY_SECONDS = 180
_PLACE = {"repositoryName": "__repository__", "repositoryLocationName": "hospital"}


@contextmanager
def stack(settings: Settings) -> Iterator[Page]:
    """Run what `hospital up` runs, with schedules and sensors off."""
    hospital_dsn(settings)
    kafka_bootstrap(settings)
    state = StateFolder(settings.state)
    code_port, page = state.free_port("code"), Page(LOCALHOST, state.free_port("web"))
    server = {"host": LOCALHOST, "port": code_port, "location_name": "hospital"}
    state.write_json("workspace.yaml", {"load_from": [{"grpc_server": server}]})
    workspace = str(settings.state / "workspace.yaml")
    home = settings.state / "dagster"
    home.mkdir(exist_ok=True)
    (home / "dagster.yaml").symlink_to(ROOT / "dagster.yaml")
    environment = {**os.environ, "DAGSTER_HOME": str(home)}

    def start(name: str, module: str, *arguments: str) -> None:
        Service(
            name=name,
            command=[sys.executable, "-m", module, *arguments],
            log=settings.state / "logs" / f"{name}.log",
            mark=f"{os.environ[STACK_VARIABLE]}/{name}",
        ).start(environment)

    started = time.time()
    start(
        "code", "dagster", "api", "grpc", "--module-name", "bench.with_empty_asset",
        "--location-name", "hospital", "--lazy-load-user-code",
        "--host", LOCALHOST, "--port", str(code_port),
    )  # fmt: skip
    start(
        "web", "hospital_assets.page", "--host", LOCALHOST, "--port", str(page.port),
        "--workspace", workspace,
    )  # fmt: skip
    # The daemon looks for a code server that it missed at its start only some time later.
    wait(lambda: not is_free(code_port), _READY_SECONDS, "the code server")
    start("daemon", "dagster._daemon", "run", "--workspace", workspace)
    wait(lambda: page.missing(since=started) is None, _READY_SECONDS, "the stack")
    yield page


def wait(until: Callable[[], bool], patience: float, what: str) -> None:
    """Wait until something is so; ends with an error if it takes too long."""
    deadline = time.monotonic() + patience
    while not until():
        if time.monotonic() > deadline:
            raise SystemExit(f"{what} was not there after {patience:.0f} s")
        time.sleep(0.1)


def launch(page: Page, job: str, day: date, config: dict[str, Any]) -> str:
    """Launch a job about a day through the page, and return the run's id."""
    tags = [{"key": PARTITION, "value": day.isoformat()}]
    return page.launch(_PLACE, job, config, tags)
