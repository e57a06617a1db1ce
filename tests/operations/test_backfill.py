"""A backfill over half-years: side by side, interrupted, killed, and gone on with."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import psutil
import pytest

from hospital_assets.calendar.period import Period
from tests.commands import (
    begun,
    hospital_in,
    keep_servers,
    stop_servers,
)
from tests.patience import PATIENCE_SECONDS

# Around each of them the days are in two runs.
ENDS_OF_HALF_YEARS = [
    date(year, month, day) for year in range(2021, 2025) for month, day in ((6, 30), (12, 31))
]


@dataclass(frozen=True)
class Site:
    """Days that nothing has been made of, in a folder whose servers are up."""

    folder: Path
    days: Period

    def hospital(self, command: str) -> subprocess.CompletedProcess[str]:
        """Run a command on the days."""
        return hospital_in(self.folder)(command, str(self.days.first_day), str(self.days.last_day))

    def begun_backfill(self, last: date | None = None) -> subprocess.Popen[str]:
        """Begin to make the days, up to the last one or another."""
        return begun(
            self.folder, "backfill", str(self.days.first_day), str(last or self.days.last_day)
        )

    def manifests(self) -> list[Path]:
        """Return what says that a day is whole, for any record of the days."""
        return [
            file
            for file in self.folder.glob("lake/batch/*/manifest/*.json")
            if any(str(day) in file.name for day in self.days.days)
        ]

    def check_all_there(self) -> None:
        """Compare the days with the simulation, in the lake, the tables and the topic."""
        verified = self.hospital("verify")
        assert verified.returncode == 0, verified.stdout
        status = json.loads(hospital_in(self.folder)("status", "--json").stdout)
        assert {str(day) for day in self.days.days} <= set(status["days_ahead"])
        assert sum(status["lag"].values()) == 0
        assert status["dead_letters"] == {}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder whose servers are up, as beside `hospital up`, and stopped after the last test."""
    path = tmp_path_factory.mktemp("backfilled")
    keep_servers(path)
    yield path
    stop_servers(path)


@pytest.fixture(scope="module")
def stretches() -> Iterator[Period]:
    """Thirteen days around the end of a half-year, others each time."""
    return (Period(end - timedelta(days=5), end + timedelta(days=7)) for end in ENDS_OF_HALF_YEARS)


@pytest.fixture
def site(folder: Path, stretches: Iterator[Period]) -> Site:
    return Site(folder, next(stretches))


def test_half_years_side_by_side_are_what_single_days_are(site: Site) -> None:
    result = site.hospital("backfill")

    assert result.returncode == 0, result.stderr
    assert "Backfilled 13 days; 0 were there already." in result.stdout
    site.check_all_there()


@pytest.mark.parametrize("end", ["killed", "interrupted"])
def test_a_backfill_that_was_ended_leaves_no_process_and_goes_on(site: Site, end: str) -> None:
    with site.begun_backfill() as process:
        wait_until(lambda: len(site.manifests()) > 0)
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
    again = site.hospital("backfill")
    assert again.returncode == 0, again.stderr
    site.check_all_there()


@pytest.mark.parametrize("runs", [1, 2])
def test_an_interrupt_while_workers_begin_is_one_line_and_ends_them(site: Site, runs: int) -> None:
    with site.begun_backfill(site.days.first_day if runs == 1 else None) as process:
        wait_until(lambda: len(workers_of(process)) == runs)
        workers = workers_of(process)
        press_ctrl_c(process)
        _, errors = process.communicate(timeout=PATIENCE_SECONDS)
        left = psutil.wait_procs(workers, PATIENCE_SECONDS)[1]

    assert left == []
    assert (process.returncode, errors) == (130, "hospital: interrupted\n")
    assert site.manifests() == []


def test_workers_do_not_hear_what_a_terminal_says(site: Site) -> None:
    """Ctrl-C reaches the whole group: that a run hears it is up to the process that began it."""
    heard = 0
    with site.begun_backfill() as process:
        while process.poll() is None:
            for worker in workers_of(process):
                with suppress(psutil.NoSuchProcess):
                    worker.send_signal(signal.SIGINT)
                    heard += 1
            time.sleep(0.05)
        _, errors = process.communicate(timeout=PATIENCE_SECONDS)

    assert heard > 10
    assert (process.returncode, errors) == (0, "")
    site.check_all_there()


def press_ctrl_c(process: subprocess.Popen[str]) -> None:
    os.killpg(process.pid, signal.SIGINT)


def workers_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    children = psutil.Process(process.pid).children()
    return [one for one in children if "spawn_main" in " ".join(arguments_of(one))]


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
