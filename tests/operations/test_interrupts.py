"""Ctrl-C in a command that runs assets in its own process."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hospital_assets.configuration.settings import ROOT
from tests.commands import COMMAND, environment_in, hear_interrupts, hospital_in, stop_servers
from tests.patience import PATIENCE_SECONDS

DAY = "2021-03-01"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder whose servers are stopped after the test."""
    yield tmp_path
    stop_servers(tmp_path)


def test_ctrl_c_in_a_run_is_one_line_and_the_exit_code_of_an_interrupt(folder: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, "materialize", "patients", DAY],
        env=environment_in(folder),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=hear_interrupts,
    )
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not list(folder.glob("lake/batch/people/manifest/*.json")):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=PATIENCE_SECONDS)

    assert (process.returncode, errors) == (130, "hospital: interrupted\n")
    again = hospital_in(folder)("materialize", "patients", DAY)
    assert again.returncode == 0, again.stderr
