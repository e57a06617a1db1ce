"""The guarded page as a process, and somebody who sends it whatever he likes."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from hospital_assets.configuration.settings import ROOT, Settings
from hospital_assets.page.client import Page
from hospital_assets.state.folder import StateFolder
from tests.patience import PATIENCE_SECONDS

JSON = {"Content-Type": "application/json"}
LAUNCH = """
mutation Launch {
  launchRun(executionParams: {
    selector: {
      repositoryName: "__repository__", repositoryLocationName: "hospital", jobName: "batch_job"
    }
    executionMetadata: {tags: [{key: "dagster/partition", value: "2020-12-01"}]}
  }) { __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } }
}
"""
_RUNS = "{ runsOrError { ... on Runs { results { runId } } } }"


@dataclass(frozen=True)
class Answer:
    """What the page answered."""

    status: int
    headers: list[tuple[str, str]]
    body: str

    def header(self, name: str) -> list[str]:
        """Return every value of a header."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    @property
    def refusal(self) -> str:
        """Why the page refused."""
        (error,) = json.loads(self.body)["errors"]
        return str(error["message"])


@dataclass(frozen=True)
class RunningPage:
    """A page that listens."""

    process: subprocess.Popen[str]
    page: Page

    @property
    def url(self) -> str:
        """The origin of its own scripts."""
        return self.page.url

    def send(
        self, method: str, path: str, headers: dict[str, str | list[str]], body: str = ""
    ) -> Answer:
        """Send exactly these headers, and a Host unless one is among them."""
        connection = HTTPConnection(self.page.host, self.page.port, timeout=PATIENCE_SECONDS)
        try:
            connection.putrequest(method, path, skip_host="Host" in headers)
            for name, values in headers.items():
                for value in [values] if isinstance(values, str) else values:
                    connection.putheader(name, value)
            connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body.encode())
            response = connection.getresponse()
            return Answer(response.status, response.getheaders(), response.read().decode())
        finally:
            connection.close()

    def open_websocket(self, origin: str | None, host: str = "127.0.0.1") -> ClientConnection:
        """Shake hands as a page of `origin` does that was opened by the name `host`."""
        return connect(
            f"ws://{host}:{self.page.port}/graphql",
            sock=None if host == self.page.host else self._socket(),
            origin=None if origin is None else Origin(origin),
            subprotocols=[Subprotocol("graphql-ws")],
        )

    def runs(self) -> set[str]:
        """Return the ids of all runs."""
        return {run["runId"] for run in self.page.ask(_RUNS)["runsOrError"]["results"]}

    def is_up(self) -> bool:
        """Return whether it answers."""
        try:
            return self.send("GET", "/server_info", {}).status == 200
        except OSError:
            return False

    def _socket(self) -> socket.socket:
        return socket.create_connection((self.page.host, self.page.port))


@contextmanager
def running_page(
    settings: Settings, log: Path, *options: str, **variables: str
) -> Iterator[RunningPage]:
    """Run a page on the database of `settings`, and end it."""
    port = StateFolder(settings.state).free_port("web")
    with log.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "hospital_assets.page", "--port", str(port), *options],
            cwd=ROOT,
            env={
                **os.environ,
                "HOSPITAL_STATE": str(settings.state),
                "HOSPITAL_LAKE": str(settings.lake),
                "HOSPITAL_PROFILE": "small",
                **variables,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
        )
    running = RunningPage(process, Page("127.0.0.1", port))
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not running.is_up():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        yield running
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE_SECONDS)
