"""A running stack of a bench's own: what `hospital up` runs, with the empty asset in it."""

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from hospital_assets.configuration.settings import STACK_VARIABLE, Settings
from hospital_assets.history.days import PARTITION
from hospital_assets.page.client import Page, Repository
from hospital_assets.processes import dagster_servers
from hospital_assets.processes.supervised import SupervisedProcess
from hospital_assets.services.databases import Databases
from hospital_assets.services.kafka.cluster import KafkaCluster
from hospital_assets.state.folder import LOCALHOST, StateFolder, is_free

_READY_SECONDS = 180
_CODE = "bench.with_empty_asset"
_PLACE = Repository("__repository__", dagster_servers.LOCATION)


@contextmanager
def stack(settings: Settings) -> Iterator[Page]:
    """Run what `hospital up` runs, with schedules and sensors off."""
    Databases.of(settings).hospital_url()
    KafkaCluster.of(settings).bootstrap()
    state = StateFolder(settings.state)
    code_port, page = state.free_port("code"), Page(LOCALHOST, state.free_port("web"))
    workspaces = dagster_servers.workspaces_of(state, code_port)
    environment = {**os.environ, "DAGSTER_HOME": str(dagster_servers.prepare_home(state))}

    def start(name: str, command: list[str]) -> None:
        SupervisedProcess(
            name=name,
            command=[sys.executable, "-m", *command],
            log=settings.state / "logs" / f"{name}.log",
            mark=f"{os.environ[STACK_VARIABLE]}/{name}",
        ).start(environment)

    started = time.time()
    start(
        "code",
        dagster_servers.code_server(
            _CODE, dagster_servers.LOCATION, LOCALHOST, code_port, lazily=True
        ),
    )
    start("web", dagster_servers.web_server(workspaces, page.host, page.port))
    # The daemon looks for a code server that it missed at its start only some time later.
    wait(lambda: not is_free(code_port), _READY_SECONDS, "the code server")
    start("daemon", dagster_servers.daemon(workspaces))
    wait(lambda: page.missing(since=started) is None, _READY_SECONDS, "the stack")
    yield page


def wait(until: Callable[[], bool], patience: float, what: str) -> None:
    """Wait until something is so; ends with an error if it takes too long."""
    deadline = time.monotonic() + patience
    while not until():
        if time.monotonic() > deadline:
            raise SystemExit(f"{what} was not there after {patience:.0f} s")
        time.sleep(0.1)


def launch(page: Page, job: str, day: date, config: Mapping[str, Any]) -> str:
    """Launch a job about a day through the page, and return the run's id."""
    return page.launch(_PLACE, job, config, {PARTITION: day.isoformat()})
