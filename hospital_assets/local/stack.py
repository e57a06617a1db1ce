"""The stack behind `hospital up`: what runs, how it is kept running and how it ends."""

import os
import secrets
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType

from hospital_assets.configuration.settings import Settings
from hospital_assets.errors import HospitalError, one_line
from hospital_assets.local.stack_record import LOCK, StackRecord
from hospital_assets.page.client import Page, PageError
from hospital_assets.page.schedules_and_sensors import Schedule, schedules_and_sensors
from hospital_assets.processes import dagster_servers
from hospital_assets.processes.members import end_members
from hospital_assets.processes.supervised import SupervisedProcess
from hospital_assets.services.databases import Databases
from hospital_assets.services.kafka.cluster import KafkaCluster
from hospital_assets.services.kafka.errors import BrokerError
from hospital_assets.services.postgres import PostgresError
from hospital_assets.state.errors import StateLockedError
from hospital_assets.state.folder import LOCALHOST, StateFolder, is_free

_HEALTHY_SECONDS = 180
_POLL_SECONDS = 0.5


class StackError(HospitalError):
    """The stack can't be started or ended; the message says why."""


class AlreadyRunning(StackError):
    """Another process supervises a stack of this checkout."""


class Stack:
    """The embedded PostgreSQL and Kafka and Dagster's three servers, supervised by this process.

    `say` receives one line for each thing that a user should know.
    """

    def __init__(self, settings: Settings, say: Callable[[str], None]) -> None:
        self._host, self._preferred_port = settings.web_host, settings.web_port
        self._state = StateFolder(settings.state)
        self._databases, self._kafka = Databases.of(settings), KafkaCluster.of(settings)
        self._say = say
        self._name = secrets.token_hex(16)
        self._stopping = threading.Event()
        self._services: list[SupervisedProcess] = []

    def run(self, ready: Callable[[Page], None]) -> None:
        """Start everything, call `ready` once it is healthy, and keep it running until a signal.

        Raises AlreadyRunning if another process does that, StackError if it doesn't get healthy.
        """
        with self._alone():
            self._catch_signals()
            try:
                self._supervise(ready)
            finally:
                self._stop()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with ExitStack() as held:
            try:
                held.enter_context(self._state.lock(LOCK, timeout=0))
            except StateLockedError as error:
                record = StackRecord.load(self._state)
                where = f": {Page(record.host, record.port).url}" if record else ""
                raise AlreadyRunning(f"the hospital already runs{where}") from error
            yield

    def _catch_signals(self) -> None:
        signal.signal(signal.SIGINT, self._on_signal)
        signal.signal(signal.SIGTERM, self._on_signal)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # as it is below nohup
            signal.signal(signal.SIGHUP, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._stopping.set()

    def _supervise(self, ready: Callable[[Page], None]) -> None:
        self._end_former_stack()
        self._databases.hospital_url()
        self._say("PostgreSQL is ready")
        self._kafka.bootstrap()
        self._say("Kafka is ready")
        orphans = self._fail_orphans()
        page = Page(self._host, self._state.free_port("web", self._preferred_port))
        code_port = self._state.free_port("code")
        StackRecord.of_this_process(self._name, page.host, page.port).save(self._state)
        self._home = dagster_servers.prepare_home(self._state)
        code, web, daemon = self._services = self._describe_services(page, code_port)
        code.start(self._environment())
        web.start(self._environment())
        # The daemon looks for a code server that it missed at its start only some time later.
        if not self._wait_for(lambda: "the code server" if is_free(code_port) else None):
            return
        started = time.time()
        daemon.start(self._environment())
        if not self._wait_for(lambda: page.missing(since=started)):
            return
        self._turn_on(page, evaluate=orphans > 0)
        for name, reason in page.load_errors().items():
            self._say(f"{name} can't be loaded: {reason}")
        ready(page)
        while not self._stopping.wait(_POLL_SECONDS):
            self._heal()

    def _turn_on(self, page: Page, *, evaluate: bool) -> None:
        try:
            for each in schedules_and_sensors(page):
                # Those of other locations are turned on as they say, or by whoever added them.
                if each.place.location != dagster_servers.LOCATION:
                    continue
                if not each.is_on:
                    each.turn_on(page)
                    self._say(f"turned on {each.name}")
                if isinstance(each, Schedule) and (evaluate or not each.is_on):
                    # The next tick may be a quarter of an hour away.
                    runs = each.evaluate(page)
                    self._say(f"{each.name} launched {len(runs)} runs")
        except PageError as error:
            self._say(str(error))

    def _end_former_stack(self) -> None:
        record = StackRecord.load(self._state)
        if record is not None and (count := end_members(record.name)):
            self._say(f"ended {count} processes that a crash had left behind")

    def _describe_services(self, page: Page, code_port: int) -> list[SupervisedProcess]:
        workspaces = dagster_servers.workspaces_of(self._state, code_port)
        commands = {
            "code": dagster_servers.code_server(
                "hospital_assets.definitions",
                dagster_servers.LOCATION,
                LOCALHOST,
                code_port,
                lazily=True,
            ),
            "web": dagster_servers.web_server(workspaces, page.host, page.port),
            "daemon": dagster_servers.daemon(workspaces),
        }
        logs = self._state.path.resolve() / "logs"
        return [
            SupervisedProcess(
                name, [sys.executable, "-m", *command], logs / f"{name}.log", f"{self._name}/{name}"
            )
            for name, command in commands.items()
        ]

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "DAGSTER_HOME": str(self._home)}

    def _wait_for(self, missing: Callable[[], str | None]) -> bool:
        """Wait until nothing is missing; returns False if a signal came first."""
        deadline = time.monotonic() + _HEALTHY_SECONDS
        said = None
        while (what := missing()) is not None:
            if what != said:
                self._say(f"waiting for {what}")
                said = what
            if time.monotonic() > deadline:
                logs = self._state.path / "logs"
                raise StackError(f"{what} was not there after {_HEALTHY_SECONDS} s; see {logs}")
            self._heal()
            if self._stopping.wait(_POLL_SECONDS):
                return False
        return True

    def _heal(self) -> None:
        self._heal_servers()
        for service in self._services:
            pause = service.died()
            if pause is not None:
                self._say(
                    f"{service.name} ended (exit code {service.exit_code}); "
                    f"starting it again in {pause:.0f} s, see {service.log}"
                )
            if service.is_due():
                end_members(service.mark)
                if service.name == "code":
                    self._fail_orphans()
                service.start(self._environment())

    def _heal_servers(self) -> None:
        for name, server in (
            ("PostgreSQL", self._databases.embedded()),
            ("Kafka", self._kafka.embedded()),
        ):
            if server is not None and server.running_port() is None:
                self._say(f"{name} ended; starting it again")
                try:
                    server.ensure_running()
                except (PostgresError, BrokerError) as error:
                    self._say(one_line(error))

    def _fail_orphans(self) -> int:
        # Slow to import, and the servers can start meanwhile.
        from hospital_assets.history.instance import dagster_instance
        from hospital_assets.history.orphaned_runs import fail_orphaned_runs

        with dagster_instance() as instance:
            orphans = fail_orphaned_runs(instance)
        for run_id in orphans:
            self._say(f"marked run {run_id} as failed: its process is gone")
        return len(orphans)

    def _stop(self) -> None:
        self._say("stopping")
        end_members(self._name)
        for service in self._services:
            service.reap()
        for server in (self._kafka.embedded(), self._databases.embedded()):
            if server is not None:
                server.stop()
        self._say("stopped")
