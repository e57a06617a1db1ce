"""The assets, materialized with the small hospital into a lake and a database of their own."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import dagster as dg
import polars as pl
import psycopg
import pytest

from hospital_assets.assets import extracts
from hospital_assets.assets.graph import assets_of
from hospital_assets.assets.tables import AS_THE_FILE
from hospital_assets.calendar.period import Period
from hospital_assets.contracts.doctors import DOCTORS
from hospital_assets.contracts.patients import PATIENTS
from hospital_assets.contracts.people import PEOPLE
from hospital_assets.contracts.record_type import RecordType
from hospital_assets.contracts.staff_assignments import STAFF_ASSIGNMENTS
from hospital_assets.history.days import range_tags, shown_days
from hospital_assets.jobs import BATCH_ASSETS
from hospital_assets.registry import EXTRACTS, REGISTRY, Registration, make_extracts, registration
from hospital_assets.resources.lake.resource import Lake
from hospital_assets.resources.warehouse.resource import Warehouse
from hospital_assets.simulation import Hospital
from tests.brief import RECORDS_OF_THE_BRIEF
from tests.connected import warehouse_at
from tests.hospitals import small_hospital

JAN_30, JAN_31, FEB_1 = date(2023, 1, 30), date(2023, 1, 31), date(2023, 2, 1)
RECORDS = [row.contract for row in EXTRACTS]
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def in_one_bed(patients: pl.DataFrame) -> pl.DataFrame:
    """Return the patients, all inpatients of Surgery in the same bed."""
    bed = pl.when(pl.col("bed").str.starts_with("SU-")).then(pl.lit("SU-001")).otherwise("bed")
    return patients.with_columns(bed=bed)


def by_day_again(tired: int) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Return what gives the first day shift of a nurse to the tired one."""

    def change(shifts: pl.DataFrame) -> pl.DataFrame:
        by_day = shifts.filter(pl.col("role") == "nurse", pl.col("shift") == "day")
        given = pl.col("assignment_id") == by_day["assignment_id"][0]
        return shifts.with_columns(staff_id=pl.when(given).then(tired).otherwise("staff_id"))

    return change


@dataclass
class World:
    """A Dagster instance, a lake and a database."""

    hospital: Hospital
    lake: Lake
    warehouse: Warehouse
    instance: dg.DagsterInstance = field(repr=False)
    assets: Sequence[dg.AssetsDefinition]

    def materialize(
        self,
        first: date,
        last: date | None = None,
        selection: list[str] | None = None,
        assets: Sequence[dg.AssetsDefinition] | None = None,
    ) -> dg.ExecuteInProcessResult:
        """Materialize a day by its key, or a range of days in one run."""
        only = (
            None
            if selection is None
            else dg.AssetSelection.assets(*map(dg.AssetKey.from_user_string, selection))
        )
        return dg.materialize(
            assets or self.assets,
            selection=only,
            instance=self.instance,
            resources={
                "hospital": lambda: self.hospital,
                "lake": lambda: self.lake,
                "warehouse": self.warehouse,
            },
            run_config=QUIET,
            partition_key=first.isoformat() if last is None else None,
            tags=None if last is None else range_tags(Period(first, last)),
            raise_on_error=False,
        )

    def sha256(self, day: date) -> dict[str, tuple[str, str]]:
        """Return the hashes of the day's files, CSV and Parquet."""
        found = {record.name: self.lake.manifest(record, day) for record in RECORDS}
        return {name: (one.csv.sha256, one.parquet.sha256) for name, one in found.items() if one}

    def table_digests(self, day: date) -> dict[str, str]:
        """Return the hashes of the day in the daily tables."""
        return {
            record.name: self.warehouse.digest(record, day) for record in RECORDS if record.is_daily
        }

    def assets_in_which(
        self,
        record: RecordType,
        change: Callable[[pl.DataFrame], pl.DataFrame],
        monkeypatch: pytest.MonkeyPatch,
    ) -> Sequence[dg.AssetsDefinition]:
        """Return the assets of a hospital in which a record's rows are changed as they are made."""

        def changed(wanted: RecordType) -> Registration:
            row = registration(wanted)
            if wanted is not record:
                return row
            return replace(row, make=lambda *given: change(row.make(*given)))

        with monkeypatch.context() as patched:
            patched.setattr(extracts, "registration", changed)
            return assets_of(EXTRACTS, self.hospital.period)


@pytest.fixture(scope="module")
def hospital() -> Hospital:
    return small_hospital()


@pytest.fixture
def world(hospital: Hospital, database: str, tmp_path: Path) -> Iterator[World]:
    warehouse = warehouse_at(database)
    warehouse.create_schema()
    with dg.DagsterInstance.ephemeral() as instance:
        assets = assets_of(EXTRACTS, hospital.period)
        yield World(hospital, Lake(str(tmp_path / "lake")), warehouse, instance, assets)


def first_error(result: dg.ExecuteInProcessResult) -> str:
    """Return the message of the error behind the first failed step."""
    failure = next(event for event in result.all_events if event.is_step_failure)
    error = failure.step_failure_data.error
    assert error is not None
    cause = error.cause or error
    return cause.message.strip()


def metadata_of(world: World, key: dg.AssetKey, day: date) -> dict[str, dg.MetadataValue]:
    records = world.instance.fetch_materializations(
        dg.AssetRecordsFilter(asset_key=key, asset_partitions=[day.isoformat()]), limit=1
    ).records
    return dict(records[0].asset_materialization.metadata)


def test_a_day_lies_in_lake_and_tables_with_the_same_rows_and_bytes(world: World) -> None:
    assert world.materialize(JAN_31).success
    counts = world.warehouse.row_counts()
    digests = world.table_digests(JAN_31)
    for record in RECORDS:
        manifest = world.lake.manifest(record, JAN_31)
        assert manifest is not None
        frame = world.lake.read(record, [JAN_31])
        assert counts[record.name] == manifest.csv.rows == len(frame)
        assert len(frame) > (100 if record.name in RECORDS_OF_THE_BRIEF else 0), record.name
        if record.is_daily:
            assert digests[record.name] == manifest.csv.sha256
    assert not world.warehouse.compare(PEOPLE, {JAN_31: world.lake.csv(PEOPLE, JAN_31)})


def test_the_lake_holds_what_the_simulation_says(world: World, hospital: Hospital) -> None:
    assert world.materialize(JAN_31).success
    records = make_extracts(hospital, Period(JAN_31, JAN_31))
    for record in RECORDS:
        assert world.lake.read(record, [JAN_31]).equals(records[record.name])


def test_a_range_in_one_run_is_the_same_as_its_days_one_by_one(
    world: World, tmp_path: Path
) -> None:
    """Across the border of a month, where the range is cut."""
    assert world.materialize(JAN_31, FEB_1).success
    together = {day: (world.sha256(day), world.table_digests(day)) for day in (JAN_31, FEB_1)}
    assert shown_days(world.instance, BATCH_ASSETS) == {JAN_31, FEB_1}
    world.lake = Lake(str(tmp_path / "another lake"))
    for day in (FEB_1, JAN_31):
        assert world.materialize(day).success
        assert (world.sha256(day), world.table_digests(day)) == together[day]


def test_materializing_twice_changes_nothing(world: World) -> None:
    assert world.materialize(JAN_31).success
    before = world.sha256(JAN_31), world.table_digests(JAN_31), world.warehouse.row_counts()
    assert world.materialize(JAN_31).success
    after = world.sha256(JAN_31), world.table_digests(JAN_31), world.warehouse.row_counts()
    assert after == before


def test_every_partition_of_a_range_has_metadata_of_its_own(world: World) -> None:
    assert world.materialize(JAN_30, JAN_31).success
    for record in RECORDS:
        for day in (JAN_30, JAN_31):
            manifest = world.lake.manifest(record, day)
            assert manifest is not None
            found = metadata_of(world, dg.AssetKey(record.name), day)
            assert found["dagster/row_count"].value == manifest.csv.rows
            assert found["dagster/size_bytes"].value == manifest.csv.bytes + manifest.parquet.bytes
            assert found["sha256"].value == manifest.csv.sha256
            assert found["dagster/uri"].value == world.lake.path(record, "parquet", day)
            assert found["csv"].value == world.lake.path(record, "csv", day)
            assert float(str(found["seconds"].value)) >= 0
            # A head, a rule and five rows, all of this very day.
            lines = str(found["preview"].value).splitlines()
            assert len(lines) == 7
            assert all(day.isoformat() in line for line in lines[2:])
            table = metadata_of(world, dg.AssetKey(["warehouse", record.name]), day)
            assert table["dagster/row_count"].value == manifest.csv.rows


@pytest.mark.parametrize(("last", "expected"), [(JAN_31, 0), (FEB_1, 2)])
def test_a_run_about_one_day_speaks_of_no_progress(last: date, expected: int, world: World) -> None:
    result = world.materialize(JAN_31, last, selection=["people"])
    assert result.success
    said = [one.user_message for one in world.instance.all_logs(result.run_id)]
    assert sum(" of 2 days" in one or " of 1 days" in one for one in said) == expected
    assert any(f"people {JAN_31} to {JAN_31}: " in one for one in said)
    assert sum(one.endswith(" s left") for one in said) == expected // 2


def test_the_question_that_each_record_comes_with_is_answered_by_its_sql(
    world: World, database: str
) -> None:
    """Those of the extracts from their rows; the others at least are SQL of their tables."""
    assert world.materialize(date(2020, 12, 3)).success
    with psycopg.connect(database) as connection:
        for row in REGISTRY:
            asked = row.contract.question
            assert asked is not None, row.name
            assert asked.text.endswith("?")
            found = connection.execute(asked.sql.encode()).fetchall()
            assert found or row not in EXTRACTS, row.name


def test_every_law_is_checked_and_passes(world: World) -> None:
    result = world.materialize(JAN_31)
    verdicts = {one.check_name: one.passed for one in result.get_asset_check_evaluations()}
    checks = [law.name for row in EXTRACTS for law in row.laws] + [AS_THE_FILE]
    assert verdicts == dict.fromkeys(checks, True)


def test_a_planted_violation_fails_its_check_and_stops_the_load(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = world.assets_in_which(PATIENTS, in_one_bed, monkeypatch)
    result = world.materialize(JAN_31, assets=broken)
    assert not result.success
    failed = {one.check_name: one for one in result.get_asset_check_evaluations() if not one.passed}
    assert set(failed) == {"one_patient_a_bed"}
    evaluation = failed["one_patient_a_bed"]
    assert int(str(evaluation.metadata["violations"].value)) > 10
    assert "SU-001" in str(evaluation.metadata["first"].value)
    assert world.warehouse.row_counts()["patients"] == 0
    assert world.warehouse.row_counts()["staff_assignments"] > 0


def test_a_law_between_days_sees_the_day_before(
    world: World, hospital: Hospital, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A nurse works by day on 1 February, whoever had the night before."""
    eve, today = (
        make_extracts(hospital, Period(day, day))["staff_assignments"] for day in (JAN_31, FEB_1)
    )
    nights = eve.filter(pl.col("role") == "nurse", pl.col("shift") == "night")
    tired = nights.join(today, on="staff_id", how="anti")["staff_id"][0]
    sleepless = world.assets_in_which(STAFF_ASSIGNMENTS, by_day_again(tired), monkeypatch)
    upstream = ["people", "doctors", "staff_assignments"]

    def failed(result: dg.ExecuteInProcessResult) -> set[str]:
        return {one.check_name for one in result.get_asset_check_evaluations() if not one.passed}

    assert failed(world.materialize(FEB_1, selection=upstream, assets=sleepless)) == set()
    assert failed(world.materialize(JAN_31, selection=upstream)) == set()
    assert failed(world.materialize(FEB_1, selection=upstream, assets=sleepless)) == {"rest"}


def test_a_missing_upstream_is_named_in_one_line(world: World) -> None:
    result = world.materialize(JAN_31, selection=["doctors"])
    assert not result.success
    message = first_error(result)
    assert "\n" not in message
    assert "people 2023-01-31 is not in the lake" in message
    assert "materialize people for 2023-01-31 first" in message


def test_a_damaged_upstream_is_named_in_one_line(world: World) -> None:
    assert world.materialize(JAN_31, selection=["people"]).success
    file = Path(world.lake.path(PEOPLE, "parquet", JAN_31))
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    message = first_error(world.materialize(JAN_31, selection=["doctors"]))
    assert "\n" not in message
    assert str(file) in message
    assert "materialize people for 2023-01-31 again" in message


def test_a_table_without_its_file_names_the_day_and_is_not_tried_again(world: World) -> None:
    """Waiting does not bring a file; only what PostgreSQL refuses is worth another try."""
    result = world.materialize(JAN_31, selection=["warehouse/people"])
    assert not result.success
    assert "materialize people for 2023-01-31 first" in first_error(result)
    retries = [
        event
        for event in result.all_events
        if event.event_type == dg.DagsterEventType.STEP_UP_FOR_RETRY
    ]
    assert retries == []
    assert world.warehouse.row_counts()["people"] == 0


def test_the_doctors_are_named_as_in_the_file_of_people(world: World) -> None:
    """Lineage is real: what `people` says is what `doctors` says."""
    assert world.materialize(JAN_31, selection=["people"]).success
    persons = world.lake.read(PEOPLE, [JAN_31]).with_columns(last_name=pl.lit("Changed"))
    world.lake.write(PEOPLE, persons, "changed")
    assert world.materialize(JAN_31, selection=["doctors"]).success
    found = world.lake.read(DOCTORS, [JAN_31])["last_name"].unique().to_list()
    assert found == ["Changed"]


def test_an_attending_doctor_who_is_struck_off_the_roster_file_stops_the_day(world: World) -> None:
    upstream = ["people", "doctors", "staff_assignments"]
    assert world.materialize(JAN_31, selection=[*upstream, "patients"]).success
    struck = world.lake.read(PATIENTS, [JAN_31])["attending_doctor_id"].mode()[0]
    roster = world.lake.read(STAFF_ASSIGNMENTS, [JAN_31])
    shorter = roster.filter(pl.col("doctor_id").is_null() | (pl.col("doctor_id") != struck))
    world.lake.write(STAFF_ASSIGNMENTS, shorter, "changed")

    result = world.materialize(JAN_31, selection=["patients"])

    assert not result.success
    failed = {one.check_name: one for one in result.get_asset_check_evaluations() if not one.passed}
    assert set(failed) == {"doctor_on_duty"}
    assert str(struck) in str(failed["doctor_on_duty"].metadata["first"].value)


def test_manifests_are_files_that_anybody_can_read(world: World) -> None:
    assert world.materialize(JAN_31, selection=["people"]).success
    content = json.loads(Path(world.lake.path(PEOPLE, "manifest", JAN_31)).read_bytes())
    assert content["csv"]["path"] == "batch/people/csv/people-2023-01-31.csv"
    assert content["csv"]["rows"] == len(world.lake.read(PEOPLE, [JAN_31]))
