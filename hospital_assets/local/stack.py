"""The stack behind `hospital up`: what runs, how it is kept running and how it ends."""

import os
import secrets
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from filelock import Timeout

from hospital_assets.errors import HospitalError
from hospital_assets.local.automation import Schedule, schedules_and_sensors
from hospital_assets.local.databases import embedded_postgres, hospital_dsn
from hospital_assets.local.kafka import BrokerError, embedded_kafka, kafka_bootstrap
from hospital_assets.local.page import Page, PageError
from hospital_assets.local.postgres import PostgresError
from hospital_assets.local.processes import end_members
from hospital_assets.local.record import LOCK, StackRecord
from hospital_assets.local.service import Service
from hospital_assets.local.state import LOCALHOST, StateFolder, is_free
from hospital_assets.settings import ROOT, Settings

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
        self._settings = settings
        self._say = say
        self._state = StateFolder(settings.state)
        self._name = secrets.token_hex(16)
        self._stopping = threading.Event()
        self._services: list[Service] = []

    def run(self, ready: Callable[[Page], None]) -> None:
        """Start everything, call `ready` once it is healthy, and keep it running until a signal.

        Raises AlreadyRunning if another process does that, StackError if it doesn't get healthy.
        """
        try:
            with self._state.lock(LOCK, timeout=0):
                self._catch_signals()
                try:
                    self._supervise(ready)
                finally:
                    self._stop()
        except Timeout as error:
            record = StackRecord.load(self._state)
            where = f": {Page(record.host, record.port).url}" if record else ""
            raise AlreadyRunning(f"the hospital already runs{where}") from error

    def _catch_signals(self) -> None:
        signal.signal(signal.SIGINT, self._on_signal)
        signal.signal(signal.SIGTERM, self._on_signal)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # as it is below nohup
            signal.signal(signal.SIGHUP, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._stopping.set()

    def _supervise(self, ready: Callable[[Page], None]) -> None:
        self._end_former_stack()
        hospital_dsn(self._settings)
        self._say("PostgreSQL is ready")
        kafka_bootstrap(self._settings)
        self._say("Kafka is ready")
        orphans = self._fail_orphans()
        page = Page(self._settings.web_host, self._state.free_port("web", self._settings.web_port))
        code_port = self._state.free_port("code")
        StackRecord.of_this_process(self._name, page.host, page.port).save(self._state)
        self._prepare_home()
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
        ready(page)
        while not self._stopping.wait(_POLL_SECONDS):
            self._heal()

    def _turn_on(self, page: Page, *, evaluate: bool) -> None:
        try:
            for each in schedules_and_sensors(page):
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

    def _describe_services(self, page: Page, code_port: int) -> list[Service]:
        workspace = str(self._write_workspace(code_port))
        return [
            self._service(
                "code",
                "dagster", "api", "grpc", "--module-name", "hospital_assets.definitions",
                "--location-name", "hospital", "--lazy-load-user-code",
                "--host", LOCALHOST, "--port", str(code_port),
            ),
            self._service(
                "web",
                "hospital_assets.page", "--host", page.host, "--port", str(page.port),
                "--workspace", workspace,
            ),
            self._service("daemon", "dagster._daemon", "run", "--workspace", workspace),
        ]  # fmt: skip

    def _service(self, name: str, module: str, *arguments: str) -> Service:
        return Service(
            name=name,
            command=[sys.executable, "-m", module, *arguments],
            log=self._state.path.resolve() / "logs" / f"{name}.log",
            mark=f"{self._name}/{name}",
        )

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "DAGSTER_HOME": str(self._home)}

    @property
    def _home(self) -> Path:
        return self._state.path.resolve() / "dagster"

    def _prepare_home(self) -> None:
        # Dagster makes folders in its home, so the checkout itself can't be it.
        self._home.mkdir(mode=0o700, exist_ok=True)
        link = self._home / "dagster.yaml"
        link.unlink(missing_ok=True)
        link.symlink_to(ROOT / "dagster.yaml")

    def _write_workspace(self, code_port: int) -> Path:
        server = {"host": LOCALHOST, "port": code_port, "location_name": "hospital"}
        self._state.write_json("workspace.yaml", {"load_from": [{"grpc_server": server}]})
        return self._state.path.resolve() / "workspace.yaml"

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
        self._heal_database()
        self._heal_broker()
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

    def _heal_database(self) -> None:
        if self._settings.database.mode != "embedded":
            return
        server = embedded_postgres(self._settings)
        if server.running_port() is None:
            self._say("PostgreSQL ended; starting it again")
            try:
                server.ensure_running()
            except PostgresError as error:
                self._say(str(error))

    def _heal_broker(self) -> None:
        if self._settings.kafka.mode != "embedded":
            return
        if embedded_kafka(self._settings).running_port() is None:
            self._say("Kafka ended; starting it again")
            try:
                kafka_bootstrap(self._settings)
            except BrokerError as error:
                self._say(str(error))

    def _fail_orphans(self) -> int:
        from hospital_assets.local.instance import dagster_instance
        from hospital_assets.local.orphans import fail_orphaned_runs

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
        if self._settings.kafka.mode == "embedded":
            embedded_kafka(self._settings).stop()
        if self._settings.database.mode == "embedded":
            embedded_postgres(self._settings).stop()
        self._say("stopped")
