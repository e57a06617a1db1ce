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

import psutil
from dotenv import dotenv_values
from filelock import Timeout

from hospital_assets.local.databases import embedded_postgres, hospital_dsn
from hospital_assets.local.page import Page
from hospital_assets.local.postgres import PostgresError
from hospital_assets.local.processes import end_members, is_same
from hospital_assets.local.service import Service
from hospital_assets.local.state import LOCALHOST, StateFolder
from hospital_assets.settings import ROOT, Settings

_HEALTHY_SECONDS = 180
_DOWN_SECONDS = 90
_POLL_SECONDS = 0.5
_RECORD = "stack.json"
_LOCK = "stack"
_CODE = "code"


class StackError(RuntimeError):
    """The stack can't be started or ended; the message says why and what to do."""


class AlreadyRunning(StackError):
    """A stack of this checkout runs; `url` is where its page is."""

    def __init__(self, url: str) -> None:
        super().__init__(f"already running: {url}")
        self.url = url


class Stack:
    """The embedded PostgreSQL and Dagster's three servers, supervised by this process.

    `say` receives one line for each thing that a user should know.
    """

    def __init__(self, settings: Settings, say: Callable[[str], None]) -> None:
        self._settings = settings
        self._say = say
        self._state = StateFolder(settings.state)
        self._stopping = threading.Event()
        self._id = secrets.token_hex(16)
        self._services: list[Service] = []

    def run(self, ready: Callable[[Page], None]) -> None:
        """Start everything, call `ready` once it is healthy, and keep it running until a signal.

        Raises AlreadyRunning if another process does that, StackError if it doesn't get healthy.
        """
        try:
            with self._state.lock(_LOCK, timeout=0):
                self._supervise(ready)
        except Timeout as error:
            raise AlreadyRunning(self._state.read_json(_RECORD).get("url", "")) from error

    def _supervise(self, ready: Callable[[Page], None]) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        former = self._state.read_json(_RECORD).get("id")
        if former is not None and (count := end_members(former)):
            self._say(f"ended {count} processes that a crash had left behind")
        try:
            page = self._start()
            if self._wait_until_healthy(page):
                for name in page.turn_on_schedules_and_sensors():
                    self._say(f"turned on {name}")
                ready(page)
                self._keep_running()
        finally:
            self._stop()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._stopping.set()

    def _start(self) -> Page:
        settings = self._settings
        hospital_dsn(settings)
        self._say("PostgreSQL is ready")
        self._fail_orphans()
        page = Page(settings.web_host, self._state.free_port("web", settings.web_port))
        code_port = self._state.free_port(_CODE)
        workspace = self._write_workspace(code_port)
        self._state.write_json(
            _RECORD,
            {
                "id": self._id,
                "pid": os.getpid(),
                "created": psutil.Process().create_time(),
                "url": page.url,
            },
        )
        self._services = [
            self._service(
                _CODE,
                "dagster", "api", "grpc", "--module-name", "hospital_assets.definitions",
                "--location-name", "hospital", "--lazy-load-user-code",
                "--host", LOCALHOST, "--port", str(code_port),
            ),
            self._service(
                "web",
                "dagster_webserver", "--host", page.host, "--port", str(page.port),
                "--workspace", str(workspace),
            ),
            self._service("daemon", "dagster._daemon", "run", "--workspace", str(workspace)),
        ]  # fmt: skip
        for service in self._services:
            service.start(self._environment())
        return page

    def _service(self, name: str, module: str, *arguments: str) -> Service:
        return Service(
            name=name,
            command=[sys.executable, "-m", module, *arguments],
            log=self._state.path.resolve() / "logs" / f"{name}.log",
            mark=f"{self._id}/{name}",
        )

    def _environment(self) -> dict[str, str]:
        defaults = {key: value or "" for key, value in dotenv_values(ROOT / ".env").items()}
        return {**defaults, **os.environ, "DAGSTER_HOME": str(ROOT)}

    def _write_workspace(self, code_port: int) -> Path:
        server = {"host": LOCALHOST, "port": code_port, "location_name": "hospital"}
        self._state.write_json("workspace.yaml", {"load_from": [{"grpc_server": server}]})
        return self._state.path.resolve() / "workspace.yaml"

    def _wait_until_healthy(self, page: Page) -> bool:
        deadline = time.monotonic() + _HEALTHY_SECONDS
        awaited = ""
        while (missing := page.missing()) is not None:
            if missing != awaited:
                self._say(f"waiting for {missing}")
                awaited = missing
            if time.monotonic() > deadline:
                raise StackError(
                    f"{missing} was not healthy after {_HEALTHY_SECONDS} s; "
                    f"see {self._state.path / 'logs'}"
                )
            self._heal()
            if self._stopping.wait(_POLL_SECONDS):
                return False
        return True

    def _keep_running(self) -> None:
        while not self._stopping.wait(_POLL_SECONDS):
            self._heal()

    def _heal(self) -> None:
        self._heal_database()
        for service in self._services:
            pause = service.died()
            if pause is not None:
                self._say(
                    f"{service.name} ended (exit code {service.exit_code}); "
                    f"starting it again in {pause:.0f} s, see {service.log}"
                )
            if service.is_due():
                end_members(service.mark)
                if service.name == _CODE:
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

    def _fail_orphans(self) -> None:
        from hospital_assets.local.instance import dagster_instance
        from hospital_assets.local.orphans import fail_orphaned_runs

        with dagster_instance() as instance:
            for run_id in fail_orphaned_runs(instance):
                self._say(f"marked run {run_id} as failed: its process is gone")

    def _stop(self) -> None:
        self._say("stopping")
        end_members(self._id)
        for service in self._services:
            service.reap()
        if self._settings.database.mode == "embedded":
            embedded_postgres(self._settings).stop()
        self._say("stopped")


def stop_stack(settings: Settings) -> bool:
    """End the stack of this checkout and its PostgreSQL, also after a crash.

    Returns whether anything ran. Raises StackError if the supervisor doesn't end.
    """
    state = StateFolder(settings.state)
    if not state.path.is_dir():
        return False
    record = state.read_json(_RECORD)
    found = False
    if record and is_same(record["pid"], record["created"]):
        psutil.Process(record["pid"]).terminate()
        found = True
    try:
        with state.lock(_LOCK, timeout=_DOWN_SECONDS):
            if record:
                found |= end_members(record["id"]) > 0
            if settings.database.mode == "embedded":
                server = embedded_postgres(settings)
                found |= server.running_port() is not None
                server.stop()
    except Timeout as error:
        raise StackError(f"process {record.get('pid')} did not end in {_DOWN_SECONDS} s") from error
    return found
