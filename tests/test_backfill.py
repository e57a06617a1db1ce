"""A backfill over half-years: side by side, interrupted, killed, and gone on with."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from hospital_assets.settings import ROOT
from tests.commands import COMMAND, environment_in, hospital_in, stop_servers

FIRST, LAST, DAYS = "2021-06-25", "2021-07-07", 13
_SECONDS = 60


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder whose servers are stopped after the test."""
    yield tmp_path
    stop_servers(tmp_path)


def test_half_years_side_by_side_are_what_single_days_are(folder: Path) -> None:
    hospital = hospital_in(folder)
    result = hospital("backfill", FIRST, LAST)

    assert result.returncode == 0, result.stderr
    assert f"Backfilled {DAYS} days; 0 were there already." in result.stdout
    check_all_there(folder)


@pytest.mark.parametrize("end", ["killed", "interrupted"])
def test_a_backfill_that_was_ended_leaves_no_process_and_goes_on(folder: Path, end: str) -> None:
    with subprocess.Popen(
        [*COMMAND, "backfill", FIRST, LAST],
        env=environment_in(folder),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        wait_until(lambda: len(list(folder.glob("lake/batch/patients/manifest/*.json"))) > 0)
        workers = psutil.Process(process.pid).children(recursive=True)
        if end == "killed":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=_SECONDS)
        left = psutil.wait_procs(
            [one for one in workers if "spawn_main" in " ".join(arguments_of(one))], _SECONDS
        )[1]

    assert workers
    assert left == []
    assert process.returncode != 0
    assert "Traceback" not in errors
    again = hospital_in(folder)("backfill", FIRST, LAST)
    assert again.returncode == 0, again.stderr
    check_all_there(folder)


def check_all_there(folder: Path) -> None:
    hospital = hospital_in(folder)
    verified = hospital("verify", FIRST, LAST)
    status = json.loads(hospital("status", "--json").stdout)
    assert verified.returncode == 0, verified.stdout
    assert status["days_materialized"] == DAYS
    assert status["table_rows"]["transfers"] == DAYS * 15
    assert sum(status["lag"].values()) == 0
    assert status["dead_letters"] == {}


def arguments_of(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


def wait_until(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _SECONDS
    while not reached():
        assert time.monotonic() < deadline, "not reached in time"
        time.sleep(0.02)
