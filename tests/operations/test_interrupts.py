"""Ctrl-C in a command that runs assets in its own process, and before it has begun."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hospital_assets.__main__ import main
from tests.commands import begun, hospital_in, stop_servers
from tests.patience import PATIENCE_SECONDS

DAY = "2021-03-01"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder whose servers are stopped after the test."""
    yield tmp_path
    stop_servers(tmp_path)


def test_ctrl_c_in_a_run_is_one_line_and_the_exit_code_of_an_interrupt(folder: Path) -> None:
    process = begun(folder, "materialize", "patients", DAY)
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


class InterruptedImport:
    """A finder of modules during whose look for the command line Ctrl-C is pressed."""

    @staticmethod
    def find_spec(name: str, *_: object) -> None:
        """Find nothing."""
        if name == "hospital_assets.cli":
            raise KeyboardInterrupt


def test_ctrl_c_before_a_command_has_begun_is_one_line_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "hospital_assets.cli", raising=False)
    monkeypatch.setattr(sys, "meta_path", [InterruptedImport, *sys.meta_path])
    with pytest.raises(SystemExit) as ended:
        main()
    assert (ended.value.code, capsys.readouterr().err) == (130, "hospital: interrupted\n")
