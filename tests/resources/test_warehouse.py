"""Loads: whole days or nothing, once or twice, alone or beside others."""

import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

import polars as pl
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql

from hospital_assets.configuration.settings import load_settings
from hospital_assets.contracts.doctors import DOCTORS
from hospital_assets.contracts.patients import PATIENTS
from hospital_assets.contracts.people import PEOPLE
from hospital_assets.contracts.record_type import RecordType
from hospital_assets.contracts.staff_assignments import STAFF_ASSIGNMENTS
from hospital_assets.from_settings import open_warehouse
from hospital_assets.registry import RECORD_TYPES
from hospital_assets.resources.lake.csv_form import csv_bytes
from hospital_assets.resources.lake.resource import Lake
from hospital_assets.resources.warehouse import loading
from hospital_assets.resources.warehouse.resource import Warehouse, WarehouseError
from hospital_assets.services.databases import Databases
from tests.connected import warehouse_at
from tests.resources.frames import MARCH_1, RECORDS, SMALL, days, frame

MARCH_2 = date(2021, 3, 2)
DAILY = [record for record in RECORDS if record.is_daily]
REFERRED_TO = [PEOPLE, DOCTORS]


def fill(
    warehouse: Warehouse, lake: Lake, records: Iterable[RecordType], wanted: list[date]
) -> None:
    """Load the days of several record types, a call a record type."""
    for record in records:
        lake.write(record, frame(record, wanted), "f")
        warehouse.load(record, {day: lake.csv(record, day) for day in wanted})


def digests(warehouse: Warehouse, wanted: list[date]) -> dict[tuple[str, date], str]:
    return {(record.name, day): warehouse.digest(record, day) for record in DAILY for day in wanted}


def together(*calls: Callable[[], object]) -> None:
    """Run the calls at once; the first failure is the test's."""
    failures: list[BaseException] = []

    def run(call: Callable[[], object]) -> None:
        try:
            call()
        except BaseException as error:  # whatever it is, it must reach the test
            failures.append(error)

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


@pytest.fixture
def loaded(warehouse: Warehouse, lake: Lake) -> Warehouse:
    """A warehouse with two days of everything."""
    fill(warehouse, lake, RECORDS, days(2))
    return warehouse


def test_tables_hold_the_very_bytes_of_the_files(loaded: Warehouse, lake: Lake) -> None:
    for record, day in itertools.product(DAILY, days(2)):
        manifest = lake.manifest(record, day)
        assert manifest is not None
        assert loaded.digest(record, day) == manifest.csv.sha256
    rows = {record.name: SMALL.of(record) * (2 if record in DAILY else 1) for record in RECORDS}
    assert loaded.row_counts() == {record.name: 0 for record in RECORD_TYPES} | rows


def test_a_load_says_how_many_rows_it_read(loaded: Warehouse, lake: Lake) -> None:
    for record in RECORDS:
        files = {day: lake.csv(record, day) for day in days(2)}
        assert loaded.load(record, files) == 2 * SMALL.of(record)
        assert loaded.load(record, {}) == 0


def test_a_new_month_is_read_from_its_index_alone_before_any_vacuum(
    loaded: Warehouse, database: str
) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("SET enable_seqscan = off")
        for record in DAILY:
            query = sql.SQL("EXPLAIN (ANALYZE, COSTS off) SELECT {0} FROM {1} ORDER BY {0}").format(
                sql.SQL(", ").join(map(sql.Identifier, record.key)),
                sql.Identifier("hospital", record.name),
            )
            plan = connection.execute(query).fetchall()
            assert "Heap Fetches: 0" in {str(line).strip() for (line,) in plan}, plan


def test_loading_twice_changes_nothing(loaded: Warehouse, lake: Lake, database: str) -> None:
    before, people = digests(loaded, days(2)), stored_people(database)

    fill(loaded, lake, RECORDS, days(2))

    assert digests(loaded, days(2)) == before
    assert stored_people(database) == people


def test_a_row_says_when_it_was_written_last(loaded: Warehouse, lake: Lake, database: str) -> None:
    def written() -> dict[object, datetime]:
        """When the rows of each day were written, which are all at once, and each person's."""
        days_and_people = (
            "SELECT DISTINCT census_date, loaded_at FROM hospital.patients",
            "SELECT person_id, loaded_at FROM hospital.people",
        )
        with psycopg.connect(database) as connection:
            rows = [row for query in days_and_people for row in connection.execute(query)]
        assert len(dict(rows)) == len(rows)
        return dict(rows)

    before = written()
    fill(loaded, lake, [PATIENTS], [MARCH_2])
    lake.write(PEOPLE, people_of(MARCH_2, 1, [3]), "of a test")
    loaded.load(PEOPLE, {MARCH_2: lake.csv(PEOPLE, MARCH_2)})
    after = written()

    assert before.keys() == after.keys()
    assert {key for key in before if before[key] < after[key]} == {MARCH_2, 3}
    assert {key for key in before if before[key] > after[key]} == set()


def test_a_day_loaded_alone_is_the_day_loaded_in_a_range_across_months(
    warehouse: Warehouse, lake: Lake
) -> None:
    wanted = days(6, date(2021, 3, 29))
    fill(warehouse, lake, RECORDS, wanted)
    together_loaded = digests(warehouse, wanted)
    for record, day in itertools.product(DAILY, reversed(wanted)):
        warehouse.load(record, {day: lake.csv(record, day)})

    assert digests(warehouse, wanted) == together_loaded
    assert all(warehouse.days(record) == wanted for record in DAILY)


def test_rows_that_vanished_from_a_day_vanish_from_the_table(loaded: Warehouse) -> None:
    fewer = frame(PATIENTS, [MARCH_2]).head(7)
    loaded.load(PATIENTS, {MARCH_2: csv_bytes(fewer)})

    assert loaded.row_counts()["patients"] == SMALL.patients + 7


def test_days_are_those_with_rows(loaded: Warehouse, lake: Lake) -> None:
    assert loaded.days(PATIENTS) == days(2)
    fill(loaded, lake, RECORDS, [date(2021, 6, 30)])
    assert loaded.days(PATIENTS) == [*days(2), date(2021, 6, 30)]
    assert loaded.days(PEOPLE) == [date(2021, 6, 30)]


def test_no_day_is_present_in_an_empty_table(warehouse: Warehouse) -> None:
    assert warehouse.days(PATIENTS) == []


# What must be refused, and leave everything as it was


def aged(rows: pl.DataFrame) -> str:
    """Return the rows as CSV, of people who are too old."""
    return csv_bytes(rows.with_columns(age_years=pl.lit(121, pl.Int32))).decode()


def test_refused_rows_change_nothing(loaded: Warehouse, lake: Lake) -> None:
    before = digests(loaded, days(2))
    good = frame(PATIENTS, [MARCH_2], version=1)
    text = csv_bytes(good).decode()
    refused = {
        "duplicate key": text + text.splitlines(keepends=True)[1],
        "ck_patients_age_years_max": aged(good),
        "ck_patients_triage_value": text.replace("orange", "purple"),
        "null value": text.replace("depa 2", ""),
        'not present in table "people"': csv_bytes(
            good.with_columns(person_id=pl.lit(999_999))
        ).decode(),
        'not present in table "doctors"': csv_bytes(
            good.with_columns(attending_doctor_id=pl.lit(999_999))
        ).decode(),
        "header": text.replace("census_date,encounter_id", "encounter_id,census_date", 1),
        "column name mismatch": text.replace("triage", "triage_colour", 1),
        "missing data": text + "2021-03-02,99\n",
        "of that day": text.replace("2021-03-02,5,", "2021-03-03,5,"),
        "partition constraint": text.replace("2021-03-02,5,", "2021-04-03,5,"),
    }
    for reason, content in refused.items():
        with pytest.raises(WarehouseError, match="nothing was changed") as error:
            loaded.load(PATIENTS, {MARCH_1: lake.csv(PATIENTS, MARCH_1), MARCH_2: content.encode()})
        assert reason in str(error.value)
        assert "\n" not in str(error.value)
        assert digests(loaded, days(2)) == before


def test_the_first_load_of_a_month_is_refused_as_whole(warehouse: Warehouse, lake: Lake) -> None:
    fill(warehouse, lake, REFERRED_TO, days(1))
    rows = frame(PATIENTS, [MARCH_1])
    text = csv_bytes(rows).decode()
    refused = {
        "is duplicated": text + text.splitlines(keepends=True)[1],
        "ck_patients_age_years_max": aged(rows),
        "fk_patients_person_id": csv_bytes(rows.with_columns(person_id=pl.lit(999_999))).decode(),
        "of that day": text.replace("2021-03-01,5,", "2021-04-03,5,"),
    }
    for reason, content in refused.items():
        with pytest.raises(WarehouseError, match="nothing was changed") as error:
            warehouse.load(PATIENTS, {MARCH_1: content.encode()})
        assert reason in str(error.value)
        assert warehouse.row_counts()["patients"] == 0
    assert warehouse.load(PATIENTS, {MARCH_1: text.encode()}) == SMALL.patients


def test_a_person_twice_in_a_day_is_refused(warehouse: Warehouse) -> None:
    rows = frame(PEOPLE, [MARCH_1])
    content = csv_bytes(pl.concat([rows, rows.tail(1)]))

    with pytest.raises(WarehouseError, match="nothing was changed"):
        warehouse.load(PEOPLE, {MARCH_1: content})
    assert warehouse.row_counts()["people"] == 0


def test_a_referenced_day_can_be_replaced_while_patients_refer_to_it(loaded: Warehouse) -> None:
    changed = frame(DOCTORS, [MARCH_1], version=1)
    before = loaded.digest(DOCTORS, MARCH_1)
    loaded.load(DOCTORS, {MARCH_1: csv_bytes(changed)})

    assert loaded.digest(DOCTORS, MARCH_1) != before


def test_a_referenced_row_that_vanishes_is_refused(loaded: Warehouse) -> None:
    before = loaded.digest(DOCTORS, MARCH_1)
    fewer = frame(DOCTORS, [MARCH_1]).head(SMALL.doctors - 1)

    with pytest.raises(WarehouseError, match=r"still referenced .*; nothing was changed"):
        loaded.load(DOCTORS, {MARCH_1: csv_bytes(fewer)})
    assert loaded.digest(DOCTORS, MARCH_1) == before


# Several at once


def test_a_reader_never_sees_half_a_day(loaded: Warehouse, lake: Lake, database: str) -> None:
    files = {MARCH_2: lake.csv(PATIENTS, MARCH_2)}
    done = threading.Event()
    seen: set[int] = set()

    def replace_the_day() -> None:
        try:
            for _ in range(60):
                loaded.load(PATIENTS, files)
        finally:
            done.set()

    def count() -> None:
        query = "SELECT count(*) FROM hospital.patients WHERE census_date = %s"
        with psycopg.connect(database, autocommit=True) as connection:
            while not done.is_set():
                seen.update(n for (n,) in connection.execute(query, [MARCH_2]))

    together(replace_the_day, count)

    assert seen == {SMALL.patients}


def test_a_reader_sees_a_new_month_at_once_and_whole(
    warehouse: Warehouse, lake: Lake, database: str
) -> None:
    wanted = days(31)
    for record in REFERRED_TO:
        fill(warehouse, lake, [record], wanted)
    lake.write(PATIENTS, frame(PATIENTS, wanted), "f")
    files = {day: lake.csv(PATIENTS, day) for day in wanted}
    seen: set[int] = set()
    done = threading.Event()

    def load() -> None:
        try:
            time.sleep(0.05)
            warehouse.load(PATIENTS, files)
        finally:
            done.set()

    def count() -> None:
        with psycopg.connect(database, autocommit=True) as connection:
            while not done.is_set():
                seen.update(
                    n for (n,) in connection.execute("SELECT count(*) FROM hospital.patients")
                )

    together(load, count)

    assert 0 in seen
    assert seen <= {0, 31 * SMALL.patients}


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_loaders_of_the_same_day_at_once_end_with_exactly_that_day(
    warehouse: Warehouse, lake: Lake, record: RecordType
) -> None:
    fill(warehouse, lake, itertools.takewhile(lambda r: r is not record, RECORDS), days(1))
    lake.write(record, frame(record, days(1)), "f")
    files = {MARCH_1: lake.csv(record, MARCH_1)}

    def load() -> None:
        for _ in range(5):
            warehouse.load(record, files)

    together(*[load] * 4)

    assert warehouse.row_counts()[record.name] == SMALL.of(record)


def test_loads_of_everything_at_once_neither_deadlock_nor_fail(
    warehouse: Warehouse, lake: Lake
) -> None:
    wanted = [day for month in (1, 2, 3, 4) for day in days(2, date(2021, month, 27))]
    fill(warehouse, lake, [PEOPLE], wanted)
    # The first two months have their doctors; the others get them in the middle of it all.
    fill(warehouse, lake, [DOCTORS], wanted[:4])
    for record in (DOCTORS, STAFF_ASSIGNMENTS, PATIENTS):
        lake.write(record, frame(record, wanted), "f")

    def load(record: RecordType, some: list[date]) -> Callable[[], object]:
        files: Mapping[date, bytes] = {day: lake.csv(record, day) for day in some}
        return lambda: [warehouse.load(record, files) for _ in range(6)]

    together(
        load(PEOPLE, wanted),
        load(PEOPLE, wanted[2:5]),
        load(DOCTORS, wanted),
        load(DOCTORS, wanted[:2]),
        load(STAFF_ASSIGNMENTS, wanted[:4]),
        load(PATIENTS, wanted[:4]),
        load(PATIENTS, wanted[1:3]),
    )

    assert warehouse.row_counts()["doctors"] == len(wanted) * SMALL.doctors
    assert warehouse.row_counts()["patients"] == 4 * SMALL.patients


def test_first_loads_of_months_of_tables_that_refer_to_each_other_do_not_deadlock(
    warehouse: Warehouse, lake: Lake
) -> None:
    early = [date(2021, month, 1) for month in range(1, 13)]
    late = [date(2022, month, 1) for month in range(1, 13)]
    fill(warehouse, lake, [PEOPLE, DOCTORS], early)

    def first_loads(record: RecordType, some: list[date]) -> Callable[[], object]:
        lake.write(record, frame(record, some), "f")
        return lambda: [warehouse.load(record, {day: lake.csv(record, day)}) for day in some]

    together(
        first_loads(DOCTORS, late),
        first_loads(PATIENTS, early),
        first_loads(STAFF_ASSIGNMENTS, early),
    )

    assert warehouse.days(DOCTORS) == [*early, *late]
    assert warehouse.days(PATIENTS) == warehouse.days(STAFF_ASSIGNMENTS) == early


STOPS_BEFORE_THE_COMMIT = """
import sys, time
from datetime import date
from pathlib import Path
import psycopg
from hospital_assets.registry import RECORD_TYPES
from hospital_assets.resources.warehouse.resource import Warehouse

def commit(connection):
    print("stopped", flush=True)
    time.sleep(60)

dsn, name, *files = sys.argv[1:]
[record] = [record for record in RECORD_TYPES if record.name == name]
psycopg.Connection.commit = commit
contents = {date.fromisoformat(file[-14:-4]): Path(file).read_bytes() for file in files}
Warehouse(lambda: dsn, RECORD_TYPES).load(record, contents)
"""


@pytest.mark.parametrize("record", [PATIENTS, PEOPLE], ids=lambda record: record.name)
@pytest.mark.parametrize("month", [3, 7])
def test_a_killed_loader_leaves_the_former_state(
    loaded: Warehouse, lake: Lake, database: str, record: RecordType, month: int
) -> None:
    before, people = digests(loaded, days(2)), stored_people(database)
    day = date(2021, month, 2)
    lake.write(record, frame(record, [day], version=1), "g")
    if record is PATIENTS and month == 7:
        fill(loaded, lake, REFERRED_TO, [day])
        people = stored_people(database)
    loader = subprocess.Popen(
        [
            sys.executable,
            "-c",
            STOPS_BEFORE_THE_COMMIT,
            database,
            record.name,
            lake.path(record, "csv", day),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert loader.stdout is not None
    assert loader.stdout.readline() == "stopped\n"
    os.kill(loader.pid, signal.SIGKILL)
    loader.wait()

    assert digests(loaded, days(2)) == before
    assert stored_people(database) == people
    loaded.load(record, {day: lake.csv(record, day)})
    assert day in loaded.days(record)


# People: one row a person, as of the latest day


def stored_people(dsn: str) -> list[tuple[object, ...]]:
    """Every person, between what changes when the row is written again: its version, and when."""
    with psycopg.connect(dsn) as connection:
        return connection.execute(
            "SELECT xmin, people.* FROM hospital.people ORDER BY person_id"
        ).fetchall()


def people_of(day: date, version: int, numbers: Iterable[int]) -> pl.DataFrame:
    return frame(PEOPLE, [day], version=version).filter(pl.col("person_id").is_in(list(numbers)))


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25
)
@given(
    extracts=st.lists(st.sets(st.integers(1, 6), min_size=1), min_size=1, max_size=4),
    data=st.data(),
)
def test_the_latest_state_of_each_person_does_not_depend_on_the_order(
    warehouse: Warehouse,
    database: str,
    extracts: list[set[int]],
    data: st.DataObject,
) -> None:
    wanted = days(len(extracts))
    frames = [
        people_of(day, version, numbers)
        for version, (day, numbers) in enumerate(zip(wanted, extracts, strict=True))
    ]
    files = {day: csv_bytes(rows) for day, rows in zip(wanted, frames, strict=True)}
    with psycopg.connect(database) as connection:
        connection.execute("TRUNCATE hospital.people CASCADE")
    for day in data.draw(st.permutations(wanted)):
        some = data.draw(st.sets(st.sampled_from(wanted)))
        warehouse.load(PEOPLE, {d: files[d] for d in {day, *some}})

    latest = (
        pl.concat(frames)
        .sort("person_id", "record_date")
        .unique("person_id", keep="last", maintain_order=True)
    )
    stored = [row for _, *row, _ in stored_people(database)]
    assert stored == [list(row) for row in latest.rows()]


def test_people_who_fall_short_of_a_day_are_named(warehouse: Warehouse, database: str) -> None:
    early = csv_bytes(people_of(MARCH_1, 0, [1, 2, 3, 4]))
    late = csv_bytes(people_of(MARCH_2, 1, [1, 2, 3, 4]))
    warehouse.load(PEOPLE, {MARCH_2: late})
    assert not warehouse.compare(PEOPLE, {MARCH_2: late})
    assert not warehouse.compare(PEOPLE, {MARCH_1: early}), "later than the file is as it should be"
    with psycopg.connect(database) as connection:
        connection.execute("DELETE FROM hospital.people WHERE person_id = 1")
        connection.execute(
            "UPDATE hospital.people SET record_date = %s WHERE person_id = 2", [MARCH_1]
        )
        connection.execute("UPDATE hospital.people SET city = 'X' WHERE person_id = 3")

        connection.execute("UPDATE hospital.people SET person_id = 5 WHERE person_id = 4")

    found = warehouse.compare(PEOPLE, {MARCH_1: early, MARCH_2: late})

    assert {(one.day, one.kind, one.key) for one in found} == {
        (MARCH_1, "missing", (1,)),
        (MARCH_2, "missing", (1,)),
        (MARCH_1, "differing", (2,)),
        (MARCH_2, "older", (2,)),
        (MARCH_2, "differing", (3,)),
        (MARCH_1, "missing", (4,)),
        (MARCH_2, "missing", (4,)),
        (MARCH_2, "extra", (5,)),
    }


# Connecting


def test_an_unreachable_server_is_one_line_without_the_password() -> None:
    stray = warehouse_at("postgresql://hospital:secret@127.0.0.1:1/hospital")

    with pytest.raises(WarehouseError, match=r"^can't count the rows: .*127\.0\.0\.1") as error:
        stray.row_counts()
    assert "secret" not in str(error.value)
    assert "\n" not in str(error.value)


def test_the_settings_name_the_database(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Databases, "hospital_url", lambda _: database)
    open_warehouse(load_settings()).create_schema()

    assert warehouse_at(database).row_counts()["people"] == 0


def test_a_missing_schema_is_named_with_what_to_do(database: str) -> None:
    content = csv_bytes(frame(PEOPLE, [MARCH_1]))

    with pytest.raises(WarehouseError, match="create the schema first"):
        warehouse_at(database).load(PEOPLE, {MARCH_1: content})


def test_a_day_without_rows_has_no_digest(loaded: Warehouse) -> None:
    assert loaded.digest(DOCTORS, MARCH_1) is not None
    assert loaded.digest(DOCTORS, date(2024, 2, 29)) is None


def test_the_days_of_people_are_found_in_one_scan_however_far_apart(
    loaded: Warehouse, lake: Lake, database: str
) -> None:
    """No index leads with the day: a look for each calendar day would be a scan each."""
    far = date(2024, 2, 29)
    lake.write(PEOPLE, frame(PEOPLE, [far]), "of a test")
    loaded.load(PEOPLE, {far: lake.csv(PEOPLE, far)})
    with psycopg.connect(database) as connection:
        assert loading.days(connection, PEOPLE)[-1] == far
        scans = connection.execute("SELECT pg_stat_get_xact_numscans('hospital.people'::regclass)")
        assert scans.fetchall() == [(1,)]
