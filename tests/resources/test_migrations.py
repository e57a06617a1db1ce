"""A database of an earlier version is brought forward: same schema as a fresh one, rows kept."""

import secrets
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from hospital_assets.contracts.people import PEOPLE
from hospital_assets.registry import RECORD_TYPES
from hospital_assets.resources.warehouse import migrating, resource, session
from hospital_assets.resources.warehouse.migrations import versions
from hospital_assets.resources.warehouse.resource import Warehouse, WarehouseError
from tests.connected import warehouse_at
from tests.resources.catalog import catalog

DEAD_LETTER = (
    "INSERT INTO hospital.dead_letters"
    ' (topic, partition, "offset", headers, reason, message, exception)'
    " VALUES ('transfers', 0, 7, '[]', 'not_json', 'no JSON', 'ValueError')"
)

EVENT_ID = "4b001cdd-ea8f-5ec7-a412-97a0a51ed896"
# What a version before the first migration has of a slot, and a letter as of a later one.
PUBLISHED_AND_LANDED = (
    "INSERT INTO hospital.campaign (epoch, tick_seconds, fingerprint) VALUES (now(), 60, 'former')",
    f"INSERT INTO hospital.transfers VALUES ('2020-12-01', '{EVENT_ID}', 1, 1, 1, 'Surgery', 'A1',"  # noqa: S608
    " 'A1-01', 'Leratong Hospital', 'step_down', 'urgent', 'patient_transport', 1,"
    " '2020-12-01 04:18:00')",
    "INSERT INTO hospital.published_slots VALUES ('2020-12-01', 1, 1)",
    "INSERT INTO hospital.stream_offsets VALUES ('transfers', 0, 'topic-id', 8)",
    "UPDATE hospital.dead_letters SET reason = 'set_aside', event_id = 'other'",
)


@pytest.fixture
def former(database: str) -> str:
    """A database as the version before the first migration left it, without rows."""
    baseline = Path(versions.__path__[0], "v0001_baseline.sql").read_text()
    with psycopg.connect(database) as connection:
        connection.execute("CREATE SCHEMA hospital")
        connection.execute(baseline.encode())
        connection.execute(
            "INSERT INTO hospital.schema_version (fingerprint) VALUES (%s)",
            [migrating.BASELINE_DIGEST],
        )
        connection.execute(DEAD_LETTER.encode())
    return database


@pytest.fixture
def fresh(database: str) -> Iterator[str]:
    """Another database, made by this version."""
    place = urlsplit(database)
    name = f"test_{secrets.token_hex(8)}"
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    url = urlunsplit(place._replace(path=f"/{name}"))
    warehouse_at(url).create_schema()
    yield url
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_a_migrated_database_has_the_schema_of_a_fresh_one(former: str, fresh: str) -> None:
    """Fails where a contract was changed without a migration: `make migration` writes one."""
    warehouse_at(former).create_schema()
    migrated, made = catalog(former), catalog(fresh)
    for part, wanted in made.items():
        assert migrated[part] == wanted, part
    assert all(made.values())


def test_a_fresh_database_is_of_the_newest_version(fresh: str) -> None:
    assert warehouse_at(fresh).version() == migrating.newest()


def test_what_was_landed_and_what_others_made_is_kept_and_days_of_the_batch_are_made_again(
    former: str,
) -> None:
    with psycopg.connect(former) as connection:
        connection.execute("CREATE SCHEMA analysts")
        connection.execute(
            "CREATE VIEW analysts.phones AS SELECT person_id, phone FROM hospital.people"
        )
        connection.execute(
            "INSERT INTO hospital.people VALUES ('2021-03-01', 1, 'Thabo', 'Nkosi', 'male',"
            " '1980-01-01', '8001015000081', '0820000001', '1 Vilakazi Street', 'Orlando West',"
            " 'Soweto', '1804', NULL, NULL)"
        )

    warehouse_at(former).create_schema()

    assert warehouse_at(former).row_counts()["people"] == 0
    with psycopg.connect(former) as connection:
        assert connection.execute("SELECT count(*) FROM analysts.phones").fetchall() == [(0,)]
        assert connection.execute('SELECT "offset" FROM hospital.dead_letters').fetchall() == [(7,)]


def test_several_processes_may_bring_it_forward_at_once(former: str) -> None:
    failures: list[Exception] = []

    def create() -> None:
        try:
            warehouse_at(former).create_schema()
        except WarehouseError as error:
            failures.append(error)

    threads = [threading.Thread(target=create) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert warehouse_at(former).version() == migrating.newest()


def test_a_migration_that_postgresql_refuses_changes_nothing_and_names_what_is_in_the_way(
    former: str,
) -> None:
    with psycopg.connect(former) as connection:
        connection.execute("CREATE VIEW public.version AS SELECT * FROM hospital.schema_version")
    before = catalog(former)

    with pytest.raises(
        WarehouseError,
        match=r"view public.version depends on table hospital.schema_version; nothing",
    ):
        warehouse_at(former).create_schema()
    assert catalog(former) == before


def test_a_migration_that_somebody_holds_up_gives_up_and_says_who(
    former: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resource, "WRITE_LOCK_SECONDS", 3)
    monkeypatch.setattr(session, "_LOOK_SECONDS", 0.2)
    before = catalog(former)
    with psycopg.connect(former, application_name="somebody's notebook") as holder:
        holder.execute("LOCK TABLE hospital.people IN SHARE MODE")
        pid = holder.info.backend_pid
        with pytest.raises(WarehouseError) as caught:
            warehouse_at(former).create_schema()
    told = f"hospital.people is held by process {pid} of the server (somebody's notebook)"
    assert str(caught.value).startswith(f"can't bring the schema forward: {told}")
    assert catalog(former) == before


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE hospital.schema_version SET fingerprint = 'older'",
        "DROP TABLE hospital.schema_version",
    ],
)
def test_tables_of_an_unknown_version_are_refused_with_the_command_that_begins_anew(
    change: str, former: str
) -> None:
    with psycopg.connect(former) as connection:
        connection.execute(change.encode())
    with pytest.raises(WarehouseError, match=r"of another version .*hospital reset"):
        warehouse_at(former).create_schema()


def test_tables_of_a_later_version_are_refused(fresh: str) -> None:
    with psycopg.connect(fresh) as connection:
        connection.execute("UPDATE hospital.schema_revision SET version_num = '9999'")
    with pytest.raises(WarehouseError, match=r"of another version .*hospital reset"):
        warehouse_at(fresh).create_schema()


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ("ALTER TABLE hospital.patients DROP diagnosis CASCADE", "patients.diagnosis"),
        ("DROP TABLE hospital.patient_flow CASCADE", "patient_flow.admissions"),
    ],
)
def test_tables_that_lack_a_column_are_refused(change: str, column: str, fresh: str) -> None:
    """As of a version beside this one, whose last migration has the same number."""
    with psycopg.connect(fresh) as connection:
        connection.execute(change.encode())
    with pytest.raises(WarehouseError, match=rf"without {column}: .*hospital reset"):
        warehouse_at(fresh).create_schema()


def test_a_schema_with_others_tables_alone_gets_ours_beside_them(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("CREATE SCHEMA hospital")
        connection.execute("CREATE TABLE hospital.notes (text text)")
    warehouse_at(database).create_schema()
    assert Warehouse(lambda: database, [PEOPLE]).row_counts() == {"people": 0}


def test_views_are_made_anew_by_a_migration_and_follow_the_tables(fresh: str) -> None:
    """One that looks at a column would keep a migration from changing that column."""
    made = catalog(fresh)["views"]
    with psycopg.connect(fresh) as connection:
        connection.execute("UPDATE hospital.schema_revision SET version_num = '0006'")
        connection.execute("DROP VIEW hospital.encounters")
        for record in RECORD_TYPES:
            connection.execute(f"ALTER TABLE hospital.{record.name} DROP loaded_at".encode())
        connection.execute("COMMENT ON VIEW hospital.occupancy IS 'as it was before'")
    warehouse_at(fresh).create_schema()
    assert catalog(fresh)["views"] == made


def test_a_former_hospitals_events_and_what_was_set_aside_are_left_out_by_a_start_over(
    former: str,
) -> None:
    with psycopg.connect(former) as connection:
        for statement in PUBLISHED_AND_LANDED:
            connection.execute(statement.encode())

    warehouse_at(former).create_schema()

    with psycopg.connect(former) as connection:
        found = connection.execute(
            "SELECT stream, event_id, topic_id, partition, end_offset"
            " FROM hospital.set_aside_events ORDER BY event_id"
        ).fetchall()
    assert found == [
        ("transfers", EVENT_ID, "topic-id", 0, 8),
        ("transfers", "other", "topic-id", 0, 8),
    ]
