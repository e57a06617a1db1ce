"""The programs that pages show run as they stand."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hospital_assets.configuration.settings import ROOT
from tests.docs.pages import PAGES, programs

_EXAMPLES = [(page, number) for page in PAGES for number in range(len(programs(page)))]


@pytest.mark.parametrize(
    ("page", "number"), _EXAMPLES, ids=lambda one: one.name if isinstance(one, Path) else str(one)
)
def test_a_program_that_a_page_shows_runs(page: Path, number: int, tmp_path: Path) -> None:
    program = tmp_path / "test_of_a_page.py"
    program.write_text(programs(page)[number], encoding="utf-8")
    # One that shows tests is run by what runs tests.
    runner = (
        ["-m", "pytest", "-p", "no:cacheprovider"] if "def test_" in program.read_text() else []
    )
    found = subprocess.run(
        [sys.executable, *runner, str(program)],
        cwd=tmp_path,
        env={
            **os.environ,
            "HOSPITAL_PROFILE": "small",
            "HOSPITAL_STATE": str(tmp_path / "state"),
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout + found.stderr
    assert found.stdout.strip()
