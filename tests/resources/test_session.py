"""Sessions that somebody else holds up: a bound, and who it is."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import text

from hospital_assets.backup import database_checks
from hospital_assets.history import storage as storage_module
from hospital_assets.history.storage import HistoryLockedError, HospitalStorage
from hospital_assets.resources.stream.connections import Connections
from hospital_assets.resources.warehouse import session as module
from hospital_assets.resources.warehouse.resource import (
    Warehouse,
    WarehouseAwayError,
    WarehouseError,
)
from hospital_assets.resources.warehouse.session import HeldUpError, session

NAME = "somebody's notebook"


@contextmanager
def locking(url: str, table: str = "hospital.people") -> Iterator[int]:
    """Lock a table, and give the number of the session's process in the server."""
    with psycopg.connect(url, application_name=NAME) as connection:
        connection.execute(f"LOCK TABLE {table}".encode())
        yield connection.info.backend_pid


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at once, and give up soon."""
    monkeypatch.setattr(module, "_LOOK_SECONDS", 0.2)
    monkeypatch.setattr(storage_module, "READ_LOCK_SECONDS", 3)
    monkeypatch.setattr(Warehouse._transaction.__wrapped__, "__defaults__", (3,))


def check_told(message: str, pid: int) -> None:
    """It is one line that says what is held, by whom, since when, and what to do."""
    assert "\n" not in message
    assert f"is held by process {pid} of the server ({NAME}) since 20" in message
    assert f"pg_terminate_backend({pid})" in message


@pytest.mark.usefixtures("impatient")
def test_a_table_that_somebody_holds_is_told_and_given_up(
    warehouse: Warehouse, database: str, caplog: pytest.LogCaptureFixture
) -> None:
    with locking(database) as pid:
        with caplog.at_level(logging.WARNING), pytest.raises(WarehouseError) as caught:
            warehouse.row_counts()
        check_told(str(caught.value), pid)
        assert "hospital.people" in str(caught.value)
        # A further try would wait as long.
        assert not isinstance(caught.value, WarehouseAwayError)
        assert f"waiting: hospital.people is held by process {pid}" in caplog.text
    assert warehouse.row_counts()["people"] == 0


@pytest.mark.usefixtures("impatient")
def test_a_lock_by_name_is_told_as_well(database: str) -> None:
    with psycopg.connect(database, application_name=NAME) as holder:
        holder.execute("SELECT pg_advisory_lock(1)")
        with (
            pytest.raises(HeldUpError) as caught,
            session(database, "hospital test", lock_seconds=2) as waiting,
        ):
            waiting.execute("SELECT pg_advisory_xact_lock(1)")
        check_told(str(caught.value), holder.info.backend_pid)


@pytest.mark.usefixtures("impatient", "warehouse")
def test_dagsters_own_tables_are_no_exception(database: str) -> None:
    storage = HospitalStorage(database.replace("postgresql:", "postgresql+psycopg2:"))
    with locking(database, "runs") as pid:
        with pytest.raises(HistoryLockedError) as caught:
            storage.run_storage.get_runs()
        check_told(str(caught.value), pid)
    assert storage.run_storage.get_runs() == []


@pytest.mark.usefixtures("warehouse")
def test_every_session_of_the_hospital_has_its_bounds(database: str) -> None:
    connections = Connections(lambda: database, lambda: pytest.fail("no broker is needed"), "any")
    storage = HospitalStorage(database.replace("postgresql:", "postgresql+psycopg2:"))
    show = "SELECT name FROM pg_settings WHERE setting = '0' AND name = ANY(%s)"
    names = ["lock_timeout", "statement_timeout"]
    for opened in (
        session(database, "hospital test"),
        connections.database(),
        database_checks.connected(database, "look"),
    ):
        with opened as connection:
            assert connection.execute(show, [names]).fetchall() == []
    for engine in (storage.run_storage._engine, storage.event_log_storage._engine):
        with engine.connect() as connection:
            assert connection.execute(text("SHOW lock_timeout")).scalar() == "1min"
