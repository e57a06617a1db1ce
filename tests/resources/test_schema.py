"""The tables that the contracts become."""

import subprocess
import sys
import threading

import psycopg
import pytest
from psycopg import sql

from hospital_assets.contracts.patients import PATIENTS
from hospital_assets.contracts.people import PEOPLE
from hospital_assets.registry import RECORD_TYPES
from hospital_assets.resources.warehouse.loading import table
from hospital_assets.resources.warehouse.resource import Warehouse, WarehouseError
from hospital_assets.resources.warehouse.schema import ddl, schema_digest
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
            assert [c.name for c in cursor.description or ()] == record.schema.column_names()


def test_the_identity_of_the_schema_is_the_same_in_every_process() -> None:
    code = (
        "from hospital_assets.registry import RECORD_TYPES\n"
        "from hospital_assets.resources.warehouse.schema import schema_digest\n"
        "print(schema_digest(RECORD_TYPES))"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.strip()
        for _ in range(3)
    }

    assert seen == {schema_digest(RECORD_TYPES)}
    assert schema_digest([PEOPLE]) != schema_digest(RECORD_TYPES)


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


def test_a_schema_of_other_tables_is_refused(database: str) -> None:
    warehouse = warehouse_at(database)
    Warehouse(warehouse.url, [PEOPLE]).create_schema()

    with pytest.raises(WarehouseError, match="was made by another version: use another database"):
        warehouse.create_schema()
    with pytest.raises(WarehouseError, match=r'relation "hospital.patients" does not exist'):
        warehouse.days(PATIENTS)


def test_a_schema_that_is_not_ours_is_refused(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("CREATE SCHEMA hospital")

    with pytest.raises(WarehouseError, match="was made by another version"):
        warehouse_at(database).create_schema()
