"""Batch and stream of a day: counted once both are whole, again when one changed, and compared."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from hospital_assets.assets import patient_flow
from hospital_assets.assets.partitions import daily_partitions
from hospital_assets.calendar.period import Period
from hospital_assets.configuration.hospital_files import (
    fingerprint,
    load_parameters,
    load_words,
)
from hospital_assets.configuration.settings import ROOT
from hospital_assets.contracts.bed_movements import BED_MOVEMENTS
from hospital_assets.contracts.patient_flow import PATIENT_FLOW
from hospital_assets.contracts.patients import PATIENTS
from hospital_assets.contracts.record_type import RecordType
from hospital_assets.contracts.transfers import TRANSFERS
from hospital_assets.definitions import hospital_definitions
from hospital_assets.history.days import days_of_tags
from hospital_assets.registry import make_extracts, registration
from hospital_assets.resources.lake.resource import Lake
from hospital_assets.resources.warehouse.migrations.steps import SET_PUBLISHED_ASIDE
from hospital_assets.resources.warehouse.resource import Warehouse
from hospital_assets.simulation import Frames, Hospital
from tests.connected import warehouse_at
from tests.hospitals import small_hospital
from tests.stream.sites import TRANSFER_FORM, Site, slots_of

DAY = date(2021, 3, 1)
DAYS = Period(DAY, DAY)


@pytest.fixture(scope="module")
def hospital() -> Hospital:
    return small_hospital()


@pytest.fixture(scope="module")
def batch(hospital: Hospital) -> Frames:
    return make_extracts(hospital, DAYS)


@pytest.fixture(scope="module")
def patients(batch: Frames) -> pl.DataFrame:
    return batch[PATIENTS.name]


@pytest.fixture(scope="module")
def transfers(hospital: Hospital) -> pl.DataFrame:
    return registration(TRANSFERS).rows(hospital, DAYS, {})


@dataclass
class World:
    """A day whose batch is in the lake, a stream, and Dagster's memory of both."""

    hospital: Hospital
    site: Site
    lake: Lake
    warehouse: Warehouse
    instance: dg.DagsterInstance = field(repr=False)

    @property
    def resources(self) -> dict[str, object]:
        """What assets and sensors get."""
        return {
            "hospital": lambda: self.hospital,
            "lake": lambda: self.lake,
            "warehouse": self.warehouse,
            "streams": {TRANSFERS.name: self.site.stream},
        }

    def asked(self) -> list[date]:
        """Return the days that the sensor asks for."""
        repository = hospital_definitions().get_repository_def()
        sensor = repository.get_sensor_def("patient_flow_sensor")
        with dg.build_sensor_context(
            self.instance, repository_def=repository, resources=self.resources
        ) as context:
            tick = sensor.evaluate_tick(context)
        return [day for one in tick.run_requests or () for day in days_of_tags(one.tags)]

    def count(self) -> dg.AssetCheckEvaluation:
        """Have the day counted, and return what came of the comparison."""
        result = dg.materialize(
            patient_flow.assets(daily_partitions(self.hospital.period)),
            instance=self.instance,
            resources=self.resources,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            partition_key=DAY.isoformat(),
            raise_on_error=False,
        )
        [found] = (one for one in result.get_asset_check_evaluations()
                   if one.check_name == patient_flow.AGREEMENT)  # fmt: skip
        return found

    def write(self, record: RecordType, rows: pl.DataFrame) -> None:
        """Do what a run of the batch does for the day of a record."""
        self.lake.write(record, rows, fingerprint(self.hospital))
        event = dg.AssetMaterialization(record.name, partition=DAY.isoformat())
        self.instance.report_runless_asset_event(event)

    def loaded(self) -> tuple[int, int]:
        """Return the transfers that the mart's table has, by batch and by stream."""
        rows = self.warehouse.read(PATIENT_FLOW, [DAY])
        return rows["transfers"].sum(), rows["streamed_transfers"].sum()


@pytest.fixture
def world(hospital: Hospital, site: Site, batch: Frames, tmp_path: Path) -> Iterator[World]:
    with dg.DagsterInstance.ephemeral() as instance:
        lake, warehouse = Lake(str(tmp_path / "lake")), warehouse_at(site.url)
        made = World(hospital, site, lake, warehouse, instance)
        for record in patient_flow.BATCH:
            made.write(record, batch[record.name])
        yield made


def land(world: World, transfers: pl.DataFrame) -> None:
    world.site.stream.publish(slots_of(transfers), transfers)
    world.site.stream.land()


def send(world: World, rows: pl.DataFrame) -> None:
    """Send what nobody of ours has published, and land it."""
    world.site.produce(*((one.key, one.value) for one in TRANSFER_FORM.messages(rows)))
    world.site.stream.land()


def copied(transfers: pl.DataFrame) -> pl.DataFrame:
    """Return transfers that differ in their ids alone."""
    ids = [str(uuid.uuid5(uuid.NAMESPACE_URL, one)) for one in transfers["transfer_id"]]
    return transfers.with_columns(transfer_id=pl.Series(ids))


def test_a_day_is_counted_once_all_that_the_producer_recorded_has_landed(
    world: World, transfers: pl.DataFrame
) -> None:
    *slots, last = slots_of(transfers)
    world.site.stream.publish(slots, transfers)
    world.site.stream.land()
    assert world.asked() == []
    world.site.stream.publish([last], transfers)
    assert world.asked() == []
    world.site.stream.land()
    assert world.asked() == [DAY]
    assert world.count().passed
    assert world.loaded() == (15, 15)
    assert world.asked() == []


def test_as_many_events_of_others_are_no_complete_day(
    world: World, transfers: pl.DataFrame
) -> None:
    send(world, copied(transfers))
    assert world.asked() == []


def test_a_copy_with_another_id_fails_its_day_until_it_is_set_aside(
    world: World, transfers: pl.DataFrame
) -> None:
    land(world, transfers)
    world.count()
    copy = copied(transfers.head(1))
    send(world, copy)

    assert world.asked() == [DAY]
    found = world.count()
    assert not found.passed
    [place] = world.site.stream.places(copy["transfer_id"].to_list()).values()
    where = f"{place.topic} partition {place.partition} offset {place.offset}"
    assert where in str(found.description)
    assert f"`hospital dead-letters set-aside {place.partition} {place.offset}" in str(
        found.description
    )
    assert world.loaded() == (15, 15), "the table keeps what agreed"
    assert world.asked() == [], "nothing changes by counting once more"

    world.site.stream.set_aside(place.partition, place.offset)
    assert world.asked() == [DAY]
    assert world.count().passed
    assert world.asked() == []
    world.site.check(transfers)
    [letter] = world.site.letters()
    assert (letter.reason, letter.event_id) == ("set_aside", copy["transfer_id"][0])


def test_an_event_that_took_the_place_of_ours_is_set_aside_and_ours_comes_again(
    world: World, transfers: pl.DataFrame
) -> None:
    forged = transfers.head(1).with_columns(bed=pl.lit("XX-001"))
    send(world, forged)
    land(world, transfers)
    assert world.asked() == [DAY]
    found = world.count()
    assert "only in batch" in str(found.description)
    [place] = world.site.stream.places(forged["transfer_id"].to_list()).values()
    assert f"set-aside {place.partition} {place.offset}" in str(found.description)

    world.site.stream.set_aside(place.partition, place.offset)
    slots = world.site.stream.unpublished(slots_of(transfers))
    assert slots == [(DAY, 1)]
    world.site.stream.publish(slots, transfers)
    world.site.stream.land()
    assert world.asked() == [DAY]
    assert world.count().passed
    world.site.check(transfers)


def test_a_day_whose_patients_were_made_otherwise_is_counted_again(
    world: World, transfers: pl.DataFrame, patients: pl.DataFrame
) -> None:
    land(world, transfers)
    world.count()
    world.write(PATIENTS, patients)
    assert world.asked() == [], "the same bytes are no change"

    first = pl.col("encounter_id") == transfers["encounter_id"][0]
    home = pl.when(first).then(pl.lit("home")).otherwise(pl.col("disposition").cast(pl.String))
    world.write(PATIENTS, PATIENTS.schema.cast(patients.with_columns(disposition=home)))
    assert world.asked() == [DAY]
    found = world.count()
    assert not found.passed
    assert "an event without a fact in the batch" in str(found.description)


def test_a_day_whose_bed_movements_were_made_otherwise_is_counted_again(
    world: World, transfers: pl.DataFrame, batch: Frames
) -> None:
    land(world, transfers)
    assert world.count().passed
    world.write(BED_MOVEMENTS, batch[BED_MOVEMENTS.name].slice(1))
    assert world.asked() == [DAY]


def test_a_day_without_bed_movements_waits_for_them(
    hospital: Hospital, site: Site, batch: Frames, transfers: pl.DataFrame, tmp_path: Path
) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        lake, warehouse = Lake(str(tmp_path / "lake")), warehouse_at(site.url)
        world = World(hospital, site, lake, warehouse, instance)
        world.write(PATIENTS, batch[PATIENTS.name])
        land(world, transfers)
        assert world.asked() == []
        world.write(BED_MOVEMENTS, batch[BED_MOVEMENTS.name])
        assert world.asked() == [DAY]


def test_events_of_the_hospital_as_it_was_are_left_out_by_the_command_that_the_check_names(
    world: World, transfers: pl.DataFrame
) -> None:
    former = Hospital(8, load_parameters(ROOT / "configs", "small"), load_words())
    land(world, registration(TRANSFERS).rows(former, DAYS, {}))
    stranger = copied(transfers.head(1))
    send(world, stranger)
    # What the migration to another hospital does.
    world.site.execute(SET_PUBLISHED_ASIDE)

    assert world.asked() == [DAY]
    text = str(world.count().description)
    assert "the hospital was another one when it was published" in text
    assert "`hospital stream start-over --stream transfers`" in text

    world.site.stream.start_over()
    missing = world.site.stream.unpublished(slots_of(transfers))
    world.site.stream.publish(missing, transfers)
    world.site.stream.land()

    assert world.asked() == [DAY]
    found = world.count()
    assert "start-over" not in str(found.description)
    [place] = world.site.stream.places(stranger["transfer_id"].to_list()).values()
    assert f"set-aside {place.partition} {place.offset}" in str(found.description)
    world.site.stream.set_aside(place.partition, place.offset)
    assert world.asked() == [DAY]
    assert world.count().passed
    assert world.asked() == []
    world.site.check(transfers)
    assert world.site.stream.dead_letter_counts() == {"set_aside": 16}
