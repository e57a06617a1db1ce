"""The programs that pages show run as they stand."""

import importlib.util
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from hospital_assets.calendar.period import Period
from hospital_assets.configuration.hospital_files import load_parameters, load_words
from hospital_assets.configuration.settings import ROOT
from hospital_assets.registry import EXTRACTS, make_extracts
from hospital_assets.resources.lake.resource import Lake
from hospital_assets.simulation import Hospital
from tests.docs.pages import PAGES, programs

DAYS = Period(date(2021, 3, 1), date(2021, 3, 2))
_READING = ROOT / "docs" / "reading-the-lake.md"
_EXAMPLES = [(page, number) for page in PAGES for number in range(len(programs(page)))]


@pytest.fixture(scope="session")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two days of the small hospital."""
    folder = tmp_path_factory.mktemp("lake")
    made, parameters = Lake(str(folder)), load_parameters(ROOT / "configs", "small")
    frames = make_extracts(Hospital(1, parameters, load_words()), DAYS)
    for row in EXTRACTS:
        made.write(row.contract, frames[row.name], "fingerprint")
    made.write_datapackage([row.contract for row in EXTRACTS])
    return folder


@pytest.mark.parametrize(
    ("page", "number"), _EXAMPLES, ids=lambda one: one.name if isinstance(one, Path) else str(one)
)
def test_a_program_that_a_page_shows_runs(
    page: Path, number: int, lake: Path, tmp_path: Path
) -> None:
    program = tmp_path / "test_of_a_page.py"
    program.write_text(programs(page)[number], encoding="utf-8")
    for library in ("pandas", "pyspark"):
        if library in programs(page)[number] and not importlib.util.find_spec(library):
            pytest.skip(f"{library} is not installed: `make test-examples` runs it")
    (tmp_path / "lake").symlink_to(lake)
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
    if page == _READING:
        people = pl.read_parquet(lake / "batch/people/parquet/*.parquet")
        zeros = people["id_number"].str.starts_with("0").sum()
        assert int(found.stdout) == zeros > 0
