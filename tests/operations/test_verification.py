"""Verification: a clean hospital has no findings, and every planted difference is found there."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from hospital_assets.calendar.period import Period
from hospital_assets.configuration.hospital_files import (
    fingerprint,
)
from hospital_assets.contracts.doctors import DOCTORS
from hospital_assets.contracts.patient_flow import PATIENT_FLOW
from hospital_assets.contracts.patients import PATIENTS
from hospital_assets.contracts.people import PEOPLE
from hospital_assets.contracts.record_type import RecordType
from hospital_assets.contracts.transfers import TRANSFER_STREAM, TRANSFERS
from hospital_assets.operations.verification import Finding, verify
from hospital_assets.registry import EXTRACTS, make_extracts, registration
from hospital_assets.resources.lake.resource import Lake
from hospital_assets.resources.stream import rows, wire
from hospital_assets.resources.warehouse.resource import Warehouse
from hospital_assets.simulation import Frames, Hospital
from hospital_assets.simulation.laws.law import Law
from tests.connected import database_like, warehouse_at
from tests.hospitals import small_hospital

FIRST, SECOND = date(2023, 1, 5), date(2023, 1, 6)
DAYS = Period(FIRST, SECOND)
RECORDS = [row.contract for row in EXTRACTS]
CHANGES = [
    (
        "doctors",
        "UPDATE hospital.doctors SET last_name = 'Nobody' WHERE (tableoid, ctid) IN"
        " (SELECT tableoid, ctid FROM hospital.doctors WHERE roster_date = %s"
        " LIMIT 1)",
    ),
    (
        "staff_assignments",
        "UPDATE hospital.staff_assignments SET shift = 'never' WHERE (tableoid, ctid) IN"
        " (SELECT tableoid, ctid FROM hospital.staff_assignments WHERE work_date = %s"
        " LIMIT 1)",
    ),
    (
        "staff_assignments",
        "DELETE FROM hospital.staff_assignments WHERE (tableoid, ctid) IN"
        " (SELECT tableoid, ctid FROM hospital.staff_assignments WHERE work_date = %s"
        " LIMIT 1)",
    ),
    (
        "patients",
        "UPDATE hospital.patients SET diagnosis = 'Changed' WHERE (tableoid, ctid) IN"
        " (SELECT tableoid, ctid FROM hospital.patients WHERE census_date = %s"
        " LIMIT 1)",
    ),
    (
        "patients",
        "UPDATE hospital.patients SET discharged_at = NULL WHERE (tableoid, ctid) IN"
        " (SELECT tableoid, ctid FROM hospital.patients WHERE census_date = %s"
        " AND discharged_at IS NOT NULL LIMIT 1)",
    ),
    (
        "diagnoses",
        "DELETE FROM hospital.diagnoses WHERE (tableoid, ctid) IN"
        " (SELECT tableoid, ctid FROM hospital.diagnoses WHERE census_date = %s"
        " LIMIT 1)",
    ),
]


@pytest.fixture(scope="module")
def hospital() -> Hospital:
    return small_hospital()


@pytest.fixture(scope="module")
def frames(hospital: Hospital) -> Frames:
    """Two days of every extract, and of transfers."""
    made = make_extracts(hospital, DAYS)
    return made | {"transfers": registration(TRANSFERS).rows(hospital, DAYS, made)}


@pytest.fixture(scope="module")
def kept_lake(tmp_path_factory: pytest.TempPathFactory, hospital: Hospital, frames: Frames) -> Lake:
    """A lake with two days of every extract, of which each test has a copy."""
    filled = Lake(str(tmp_path_factory.mktemp("kept") / "lake"))
    for record in RECORDS:
        filled.write(record, frames[record.name], fingerprint(hospital))
    return filled


@pytest.fixture(scope="module")
def kept_database(postgres_dsn: str, kept_lake: Lake) -> Iterator[str]:
    """The name of a database with the same two days, of which each test has a copy."""
    with database_like(postgres_dsn, "template1") as url:
        filled = warehouse_at(url)
        filled.create_schema()
        for record in RECORDS:
            filled.load(record, {day: kept_lake.csv(record, day) for day in DAYS.days})
        yield urlsplit(url).path.removeprefix("/")


@pytest.fixture
def lake(tmp_path: Path, kept_lake: Lake) -> Lake:
    """A lake with two days of every extract."""
    return Lake(str(shutil.copytree(kept_lake.root, tmp_path / "lake")))


@pytest.fixture
def database(postgres_dsn: str, kept_database: str) -> Iterator[str]:
    """URL of a database with the same two days, that this test has to itself."""
    with database_like(postgres_dsn, kept_database) as url:
        yield url


@pytest.fixture
def warehouse(database: str) -> Warehouse:
    """The warehouse in that database."""
    return warehouse_at(database)


@pytest.fixture
def flow(
    hospital: Hospital, frames: Frames, lake: Lake, warehouse: Warehouse, database: str
) -> list[date]:
    """Two days of transfers landed, the mart counted of the second alone; returns its days."""
    with psycopg.connect(database) as connection:
        lines = wire.form(TRANSFER_STREAM).encode_frame(frames["transfers"])
        rows.insert(connection, TRANSFER_STREAM, lines)
    counted = registration(PATIENT_FLOW).rows(hospital, DAYS, frames)
    lake.write(PATIENT_FLOW, counted.filter(flow_date=SECOND), fingerprint(hospital))
    warehouse.load(PATIENT_FLOW, {SECOND: lake.csv(PATIENT_FLOW, SECOND)})
    return [SECOND]


Findings = Callable[[], list[Finding]]


@pytest.fixture
def findings(hospital: Hospital, lake: Lake, warehouse: Warehouse) -> Findings:
    """What verification finds in the two days."""
    return lambda: list(verify(hospital, lake, warehouse, DAYS))


def execute(dsn: str, statement: str, *values: object) -> int:
    """Execute a statement, and return how many rows it touched."""
    with psycopg.connect(dsn) as connection:
        return connection.execute(statement.encode(), values).rowcount


def places(found: list[Finding]) -> list[tuple[date, str, str]]:
    return [(one.day, one.record, one.place) for one in found]


def test_a_clean_hospital_has_no_findings(findings: Findings) -> None:
    assert findings() == []


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_flipped_byte_in_a_file_is_found(
    form: str, record: RecordType, findings: Findings, lake: Lake
) -> None:
    file = Path(lake.path(record, form, SECOND))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    found = findings()
    assert places(found) == [(SECOND, record.name, "lake")]
    assert str(file) in found[0].problem


def test_other_rows_in_the_lake_with_a_manifest_that_fits_them_are_found(
    findings: Findings, lake: Lake, hospital: Hospital
) -> None:
    """Whoever writes a wrong day as a whole is not believed."""
    lake.write(DOCTORS, lake.read(DOCTORS, [FIRST])[1:], fingerprint(hospital))
    found = findings()
    assert places(found) == [(FIRST, "doctors", "lake")]
    assert "expected" in found[0].problem


def test_a_day_of_another_hospital_is_found(findings: Findings, lake: Lake) -> None:
    lake.write(DOCTORS, lake.read(DOCTORS, [FIRST]), "another")
    found = findings()
    assert places(found) == [(FIRST, "doctors", "lake")]
    assert "made by hospital another" in found[0].problem


@pytest.mark.parametrize(("table", "change"), CHANGES, ids=lambda text: text[:40])
def test_a_changed_cell_or_a_deleted_row_of_a_table_is_found(
    table: str, change: str, findings: Findings, database: str
) -> None:
    assert execute(database, change, SECOND) == 1
    assert places(findings()) == [(SECOND, table, "database")]


def test_a_day_that_the_lake_lacks_is_found(findings: Findings, lake: Lake) -> None:
    for form in ("csv", "parquet", "manifest"):
        Path(lake.path(PATIENTS, form, SECOND)).unlink()
    found = findings()
    assert places(found) == [(SECOND, "patients", "lake")]
    assert found[0].problem == "missing"


def test_a_day_that_a_table_lacks_is_found(findings: Findings, database: str) -> None:
    assert execute(database, "DELETE FROM hospital.diagnoses WHERE census_date = %s", SECOND) > 0
    found = findings()
    assert places(found) == [(SECOND, "diagnoses", "database")]
    assert found[0].problem == "missing"


def test_a_missing_file_of_people_does_not_hide_the_rest(findings: Findings, lake: Lake) -> None:
    Path(lake.path(PEOPLE, "csv", FIRST)).unlink()
    Path(lake.path(DOCTORS, "csv", SECOND)).unlink()
    assert places(findings()) == [(FIRST, "people", "lake"), (SECOND, "doctors", "lake")]


def someone(lake: Lake, day: date) -> int:
    """Return a person whose latest row is that of the day."""
    return lake.read(PEOPLE, [day])["person_id"][0]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("UPDATE hospital.people SET phone = '0000000000' WHERE person_id = %s", "differing"),
        ("UPDATE hospital.people SET record_date = '2022-01-01' WHERE person_id = %s", "older"),
    ],
)
def test_a_stale_person_is_found(
    change: str, kind: str, findings: Findings, lake: Lake, database: str
) -> None:
    member = someone(lake, SECOND)
    assert execute(database, change, member) == 1
    found = findings()
    assert (SECOND, "people", "database") in places(found)
    problems = " ".join(one.problem for one in found)
    assert kind in problems
    assert str(member) in problems


def test_a_person_who_is_gone_is_found(
    findings: Findings, lake: Lake, database: str, hospital: Hospital
) -> None:
    frames = make_extracts(hospital, DAYS)
    referred_to = {
        number
        for row in EXTRACTS
        for reference in row.contract.references
        if reference.table == "people"
        for number in frames[row.name][reference.columns[0]]
    }
    member = next(
        number for number in lake.read(PEOPLE, [FIRST])["person_id"] if number not in referred_to
    )
    assert execute(database, "DELETE FROM hospital.people WHERE person_id = %s", member) == 1
    found = findings()
    assert places(found) == [(FIRST, "people", "database")]
    assert "1 rows missing" in found[0].problem
    assert str(member) in found[0].problem


def test_a_person_too_many_is_found(findings: Findings, database: str) -> None:
    """Nobody may be in the table whom no day has touched."""
    invented = (
        "INSERT INTO hospital.people SELECT"
        """ (jsonb_populate_record(one, '{"person_id": 99999999}')).*"""
        " FROM hospital.people AS one LIMIT 1"
    )
    assert execute(database, invented) == 1
    assert "people" in {one.record for one in findings()}


def test_a_law_that_does_not_hold_is_found(
    findings: Findings, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = Law("strict", "Nobody exists.", ("people",), lambda frames, _: frames["people"])
    people, *others = EXTRACTS
    stricter = replace(people, laws=(*people.laws, strict))
    monkeypatch.setattr("hospital_assets.operations.verification.EXTRACTS", (stricter, *others))
    found = findings()
    assert places(found) == [(FIRST, "people", "law strict")]
    assert "Nobody exists." in found[0].problem


def test_a_mart_that_was_counted_is_clean_and_a_day_that_was_not_is_no_finding(
    flow: list[date], findings: Findings, lake: Lake, warehouse: Warehouse
) -> None:
    assert lake.days(PATIENT_FLOW) == warehouse.days(PATIENT_FLOW) == flow
    assert findings() == []


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.usefixtures("flow")
def test_a_changed_byte_in_a_file_of_the_mart_is_found(
    form: str, findings: Findings, lake: Lake
) -> None:
    file = Path(lake.path(PATIENT_FLOW, form, SECOND))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    found = findings()
    assert places(found) == [(SECOND, "patient_flow", "lake")]
    assert str(file) in found[0].problem


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("UPDATE hospital.patient_flow SET census = census + 1 WHERE flow_date = %s"
         " AND department = 'Surgery'", "SHA-256"),
        ("DELETE FROM hospital.patient_flow WHERE flow_date = %s AND department = 'Surgery'",
         "SHA-256"),
        ("DELETE FROM hospital.patient_flow WHERE flow_date = %s", "missing"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("flow")
def test_a_changed_row_of_the_mart_is_found(
    change: str, problem: str, findings: Findings, database: str
) -> None:
    assert execute(database, change, SECOND) > 0
    found = findings()
    assert places(found) == [(SECOND, "patient_flow", "database")]
    assert problem in found[0].problem


@pytest.mark.usefixtures("flow")
def test_a_mart_that_the_lake_lacks_is_found(findings: Findings, lake: Lake) -> None:
    for form in ("csv", "parquet", "manifest"):
        Path(lake.path(PATIENT_FLOW, form, SECOND)).unlink()
    found = findings()
    assert places(found) == [(SECOND, "patient_flow", "lake")]
    assert found[0].problem == "missing"
