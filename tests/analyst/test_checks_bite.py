"""A check that never fails proves nothing: each finds what is planted for it."""

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest

from hospital_assets.calendar.period import Period
from tests.analyst.checks import CHECKS, FOLDER, IMPOSSIBLE, broken
from tests.analyst.lake import Stretch, add_views, made

# Enough for stays that end, and for the week of a member of staff.
DAYS = Stretch("small", Period(date(2023, 12, 1), date(2023, 12, 8)))

PLANTED = {file.stem: file for file in sorted((FOLDER / "planted").glob("*.sql"))}
PLACES = FOLDER / "places.sql"


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Some days of the small hospital, without views."""
    with made(tmp_path_factory.mktemp("days"), DAYS) as connection:
        connection.execute(PLACES.read_text(encoding="utf-8"))
        yield connection


@pytest.mark.parametrize("name", PLANTED)
def test_a_check_finds_what_is_planted(name: str, lake: duckdb.DuckDBPyConnection) -> None:
    assert _rows(name, lake) == []
    assert _rows(name, lake, PLANTED[name].read_text(encoding="utf-8")) != []


def test_every_impossible_record_is_planted() -> None:
    assert PLANTED.keys() == IMPOSSIBLE.keys()


def _rows(name: str, lake: duckdb.DuckDBPyConnection, change: str = "") -> list[tuple[object, ...]]:
    """Return what a check finds after a change that is undone."""
    lake.begin()
    try:
        lake.execute(change)
        add_views(lake)
        return broken(CHECKS[name], lake)
    finally:
        lake.rollback()
