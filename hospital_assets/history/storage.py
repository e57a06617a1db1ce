"""Dagster's own storage in this checkout: PostgreSQL for its records, the state folder for files.

`dagster.yaml` names these classes, so that every Dagster process, however it was started, finds
(and if need be starts) the same database. Nothing secret stands in the file or in what Dagster
passes from process to process: each process reads the password itself.
"""

from pathlib import Path
from typing import Any, Self

import psycopg
from dagster._core.storage.local_compute_log_manager import LocalComputeLogManager
from dagster._core.storage.root import LocalArtifactStorage
from dagster._serdes import ConfigurableClassData
from dagster_postgres import DagsterPostgresStorage
from dagster_postgres.utils import create_pg_engine
from sqlalchemy import ExceptionContext, event

from hospital_assets.configuration.settings import load_settings
from hospital_assets.errors import HospitalError, is_refusal, one_line
from hospital_assets.history.day_versions import DayVersionedEvents
from hospital_assets.resources.warehouse.session import (
    READ_LOCK_SECONDS,
    bounds,
    held_up,
    who_locks,
)
from hospital_assets.services.databases import Databases

# Dagster nests its questions two or three deep, and asks from several threads.
_KEPT_CONNECTIONS = 4
_MORE_CONNECTIONS = 12
_CONNECT_SECONDS = 10


class HospitalStorage(DagsterPostgresStorage):
    """Keeps runs, events and schedules in the database that the settings name.

    Connections are kept open: a run of eight assets asks some hundred times, and a connection made
    anew for each costs more than what it asks for.
    """

    def __init__(self, postgres_url: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(postgres_url, inst_data=inst_data)
        # The tables are there by now.
        self._event_log_storage = DayVersionedEvents(postgres_url, should_autocreate_tables=False)
        for storage in (self._run_storage, self._event_log_storage, self._schedule_storage):
            storage._engine = create_pg_engine(
                storage.postgres_url,
                isolation_level="AUTOCOMMIT",
                pool_size=_KEPT_CONNECTIONS,
                max_overflow=_MORE_CONNECTIONS,
                pool_pre_ping=True,  # The server may have been restarted in between.
                # What a statement was given is tens of kB, and belongs in no message.
                hide_parameters=True,
                connect_args={
                    "application_name": "dagster",
                    "options": bounds(READ_LOCK_SECONDS),
                },
            )
            event.listen(storage._engine, "handle_error", _say_who_is_in_the_way)

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """Return the schema of the configuration, which is empty."""
        return {}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> Self:
        """Open the storage; starts the embedded server unless it runs."""
        url = Databases.of(load_settings()).dagster_url()
        _check_entry(url)
        return cls(url, inst_data=inst_data)


class HistoryRefusedError(HospitalError):
    """PostgreSQL doesn't let us into Dagster's database; the message is what it says."""


def _check_entry(url: str) -> None:
    """Raise HistoryRefusedError where Dagster would try again and then speak of its tries."""
    try:
        psycopg.connect(_plain(url), connect_timeout=_CONNECT_SECONDS).close()
    except psycopg.OperationalError as error:
        if is_refusal(error):
            raise HistoryRefusedError(
                f"can't open Dagster's history: {one_line(error)}; correct the settings below"
                " HOSPITAL_DATABASE, or the server"
            ) from error


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg2:", "postgresql:", 1)


class HistoryLockedError(HospitalError):
    """Somebody holds Dagster's tables; the message says who, and what to do."""


def _say_who_is_in_the_way(context: ExceptionContext) -> None:
    code = getattr(context.original_exception, "pgcode", None)
    if context.engine is not None and code == psycopg.errors.LockNotAvailable.sqlstate:
        url = _plain(context.engine.url.render_as_string(hide_password=False))
        who = held_up(who_locks(url), READ_LOCK_SECONDS)
        raise HistoryLockedError(f"can't read or write Dagster's history: {who}")


class HospitalArtifacts(LocalArtifactStorage):
    """Keeps what runs store as files in the state folder."""

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """Return the schema of the configuration, which is empty."""
        return {}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> Self:
        """Open the storage; makes no folder."""
        return cls(str(_folder()), inst_data=inst_data)


class HospitalComputeLogs(LocalComputeLogManager):
    """Keeps what runs print in the state folder."""

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """Return the schema of the configuration, which is empty."""
        return {}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> Self:
        """Open the logs; makes no folder."""
        return cls(str(_folder() / "compute_logs"), inst_data=inst_data)


def _folder() -> Path:
    return load_settings().state.resolve() / "dagster"
