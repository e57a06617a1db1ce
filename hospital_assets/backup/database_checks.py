"""The two databases as a backup finds them: their versions, and whether they are empty."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import dagster_postgres
import psycopg
from alembic.script import ScriptDirectory
from dagster._core.storage.sql import get_alembic_config
from psycopg import sql

from hospital_assets.backup.errors import BackupError
from hospital_assets.errors import one_line
from hospital_assets.registry import RECORD_TYPES
from hospital_assets.resources.warehouse import removal
from hospital_assets.resources.warehouse.loading import Connection
from hospital_assets.resources.warehouse.schema import SCHEMA, VERSION_TABLE
from hospital_assets.resources.warehouse.session import session

# One row each, which a first start writes.
_SET_UP = ("campaign", VERSION_TABLE)
_HISTORY = ("runs", "event_logs")


@contextmanager
def connected(url: str, action: str) -> Iterator[Connection]:
    """Give a connection whose statements are one transaction; raises BackupError in one line."""
    try:
        own = urlsplit(url)._replace(scheme="postgresql").geturl()
        with session(own, "hospital backup") as connection:
            yield connection
    except psycopg.Error as error:
        raise BackupError(f"can't {action}: {one_line(error)}") from error


def own_dagster_version() -> str:
    """Return the version of Dagster's tables that the installed Dagster works with."""
    scripts = ScriptDirectory.from_config(get_alembic_config(dagster_postgres.__file__))
    return str(scripts.get_current_head())


def stored_dagster_version(connection: Connection) -> str | None:
    """Return the version of Dagster's tables in the database, None if there are none."""
    if not _exists(connection, "public.alembic_version"):
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return None if row is None else str(row[0])


def refuse_others(connection: Connection) -> None:
    """Raise BackupError if anybody else is connected to the database."""
    row = connection.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        # The server's own workers are nobody's; who is connected, unlike how, everybody may see.
        " AND pid <> pg_backend_pid() AND usesysid IS NOT NULL"
    ).fetchone()
    if row is not None and row[0]:
        raise BackupError(
            f"{row[0]} others are connected to database {connection.info.dbname}:"
            " stop the stack first, as with `make down`; nothing was restored"
        )


def refuse_records(connection: Connection) -> None:
    """Raise BackupError if a table of the hospital's schema holds rows."""
    query = (
        "SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(%s)"
        " AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> ALL(%s)"
    )
    found = connection.execute(query, [SCHEMA, list(_SET_UP)]).fetchall()
    _refuse_rows(connection, [sql.Identifier(SCHEMA, name) for (name,) in found])


def refuse_history(connection: Connection) -> None:
    """Raise BackupError if Dagster knows of any run."""
    _refuse_rows(
        connection,
        [sql.Identifier("public", name) for name in _HISTORY
         if _exists(connection, f"public.{name}")],
    )  # fmt: skip


def make_room(connection: Connection) -> None:
    """Drop the hospital's schema, whose tables hold no rows, if it is there.

    Raises BackupError if others keep something in it, or have made something of its tables.
    """
    try:
        removal.drop_tables(connection, RECORD_TYPES)
    except psycopg.errors.DependentObjectsStillExist as error:
        raise BackupError(
            f"{one_line(error.diag.message_detail or error)}: drop what isn't ours first;"
            " nothing was restored"
        ) from error
    row = connection.execute("SELECT to_regnamespace(%s) IS NULL", [SCHEMA]).fetchone()
    if row is None or not row[0]:
        raise BackupError(
            f"the schema {SCHEMA} holds something that isn't ours: move it to a schema of its own;"
            " nothing was restored"
        )


def _refuse_rows(connection: Connection, tables: list[sql.Identifier]) -> None:
    for table in tables:
        query = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(table)
        row = connection.execute(query).fetchone()
        if row is not None and row[0]:
            raise BackupError(
                f"database {connection.info.dbname} is not empty, {table.as_string(connection)}"
                " has rows: restore into another one (HOSPITAL_STATE or HOSPITAL_DATABASE__...);"
                " nothing was restored"
            )


def _exists(connection: Connection, table: str) -> bool:
    row = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [table]).fetchone()
    return row is not None and bool(row[0])
