"""Loading in bulk: the indexes of the people and autovacuum go and come back."""

import psycopg
import pytest

from hospital_assets.contracts.people import PEOPLE
from hospital_assets.resources.lake.csv_form import csv_bytes
from hospital_assets.resources.warehouse.resource import Warehouse
from hospital_assets.resources.warehouse.schema import indexes
from tests.resources.frames import MARCH_1, SMALL, frame

ALL = {*indexes(PEOPLE), "pk_people"}


def present(dsn: str) -> set[str]:
    with psycopg.connect(dsn) as connection:
        rows = connection.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'people'")
        return {name for (name,) in rows}


def is_left_by_autovacuum(dsn: str) -> bool:
    with psycopg.connect(dsn) as connection:
        query = "SELECT reloptions FROM pg_class WHERE oid = 'hospital.people'::regclass"
        return connection.execute(query).fetchall() == [(["autovacuum_enabled=false"],)]


def test_people_are_loaded_without_their_indexes_and_have_them_afterwards(
    warehouse: Warehouse, database: str
) -> None:
    before = present(database)
    with warehouse.bulk(PEOPLE):
        during = present(database)
        rows = warehouse.load(PEOPLE, {MARCH_1: csv_bytes(frame(PEOPLE, [MARCH_1]))})

    assert (before, during, present(database)) == (ALL, {"pk_people"}, ALL)
    assert rows == SMALL.people


def test_autovacuum_stays_away_meanwhile_and_the_planner_knows_the_people_afterwards(
    warehouse: Warehouse, database: str
) -> None:
    with warehouse.bulk(PEOPLE):
        during = is_left_by_autovacuum(database)
        warehouse.load(PEOPLE, {MARCH_1: csv_bytes(frame(PEOPLE, [MARCH_1]))})

    assert (during, is_left_by_autovacuum(database)) == (True, False)
    with psycopg.connect(database) as connection:
        query = "SELECT reltuples FROM pg_class WHERE oid = 'hospital.people'::regclass"
        assert connection.execute(query).fetchall() == [(SMALL.people,)]


def test_the_last_of_several_builds_and_no_start_before(
    warehouse: Warehouse, database: str
) -> None:
    with warehouse.bulk(PEOPLE):
        with warehouse.bulk(PEOPLE):
            pass
        warehouse.create_schema()
        assert present(database) == {"pk_people"}
    assert present(database) == ALL


@pytest.mark.parametrize("killed", [True, False])
def test_after_a_crash_the_next_start_builds(
    warehouse: Warehouse, database: str, killed: bool
) -> None:
    def crash() -> None:
        with warehouse.bulk(PEOPLE):
            if killed:
                with psycopg.connect(database) as connection:
                    connection.execute(
                        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
            raise RuntimeError("crash")

    with pytest.raises(RuntimeError, match="crash"):
        crash()
    assert present(database) == {"pk_people"}
    assert is_left_by_autovacuum(database)
    warehouse.create_schema()
    assert present(database) == ALL
    assert not is_left_by_autovacuum(database)


def test_a_restart_of_the_server_in_between_fails_nothing(
    warehouse: Warehouse, database: str
) -> None:
    with warehouse.bulk(PEOPLE), psycopg.connect(database) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert present(database) == ALL
