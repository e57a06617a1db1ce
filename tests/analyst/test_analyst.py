"""Sixty days and a week of the lake, looked at as an analyst would who believes nothing."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from hospital_assets.calendar.period import Period
from tests.analyst.checks import CHECKS, IMPOSSIBLE, broken
from tests.analyst.lake import Stretch, add_views, made
from tests.listed_values import listed_values, unknown_values

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


def _run(file: Path, lake: duckdb.DuckDBPyConnection) -> None:
    rows = broken(file, lake)
    first = "\n".join(map(str, rows[:_SHOWN]))
    rule = file.read_text(encoding="utf-8").splitlines()[0].removeprefix("-- ")
    assert not rows, f"{rule}\n{len(rows)} rows break it, the first:\n{first}"


@pytest.mark.parametrize("file", CHECKS.values(), ids=CHECKS)
def test_sixty_days_hold(file: Path, sixty_days: duckdb.DuckDBPyConnection) -> None:
    _run(file, sixty_days)


@pytest.mark.parametrize("file", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_a_week_of_the_full_hospital_holds(file: Path, week: duckdb.DuckDBPyConnection) -> None:
    _run(file, week)


def test_there_are_sixty_checks_and_each_says_what_must_hold() -> None:
    assert len(CHECKS) >= 60
    for file in CHECKS.values():
        first = file.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith("-- ")
        assert first.endswith(".")


def test_queries_compare_with_values_that_contracts_list() -> None:
    for name, file in CHECKS.items():
        source = file.read_text(encoding="utf-8")
        compared = r"\b{column}\s*(?:=|<>|(?:not )?in\b)"
        assert unknown_values(source, compared, listed_values()) == [], name
