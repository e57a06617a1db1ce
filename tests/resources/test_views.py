"""The views of the schema answer what they say, over days of the small hospital."""

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import psycopg
import pytest
from psycopg.rows import dict_row

from hospital_assets.calendar.period import Period
from hospital_assets.configuration.hospital_files import load_parameters
from hospital_assets.configuration.settings import ROOT
from hospital_assets.registry import RECORD_TYPES, REGISTRY, make_records
from hospital_assets.resources.lake.csv_form import csv_bytes
from hospital_assets.resources.lake.day_forms import by_day, validated
from hospital_assets.resources.warehouse.resource import Warehouse, WarehouseError
from hospital_assets.resources.warehouse.views import views
from hospital_assets.simulation import Frames
from tests.hospitals import small_hospital

DAYS = Period(date(2022, 5, 1), date(2022, 5, 3))

Ask = Callable[[str], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def frames() -> Frames:
    hospital = small_hospital()
    return make_records(hospital, DAYS, [row.name for row in REGISTRY])


@pytest.fixture
def ask(warehouse: Warehouse, database: str, frames: Frames) -> Ask:
    """What a query answers once the days are loaded."""
    for row in REGISTRY:
        if row.stream is None:
            days = by_day(row.contract, validated(row.contract, frames[row.name]))
            warehouse.load(row.contract, {day: csv_bytes(rows) for day, rows in days})

    def answer(query: str) -> list[dict[str, Any]]:
        with psycopg.connect(database, row_factory=dict_row) as connection:
            return connection.execute(query.encode()).fetchall()

    return answer


def test_an_encounter_has_one_row_with_what_its_latest_day_knows(ask: Ask, frames: Frames) -> None:
    latest = (
        frames["patients"]
        .with_columns(pl.col(pl.Enum).cast(pl.String))
        .sort("census_date")
        .group_by("encounter_id")
        .last()
        .rename({"census_date": "as_of"})
        .sort("encounter_id")
    )
    found = ask("SELECT * FROM hospital.encounters ORDER BY encounter_id")
    assert all(row.pop("loaded_at") for row in found)
    assert found == latest.select(found[0].keys()).to_dicts()


def test_the_current_census_is_who_lies_in_a_bed_at_the_end_of_the_latest_day(
    ask: Ask, frames: Frames
) -> None:
    lying = frames["bed_movements"].filter(
        pl.col("census_date") == DAYS.last_day, pl.col("ended_at").is_null()
    )
    found = ask("SELECT encounter_id, department, ward, bed FROM hospital.current_census")
    assert {tuple(row.values()) for row in found} == set(lying.select(found[0].keys()).iter_rows())
    assert len(found) == lying.height


def test_a_census_is_as_large_as_the_mart_says(ask: Ask) -> None:
    counted = ask(
        "SELECT department, census - count(bed) AS difference FROM hospital.occupancy"
        " LEFT JOIN hospital.current_census USING (department)"
        " WHERE flow_date = '2022-05-03' GROUP BY department, census"
    )
    assert counted
    assert all(row["difference"] == 0 for row in counted)


def test_occupancy_is_of_the_beds_that_a_department_has(ask: Ask) -> None:
    found = ask("SELECT * FROM hospital.occupancy")
    beds = load_parameters(ROOT / "configs", "small").inpatients.beds.pools
    assert sum(row["beds"] for row in found) == DAYS.length * sum(pool.beds for pool in beds)
    assert {row["flow_date"] for row in found} == set(DAYS.days)
    for row in found:
        assert row["free"] == row["beds"] - row["census"] >= 0
        assert float(row["percent"]) == pytest.approx(100 * row["census"] / row["beds"], abs=0.05)


def test_every_column_of_a_view_is_explained_and_has_the_type_that_is_said(
    warehouse: Warehouse, database: str
) -> None:
    with psycopg.connect(database) as connection:
        stored = connection.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = 'hospital'"
        ).fetchall()
    for view in views(RECORD_TYPES):
        types = {column: kind for name, column, kind in stored if name == view.name}
        assert list(types) == [name for name, _, _ in view.columns]
        for name, kind, meaning in view.columns:
            assert meaning, f"{view.name}.{name}"
            base = kind.partition("(")[0].lower().replace("varchar", "character varying")
            assert types[name] == base


def test_views_go_with_the_tables(warehouse: Warehouse, database: str) -> None:
    warehouse.drop_tables()
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT to_regnamespace('hospital')").fetchall() == [(None,)]


def test_a_view_of_others_over_ours_is_named_and_nothing_goes(
    warehouse: Warehouse, database: str
) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("CREATE VIEW public.fullness AS SELECT * FROM hospital.occupancy")
    with pytest.raises(WarehouseError, match=r"view public\.fullness depends on view hospital"):
        warehouse.drop_tables()
    assert warehouse.our_tables()
