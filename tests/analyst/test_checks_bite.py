"""A check that never fails proves nothing: each finds what is planted for it."""

from collections.abc import Iterator
from datetime import date

import duckdb
import polars as pl
import pytest

from hospital_assets.calendar.period import Period
from hospital_assets.registry import RECORD_TYPES
from tests.analyst.checks import CHECKS, FOLDER, IMPOSSIBLE, broken, reason_to_skip
from tests.analyst.known_faults import KNOWN_FAULTS
from tests.analyst.lake import Stretch, add_views, made
from tests.insight.scorecard.coming import with_what_comes

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
    if reason := reason_to_skip(CHECKS[name]):
        pytest.skip(reason)
    assert _rows(name, lake) == []
    assert _rows(name, lake, PLANTED[name].read_text(encoding="utf-8")) != []


def test_every_impossible_record_is_planted_or_there_already() -> None:
    waiting = {name for name, file in IMPOSSIBLE.items() if reason_to_skip(file)}
    assert IMPOSSIBLE.keys() - PLANTED.keys() - KNOWN_FAULTS.keys() - waiting == set()
    assert PLANTED.keys() <= IMPOSSIBLE.keys()


def test_every_query_runs_once_its_columns_are_there(lake: duckdb.DuckDBPyConnection) -> None:
    frames = {record.name: lake.table(record.name).pl() for record in RECORD_TYPES}
    with duckdb.connect() as later:
        for name, frame in with_what_comes(frames).items():
            later.register("given", frame.with_columns(pl.col(pl.Enum).cast(pl.String)).to_arrow())
            later.table("given").create(name)
        add_views(later)
        for file in CHECKS.values():
            broken(file, later)


def _rows(name: str, lake: duckdb.DuckDBPyConnection, change: str = "") -> list[tuple[object, ...]]:
    """Return what a check finds after a change that is undone."""
    lake.begin()
    try:
        lake.execute(change)
        add_views(lake)
        return broken(CHECKS[name], lake)
    finally:
        lake.rollback()
