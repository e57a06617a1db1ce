"""A campaign of an earlier version: its model is followed by another, and its clock goes on."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import dataframely as dy
import psycopg
import pytest
import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

from hospital_assets.calendar.clock import Pace
from hospital_assets.calendar.period import Period
from hospital_assets.campaign import (
    CampaignPlan,
    OtherHospitalError,
    ensure_campaign,
    ensure_lake,
)
from hospital_assets.contracts.doctors import DOCTORS
from hospital_assets.contracts.people import PEOPLE
from hospital_assets.presence import whole_days
from hospital_assets.registry import EXTRACTS
from hospital_assets.resources.lake.resource import Lake
from hospital_assets.resources.warehouse.migrations.steps import make_days_again
from hospital_assets.resources.warehouse.resource import Warehouse
from tests.connected import warehouse_at
from tests.resources.frames import days, frame

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PLAN = CampaignPlan("model one", Period(date(2020, 12, 1), date(2025, 3, 31)), Pace(900, None), 7)
TWO_DAYS = days(2)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(str(tmp_path / "lake"))


@pytest.fixture
def warehouse(database: str, lake: Lake) -> Warehouse:
    """A campaign of model one with two days in lake and tables."""
    made = warehouse_at(database)
    ensure_campaign(made, PLAN, NOW)
    for record in (row.contract for row in EXTRACTS):
        lake.write(record, frame(record, TWO_DAYS), PLAN.fingerprint)
        made.load(record, {day: lake.csv(record, day) for day in TWO_DAYS})
    return made


def migrate(warehouse: Warehouse) -> None:
    """Do what a migration to another model does."""
    engine = sa.create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(warehouse.url())
    )
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        make_days_again(*(row.name for row in EXTRACTS))
    engine.dispose()


def test_another_model_is_refused_without_a_migration(lake: Lake, warehouse: Warehouse) -> None:
    other = replace(PLAN, fingerprint="model two")
    with pytest.raises(OtherHospitalError, match="the database holds hospital model one"):
        ensure_campaign(warehouse, other, NOW)
    with pytest.raises(OtherHospitalError, match=r"the lake .* holds hospital model one"):
        ensure_lake(lake, warehouse, other.fingerprint)
    assert whole_days(EXTRACTS, lake, warehouse) == set(TWO_DAYS)


def test_after_a_migration_to_another_model_the_days_are_made_again_and_the_clock_goes_on(
    lake: Lake, warehouse: Warehouse
) -> None:
    epoch = warehouse.campaign().epoch
    migrate(warehouse)

    plan = replace(PLAN, fingerprint="model two")
    assert ensure_campaign(warehouse, plan, NOW).epoch == epoch
    ensure_lake(lake, warehouse, plan.fingerprint)

    assert warehouse.campaign().fingerprint == "model two"
    assert whole_days(EXTRACTS, lake, warehouse) == set()
    assert lake.days(DOCTORS) == []
    assert Path(lake.path(DOCTORS, "csv", TWO_DAYS[0])).exists(), "until it is made again"
    with pytest.raises(OtherHospitalError):
        ensure_campaign(warehouse, replace(PLAN, fingerprint="model three"), NOW)


def test_a_day_made_by_the_new_model_stays(lake: Lake, warehouse: Warehouse) -> None:
    migrate(warehouse)
    plan = replace(PLAN, fingerprint="model two")
    ensure_campaign(warehouse, plan, NOW)
    lake.write(DOCTORS, frame(DOCTORS, TWO_DAYS[:1]), plan.fingerprint)
    ensure_lake(lake, warehouse, plan.fingerprint)
    assert lake.days(DOCTORS) == TWO_DAYS[:1]


def test_days_with_the_columns_of_an_earlier_contract_are_made_again(
    lake: Lake, warehouse: Warehouse
) -> None:
    kept = {name: one for name, one in DOCTORS.schema.columns().items() if name != "grade"}
    former = replace(DOCTORS, schema=type("Former", (dy.Schema,), kept))
    lake.write(former, frame(DOCTORS, TWO_DAYS).drop("grade"), PLAN.fingerprint)
    ensure_lake(lake, warehouse, PLAN.fingerprint)
    assert lake.days(DOCTORS) == []
    assert lake.days(PEOPLE) == TWO_DAYS


def test_a_damaged_file_holds_nothing_up(lake: Lake, warehouse: Warehouse) -> None:
    Path(lake.path(DOCTORS, "parquet", TWO_DAYS[1])).write_bytes(b"damaged")
    Path(lake.path(PEOPLE, "manifest", TWO_DAYS[1])).write_bytes(b"damaged")
    ensure_lake(lake, warehouse, PLAN.fingerprint)
    assert lake.days(DOCTORS) == lake.days(PEOPLE) == TWO_DAYS
