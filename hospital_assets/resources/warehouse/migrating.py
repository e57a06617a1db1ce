"""The version of the schema, and how one of an earlier version is brought forward (Alembic).

A fresh database is made from the contracts and stamped with the newest migration; only what is
there already goes through migrations.

Alembic is imported where it is called: most commands never need it, and it takes a while.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

import sqlalchemy as sa
from psycopg import sql

from hospital_assets.contracts.record_type import RecordType
from hospital_assets.resources.warehouse import views
from hospital_assets.resources.warehouse.loading import Connection, lock
from hospital_assets.resources.warehouse.removal import name_in_full
from hospital_assets.resources.warehouse.schema import SCHEMA, VERSION_TABLE, metadata

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

SCRIPTS = Path(__file__).with_name("migrations")
UNKNOWN = "unknown"

_BASELINE = "0001"
# What a database says that was made before there were migrations, from the tables of the first.
BASELINE_DIGEST = (
    "cd6c060a9d435f48addce72c528cd56a133cc9ebe0bf1b8dcfdc957cebe8cc10"  # pragma: allowlist secret
)
_VERSION = sql.Identifier(SCHEMA, VERSION_TABLE)


@cache
def newest() -> str:
    """Return the newest migration's version; raises if two lay claim to it."""
    return str(_scripts().get_current_head())


@cache
def versions() -> frozenset[str]:
    """Return every version that can be brought forward, and the newest."""
    return frozenset(script.revision for script in _scripts().walk_revisions())


def stored(connection: Connection, records: Sequence[RecordType]) -> str | None:
    """Return the version of the database's schema; None if it has none of our tables.

    `UNKNOWN` is one of ours that no version is known of.
    """
    if _exists(connection, VERSION_TABLE):
        row = connection.execute(sql.SQL("SELECT version_num FROM {}").format(_VERSION)).fetchone()
        return row[0] if row else UNKNOWN
    if _exists(connection, "schema_version"):
        row = connection.execute(
            sql.SQL("SELECT fingerprint FROM {}").format(sql.Identifier(SCHEMA, "schema_version"))
        ).fetchone()
        return _BASELINE if row == (BASELINE_DIGEST,) else UNKNOWN
    names = {table.name for table in metadata(records).tables.values()}
    return UNKNOWN if any(_exists(connection, name) for name in names) else None


def missing(connection: Connection, records: Sequence[RecordType]) -> list[str]:
    """Return the columns that the database lacks, as table.column."""
    wanted = _columns(tuple(records))
    rows = connection.execute(
        "SELECT relname, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
        " WHERE relnamespace = to_regnamespace(%s) AND relname = ANY(%s)"
        " AND attnum > 0 AND NOT attisdropped",
        [SCHEMA, list({table for table, _ in wanted})],
    ).fetchall()
    return sorted(f"{table}.{column}" for table, column in wanted.difference(rows))


@cache
def _columns(records: tuple[RecordType, ...]) -> frozenset[tuple[str, str]]:
    tables = metadata(records).tables.values()
    return frozenset((table.name, column.name) for table in tables for column in table.columns)


def stamp(connection: Connection) -> None:
    """Note a schema that was made from the contracts as of the newest version."""
    connection.execute(
        sql.SQL("INSERT INTO {} (version_num) VALUES (%s)").format(_VERSION), [newest()]
    )


def bring_forward(own: Connection, records: Sequence[RecordType]) -> None:
    """Migrate the schema to the newest version in one transaction, which is then committed.

    The connection is a new one, and closed afterwards.

    Does nothing if another process was faster. Raises psycopg.Error, and has changed nothing, if
    PostgreSQL refuses.
    """
    from alembic import command

    engine = sa.create_engine("postgresql+psycopg://", creator=lambda: own, poolclass=sa.NullPool)
    try:
        with engine.begin() as connection:
            lock(driver(connection), SCHEMA)
            version = stored(driver(connection), records)
            name_in_full(driver(connection))
            config = configuration(connection, records)
            if version == _BASELINE and not _exists(driver(connection), VERSION_TABLE):
                command.stamp(config, _BASELINE)
            views.drop(driver(connection), records)
            command.upgrade(config, "head")
            views.create(driver(connection), records)
    except sa.exc.DBAPIError as error:
        raise error.orig or error from error


def configuration(connection: sa.Connection, records: Sequence[RecordType]) -> "Config":
    """Return what Alembic's commands need to work on a connection, which they don't commit."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes |= {"connection": connection, "records": records}
    return config


def driver(connection: sa.Connection) -> Connection:
    """Return psycopg's connection behind SQLAlchemy's."""
    return cast(Connection, connection.connection.driver_connection)


def _scripts() -> "ScriptDirectory":
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(SCRIPTS))


def _exists(connection: Connection, table: str) -> bool:
    row = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [f"{SCHEMA}.{table}"]).fetchone()
    return bool(row and row[0])
