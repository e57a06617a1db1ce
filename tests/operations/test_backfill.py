"""A backfill over half-years: side by side, interrupted, killed, and gone on with."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.commands import (
    begun,
    hospital_in,
    keep_servers,
    stop_servers,
)
from tests.patience import PATIENCE_SECONDS

FIRST, LAST, DAYS = "2021-06-25", "2021-07-07", 13


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder whose servers are up, as beside `hospital up`, and stopped after the test."""
    keep_servers(tmp_path)
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
    with begun_backfill(folder) as process:
        wait_until(lambda: len(list(folder.glob("lake/batch/patients/manifest/*.json"))) > 0)
        workers = workers_of(process)
        if end == "killed":
            process.kill()
        else:
            press_ctrl_c(process)
        _, errors = process.communicate(timeout=PATIENCE_SECONDS)
        left = psutil.wait_procs(workers, PATIENCE_SECONDS)[1]

    assert workers
    assert left == []
    if end == "interrupted":
        assert (process.returncode, errors) == (130, "hospital: interrupted\n")
    assert process.returncode != 0
    assert "Traceback" not in errors
    again = hospital_in(folder)("backfill", FIRST, LAST)
    assert again.returncode == 0, again.stderr
    check_all_there(folder)


@pytest.mark.parametrize("last", [LAST, FIRST], ids=["two runs", "one run"])
def test_an_interrupt_while_workers_begin_is_one_line_and_ends_them(
    folder: Path, last: str
) -> None:
    with begun_backfill(folder, last) as process:
        runs = 1 if last == FIRST else 2
        wait_until(lambda: len(workers_of(process)) == runs)
        workers = workers_of(process)
        press_ctrl_c(process)
        _, errors = process.communicate(timeout=PATIENCE_SECONDS)
        left = psutil.wait_procs(workers, PATIENCE_SECONDS)[1]

    assert left == []
    assert (process.returncode, errors) == (130, "hospital: interrupted\n")
    # What describes the columns may be there.
    assert not list((folder / "lake" / "batch").glob("*/"))


def test_workers_do_not_hear_what_a_terminal_says(folder: Path) -> None:
    """Ctrl-C reaches the whole group: that a run hears it is up to the process that began it."""
    heard = 0
    with begun_backfill(folder) as process:
        while process.poll() is None:
            for worker in workers_of(process):
                with suppress(psutil.NoSuchProcess):
                    worker.send_signal(signal.SIGINT)
                    heard += 1
            time.sleep(0.05)
        _, errors = process.communicate(timeout=PATIENCE_SECONDS)

    assert heard > 10
    assert (process.returncode, errors) == (0, "")
    check_all_there(folder)


def begun_backfill(folder: Path, last: str = LAST) -> subprocess.Popen[str]:
    return begun(folder, "backfill", FIRST, last)


def press_ctrl_c(process: subprocess.Popen[str]) -> None:
    os.killpg(process.pid, signal.SIGINT)


def workers_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    children = psutil.Process(process.pid).children()
    return [one for one in children if "spawn_main" in " ".join(arguments_of(one))]


def check_all_there(folder: Path) -> None:
    hospital = hospital_in(folder)
    verified = hospital("verify", FIRST, LAST)
    status = json.loads(hospital("status", "--json").stdout)
    assert verified.returncode == 0, verified.stdout
    assert len(status["days_ahead"]) == DAYS
    assert status["table_rows"]["transfers"] == DAYS * 15
    assert sum(status["lag"].values()) == 0
    assert status["dead_letters"] == {}


def arguments_of(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


def wait_until(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not reached():
        assert time.monotonic() < deadline, "not reached in time"
        time.sleep(0.02)
