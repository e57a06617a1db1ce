"""The tables that the contracts become."""

import threading

import psycopg
from psycopg import sql

from hospital_assets.registry import RECORD_TYPES
from hospital_assets.resources.warehouse.loading import table
from hospital_assets.resources.warehouse.resource import WarehouseError
from hospital_assets.resources.warehouse.schema import LOADED_AT, ddl
from tests.connected import warehouse_at


def test_contracts_become_keys_checks_comments_and_indexes() -> None:
    text = "\n".join(ddl(RECORD_TYPES))

    assert "CONSTRAINT pk_patients PRIMARY KEY (census_date, encounter_id)" in text
    assert "PARTITION BY RANGE (census_date)" in text
    assert "CHECK (age_years <= 120)" in text
    assert r"CHECK (phone ~ '^0\d{9}$')" in text
    assert "CHECK (sex IN ('female', 'male'))" in text
    assert "REFERENCES hospital.people (person_id) DEFERRABLE INITIALLY DEFERRED" in text
    assert "hospital.staff_assignments.staff_id IS 'Staff number; a doctor''s" in text
    assert "CREATE INDEX ix_people_id_number ON hospital.people (id_number)" in text
    assert "SERIAL" not in text


def test_every_contract_column_is_a_table_column(database: str) -> None:
    warehouse_at(database).create_schema()
    with psycopg.connect(database) as connection:
        for record in RECORD_TYPES:
            cursor = connection.execute(sql.SQL("SELECT * FROM {}").format(table(record)))
            assert [c.name for c in cursor.description or ()] == [
                *record.schema.column_names(),
                LOADED_AT,
            ]


def test_several_processes_may_create_the_schema_at_once(database: str) -> None:
    failures: list[Exception] = []

    def create() -> None:
        try:
            warehouse_at(database).create_schema()
        except WarehouseError as error:
            failures.append(error)

    threads = [threading.Thread(target=create) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert warehouse_at(database).row_counts() == dict.fromkeys(
        (record.name for record in RECORD_TYPES), 0
    )
