"""The whole stack, started and stopped as a user does."""

import json
import os
import re
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from hospital_assets.configuration.settings import ROOT
from tests.commands import COMMAND
from tests.patience import PATIENCE_SECONDS
from tests.warm_processes import run


@dataclass
class User:
    """Somebody at a terminal, with a lake and a state folder of their own."""

    home: Path

    @property
    def environment(self) -> dict[str, str]:
        """What the commands get to see."""
        return {
            **os.environ,
            "HOSPITAL_STATE": str(self.home / "state"),
            "HOSPITAL_LAKE": str(self.home / "lake"),
            "HOSPITAL_PROFILE": "small",
        }

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return run(arguments, self.environment)

    def ask(self, query: str) -> str:
        """Return what the hospital's database answers, one row a line."""
        return self.run("sql", "--tuples-only", "--no-align", "--command", query).stdout.strip()

    def status(self) -> dict[str, Any]:
        """Return what `hospital status --json` says."""
        found: dict[str, Any] = json.loads(self.run("status", "--json").stdout)
        return found

    def start(self) -> "Terminal":
        """Run `hospital up` and wait until it says where the page is."""
        output = self.home / "output"
        with output.open("w") as file:
            process = subprocess.Popen(
                [*COMMAND, "up"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        terminal = Terminal(process, output)
        try:
            terminal.wait_for_page()
        except BaseException:
            self.run("down")
            raise
        return terminal

    def processes(self, argument: str = "") -> list[psutil.Process]:
        """Return every living process that has to do with this state folder.

        With an argument only those that were started with it.
        """
        found = []
        for process in psutil.process_iter():
            try:
                arguments = process.cmdline()
                traces = [process.cwd(), *arguments, *process.environ().values()]
                zombie = process.status() == psutil.STATUS_ZOMBIE
            except psutil.Error:
                continue
            if argument and argument not in arguments:
                continue
            if not zombie and any(str(self.home / "state") in trace for trace in traces):
                found.append(process)
        return found


@dataclass
class Terminal:
    """A terminal in which `hospital up` runs."""

    process: subprocess.Popen[bytes]
    output: Path

    def wait_for_page(self) -> None:
        """Wait until the command has said where the page is."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while "Stop " not in self.output.read_text():
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() < deadline, self.output.read_text()
            time.sleep(0.2)

    @property
    def url(self) -> str:
        """Where the page is."""
        found = re.search(r"http://127\.0\.0\.1:\d+", self.output.read_text())
        assert found is not None
        return found.group()

    def is_healthy(self) -> bool:
        """Return whether the page answers."""
        with urllib.request.urlopen(f"{self.url}/server_info", timeout=10) as answer:
            return bool(answer.status == 200)

    def press_ctrl_c(self) -> int:
        """Interrupt the foreground processes and return the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(timeout=PATIENCE_SECONDS)


@pytest.fixture(scope="module")
def user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[User]:
    user = User(tmp_path_factory.mktemp("home"))
    yield user
    user.run("down")


@pytest.fixture(scope="module")
def terminal(user: User) -> Terminal:
    """The first start, which the tests look at in their order, until the last one stops it."""
    return user.start()


def test_it_starts_and_a_second_start_says_where_the_page_is(
    user: User, terminal: Terminal
) -> None:
    assert terminal.is_healthy()

    second = user.run("up")
    assert second.returncode == 0
    assert terminal.url in second.stdout

    assert user.ask("SELECT current_database()") == "hospital"


def test_a_server_that_dies_is_started_again(user: User, terminal: Terminal) -> None:
    (web,) = user.processes("hospital_assets.page")
    web.kill()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while "starting it again" not in terminal.output.read_text() or not answers(terminal):
        assert time.monotonic() < deadline, terminal.output.read_text()
        time.sleep(0.2)


@pytest.mark.usefixtures("terminal")
def test_a_first_start_brings_the_last_week_and_any_other_day_comes_by_a_command(
    user: User,
) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (status := user.status())["days_there"] < status["days_due"]:
        assert time.monotonic() < deadline, status
        time.sleep(1)
    assert status["days_due"] >= 7
    assert status["gaps"] == []

    flow = "SELECT count(*), sum(transfers), sum(streamed_transfers) FROM hospital.patient_flow"
    departments, batch, stream = 12 * 7, 15 * 7, 15 * 7
    expected = f"{departments}|{batch}|{stream}"
    query = f"{flow} WHERE flow_date <= '2020-12-07'"
    while (found := user.ask(query)) != expected:
        assert time.monotonic() < deadline + PATIENCE_SECONDS, found
        time.sleep(1)
    assert sum(user.status()["lag"].values()) == 0
    followed = user.run("tail", "--from-start", "--count", "2").stdout.splitlines()
    assert [line[:10] for line in followed[1:]] == ["2020-12-01", "2020-12-01"]
    assert user.run("dead-letters", "list").stdout.strip() == "No dead letters."
    unknown = user.run("dead-letters", "show", "0", "999999")
    assert (unknown.returncode, unknown.stderr.count("\n")) == (1, 1)

    assert user.run("backfill", "2024-02-29", "2024-02-29").returncode == 0
    verified = user.run("verify")
    assert verified.returncode == 0, verified.stdout
    assert "2020-12-01 to 2024-02-29" in verified.stdout


def test_ctrl_c_leaves_nothing_behind(user: User, terminal: Terminal) -> None:
    assert terminal.press_ctrl_c() == 0
    assert user.processes() == []


def test_down_ends_what_a_crash_left_behind(user: User) -> None:
    terminal = user.start()
    terminal.process.kill()
    terminal.process.wait()
    assert user.processes() != []

    assert user.run("down").returncode == 0
    assert user.processes() == []


def answers(terminal: Terminal) -> bool:
    """Return whether the page answers, also while it is down."""
    try:
        return terminal.is_healthy()
    except OSError:
        return False
