"""What a command has started ends with it, unless somebody else still uses it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from hospital_assets.configuration.settings import ROOT, Settings
from hospital_assets.services.databases import Databases
from tests.commands import COMMAND, environment_in, hear_interrupts, hospital_in, stop_servers
from tests.patience import PATIENCE_SECONDS

DAY = "2021-03-01"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder whose servers are stopped after the test."""
    yield tmp_path
    stop_servers(tmp_path)


def left_in(folder: Path) -> list[str]:
    """Return the processes that run in a folder or below it, by their names."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if Path(process.cwd()).is_relative_to(folder):
                found.append(process.name())
    return found


def begin(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, *arguments],
        env=environment_in(folder),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=hear_interrupts,
    )


def wait_until(reached: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not reached():
        assert time.monotonic() < deadline, "not reached in time"
        time.sleep(0.05)


def postgres_is_up(folder: Path) -> bool:
    return Databases.of(Settings(state=folder / "state")).embedded().running_port() is not None


def test_a_command_leaves_no_server_behind(folder: Path) -> None:
    assert hospital_in(folder)("backfill", DAY, DAY).returncode == 0
    assert left_in(folder) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_nor_does_one_that_a_signal_ends(folder: Path, number: signal.Signals) -> None:
    process = begin(folder, "backfill", DAY, DAY)
    wait_until(lambda: (folder / "lake/batch/people/manifest").exists())
    process.send_signal(number)
    _, errors = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 128 + number
    assert "Traceback" not in errors
    assert left_in(folder) == []


def test_a_server_stays_for_whoever_still_uses_it(folder: Path) -> None:
    first = begin(folder, "sql", "--tuples-only", "--no-align")
    wait_until(lambda: postgres_is_up(folder))
    assert hospital_in(folder)("sql", "-c", "SELECT 1").returncode == 0
    output, _ = first.communicate("SELECT 'still there';\n", timeout=PATIENCE_SECONDS)
    assert (first.returncode, output.strip()) == (0, "still there")
    assert left_in(folder) == []


def test_what_a_killed_command_left_is_told_and_ends_with_the_next(folder: Path) -> None:
    killed = begin(folder, "sql")
    wait_until(lambda: postgres_is_up(folder))
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate(timeout=PATIENCE_SECONDS)
    hospital = hospital_in(folder)
    assert "used by nobody" in hospital("doctor").stdout
    assert hospital("sql", "-c", "SELECT 1").returncode == 0
    assert left_in(folder) == []


def test_psql_ends_the_command_with_its_own_exit_code(folder: Path) -> None:
    assert hospital_in(folder)("sql", "-c", "SELECT nothing").returncode == 1


def test_down_ends_dagster_dev_that_would_start_the_servers_again(folder: Path) -> None:
    environment = {**environment_in(folder), "PYTHONPATH": str(ROOT)}
    with (folder / "output").open("w") as output:
        dev = subprocess.Popen(
            [sys.executable, "-m", "dagster", "dev", "--port", "0"],
            env=environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until(lambda: postgres_is_up(folder))
        family = [*psutil.Process(dev.pid).children(recursive=True)]
        stopped = hospital_in(folder)("down")
        assert stopped.returncode == 0, stopped.stderr
        assert f"ending process {dev.pid}: " in stopped.stdout
        assert "Stopped." in stopped.stdout
        dev.wait(timeout=PATIENCE_SECONDS)
        assert psutil.wait_procs(family, timeout=PATIENCE_SECONDS)[1] == []
        assert left_in(folder) == []
    finally:
        with suppress(ProcessLookupError):
            os.killpg(dev.pid, signal.SIGKILL)
        dev.wait()
