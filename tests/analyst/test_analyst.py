"""Sixty days and a week of the lake, looked at as an analyst would who believes nothing."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from hospital_assets.calendar.period import Period
from tests.analyst.checks import CHECKS, IMPOSSIBLE, broken, reason_to_skip
from tests.analyst.known_faults import KNOWN_FAULTS
from tests.analyst.lake import Stretch, add_views, made

# With Christmas, New Year and the change of the year.
SIXTY_DAYS = Stretch("small", Period(date(2023, 12, 1), date(2024, 1, 29)))
# With a leap day.
WEEK = Stretch("full", Period(date(2024, 2, 26), date(2024, 3, 3)))

_SHOWN = 5


@pytest.fixture(scope="session")
def sixty_days(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Sixty days of the small hospital."""
    with made(tmp_path_factory.mktemp("sixty-days"), SIXTY_DAYS) as connection:
        add_views(connection)
        yield connection


@pytest.fixture(scope="session")
def week(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A week of the full hospital."""
    with made(tmp_path_factory.mktemp("week"), WEEK) as connection:
        add_views(connection)
        yield connection


def _checks(files: dict[str, Path], stretch: str) -> list[object]:
    """Return the checks, those with a known fault expected to fail."""
    return [
        pytest.param(
            file,
            id=name,
            marks=[pytest.mark.xfail(strict=True, raises=AssertionError, reason=fault.reason)]
            if (fault := KNOWN_FAULTS.get(name)) and stretch in fault.seen_in
            else [],
        )
        for name, file in files.items()
    ]


def _run(file: Path, lake: duckdb.DuckDBPyConnection) -> None:
    if reason := reason_to_skip(file):
        pytest.skip(reason)
    rows = broken(file, lake)
    first = "\n".join(map(str, rows[:_SHOWN]))
    rule = file.read_text(encoding="utf-8").splitlines()[0].removeprefix("-- ")
    assert not rows, f"{rule}\n{len(rows)} rows break it, the first:\n{first}"


@pytest.mark.parametrize("file", _checks(CHECKS, "sixty_days"))
def test_sixty_days_hold(file: Path, sixty_days: duckdb.DuckDBPyConnection) -> None:
    _run(file, sixty_days)


@pytest.mark.parametrize("file", _checks(IMPOSSIBLE, "week"))
def test_a_week_of_the_full_hospital_holds(file: Path, week: duckdb.DuckDBPyConnection) -> None:
    _run(file, week)


def test_there_are_sixty_checks_and_each_says_what_must_hold() -> None:
    assert len(CHECKS) >= 60
    for file in CHECKS.values():
        first = file.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith("-- ")
        assert first.endswith(".")


def test_no_fault_is_known_of_a_check_that_is_gone() -> None:
    assert KNOWN_FAULTS.keys() <= CHECKS.keys()
