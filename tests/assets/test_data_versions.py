"""Data versions and checks of days, in Dagster's history as a checkout keeps it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import dagster as dg
import polars as pl
import pytest
from dagster._core.definitions.data_version import CachingStaleStatusResolver, StaleStatus
from dagster._core.loader import LoadingContextForTest

from hospital_assets.assets.graph import assets_of
from hospital_assets.configuration.settings import Settings
from hospital_assets.contracts.doctors import DOCTORS
from hospital_assets.contracts.patients import PATIENTS
from hospital_assets.history.instance import dagster_instance
from hospital_assets.jobs import BATCH_ASSETS
from hospital_assets.registry import EXTRACTS
from hospital_assets.resources.lake.resource import Lake
from hospital_assets.simulation import Hospital
from tests.assets.test_assets import FEB_1, JAN_30, JAN_31, World
from tests.assets.test_assets import hospital as hospital  # a fixture
from tests.connected import warehouse_at

DAYS = (JAN_30, JAN_31, FEB_1)


@pytest.fixture
def world(
    hospital: Hospital,
    database: str,
    postgres_settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[World]:
    """The assets, with a history that `HospitalStorage` keeps."""
    monkeypatch.setenv("HOSPITAL_STATE", str(postgres_settings.state))
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    warehouse = warehouse_at(database)
    warehouse.create_schema()
    with dagster_instance() as instance:
        for key in instance.all_asset_keys():
            instance.wipe_assets([key])
        assets = assets_of(EXTRACTS, hospital.period)
        yield World(hospital, Lake(str(tmp_path / "lake")), warehouse, instance, assets)


def versions(world: World, key: dg.AssetKey) -> dict[str, str]:
    """Return the data version of each day that was made."""
    found = world.instance.event_log_storage.get_latest_tags_by_partition(
        key, dg.DagsterEventType.ASSET_MATERIALIZATION, ["dagster/data_version"]
    )
    return {day: tags["dagster/data_version"] for day, tags in found.items()}


def unsynced(world: World, *days: date) -> set[tuple[str, str]]:
    """Return the assets and days that the page shows as out of date, and why."""
    graph = dg.Definitions(
        assets=world.assets,
        resources={
            name: dg.ResourceDefinition.none_resource()
            for name in ("hospital", "lake", "warehouse")
        },
    ).resolve_asset_graph()
    resolver = CachingStaleStatusResolver(
        world.instance, graph, LoadingContextForTest(world.instance)
    )
    return {
        (key.to_user_string(), day.isoformat())
        for key in BATCH_ASSETS
        for day in days
        if resolver.get_status(key, day.isoformat()) == StaleStatus.STALE
    }


def sha256(world: World, name: str, day: date) -> str:
    """Return the SHA-256 of the day's CSV file."""
    record = next(row.contract for row in EXTRACTS if row.name == name)
    manifest = world.lake.manifest(record, day)
    assert manifest is not None
    return manifest.csv.sha256


@pytest.mark.parametrize("last", [None, FEB_1], ids=["alone", "in a range"])
def test_the_data_version_of_a_day_is_the_sha256_of_its_bytes(
    world: World, last: date | None
) -> None:
    assert world.materialize(JAN_30, last).success
    for row in EXTRACTS:
        for day in (JAN_30,) if last is None else DAYS:
            for key in (dg.AssetKey(row.name), dg.AssetKey(["warehouse", row.name])):
                found = versions(world, key)[day.isoformat()]
                assert found == sha256(world, row.name, day), key


def test_an_identical_day_made_again_leaves_nothing_out_of_date(world: World) -> None:
    """Alone after a range, in a range after alone, the root of it all, and its parts."""
    assert world.materialize(JAN_30, FEB_1).success
    assert unsynced(world, *DAYS) == set()
    assert world.materialize(JAN_31, selection=["people"]).success
    assert world.materialize(JAN_31, selection=["doctors"]).success
    assert unsynced(world, *DAYS) == set()
    assert world.materialize(JAN_30, JAN_31, selection=["people", "patients"]).success
    assert unsynced(world, *DAYS) == set()


def test_what_is_made_from_a_changed_day_is_out_of_date(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert world.materialize(JAN_30, JAN_31).success

    def renamed(doctors: pl.DataFrame) -> pl.DataFrame:
        return doctors.with_columns(last_name=pl.lit("Changed"))

    changed = world.assets_in_which(DOCTORS, renamed, monkeypatch)
    assert world.materialize(JAN_31, selection=["doctors"], assets=changed).success
    found = unsynced(world, JAN_30, JAN_31)
    assert {day for _, day in found} == {JAN_31.isoformat()}
    assert {name for name, _ in found} == {
        "staff_assignments",
        "patients",
        "warehouse/doctors",
    }


def test_a_check_of_a_single_day_is_of_that_day(world: World) -> None:
    assert world.materialize(JAN_31).success
    assert world.materialize(JAN_30, JAN_31).success
    spec = next(
        spec
        for asset in world.assets
        for spec in asset.check_specs
        if spec.asset_key == dg.AssetKey(PATIENTS.name)
    )
    history = world.instance.event_log_storage.get_asset_check_execution_history(spec.key, limit=10)
    assert [one.partition for one in history] == [None, JAN_31.isoformat()]


def test_the_figures_of_a_day_can_be_plotted(world: World) -> None:
    assert world.materialize(JAN_30, JAN_31).success
    rows = world.lake.read(PATIENTS, [JAN_31])
    records = world.instance.fetch_materializations(
        dg.AssetRecordsFilter(
            asset_key=dg.AssetKey("patients"), asset_partitions=[JAN_31.isoformat()]
        ),
        limit=1,
    ).records
    found = {name: value.value for name, value in records[0].asset_materialization.metadata.items()}
    in_beds = rows.filter(pl.col("bed").is_not_null(), pl.col("discharged_at").is_null())
    assert found["census"] == len(in_beds)
    assert found["deaths"] == (rows["disposition"] == "died").sum()
    assert found["transfers"] == (rows["disposition"] == "transferred").sum()
    assert 50 < found["occupancy_percent"] < 130
    assert 0 < found["admissions"] < found["census"]


def test_a_table_that_lacks_rows_fails_its_check(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = type(world.warehouse).load

    def forgetful(self: object, record: object, files: dict[date, bytes]) -> int:
        shorter = {day: content[: content.rstrip(b"\n").rfind(b"\n") + 1]
                   for day, content in files.items()}  # fmt: skip
        return load(self, record, shorter)  # type: ignore[arg-type]

    assert world.materialize(JAN_31, selection=["people", "doctors", "warehouse/people"]).success
    monkeypatch.setattr(type(world.warehouse), "load", forgetful)
    result = world.materialize(JAN_31, selection=["warehouse/doctors"])
    (verdict,) = result.get_asset_check_evaluations()
    assert (verdict.check_name, verdict.passed) == ("rows_as_in_the_file", False)
    assert "2023-01-31: " in (verdict.description or "")
