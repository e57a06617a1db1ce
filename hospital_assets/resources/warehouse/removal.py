"""Dropping our tables: by their names, and nothing that others have made of them."""

from collections.abc import Sequence

import psycopg
from psycopg import sql

from hospital_assets.contracts.record_type import RecordType
from hospital_assets.resources.warehouse import views
from hospital_assets.resources.warehouse.loading import Connection
from hospital_assets.resources.warehouse.schema import SCHEMA, metadata

# A table that only earlier versions had.
_FORMER = ("schema_version",)


def our_tables(connection: Connection, records: Sequence[RecordType]) -> list[str]:
    """Return the names of our tables that are there; a month of a table goes with it."""
    names = [*(table.name for table in metadata(records).tables.values()), *_FORMER]
    rows = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(%s)"
        " AND relkind IN ('r', 'p') AND relname = ANY(%s) ORDER BY relname",
        [SCHEMA, names],
    ).fetchall()
    return [name for (name,) in rows]


def name_in_full(connection: Connection) -> None:
    """Have PostgreSQL name every table with its schema in what it says, in this transaction."""
    connection.execute("SET LOCAL search_path = ''")


def drop_tables(connection: Connection, records: Sequence[RecordType]) -> None:
    """Drop our views and tables, and the schema if nothing else is in it.

    All within the caller's transaction.

    Raises psycopg.errors.DependentObjectsStillExist if anything of others depends on them.
    """
    tables = our_tables(connection, records)
    name_in_full(connection)
    views.drop(connection, records)
    if tables:
        connection.execute(
            sql.SQL("DROP TABLE {}").format(
                sql.SQL(", ").join(sql.Identifier(SCHEMA, name) for name in tables)
            )
        )
    try:
        with connection.transaction():
            connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {}").format(sql.Identifier(SCHEMA)))
    except psycopg.errors.DependentObjectsStillExist:
        # Somebody keeps tables of their own in it.
        return
