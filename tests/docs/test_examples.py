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
    found = subprocess.run(
        [sys.executable, "-c", programs(page)[number]],
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
    assert found.returncode == 0, found.stderr
    assert found.stdout.strip()
