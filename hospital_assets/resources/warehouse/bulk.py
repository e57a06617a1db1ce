"""A current-state table while many rows are loaded: without its indexes, and left by autovacuum.

Both come at the end, once, instead of again and again while the table grows. Every function works
inside the caller's transaction and leaves the commit to it. None does anything for a user who
doesn't own the table: its indexes stay, and a load takes the longer way.
"""

from psycopg import sql

from hospital_assets.contracts.record_type import RecordType
from hospital_assets.resources.warehouse.loading import Connection, lock_key, table
from hospital_assets.resources.warehouse.schema import SCHEMA, indexes

_LOCK = lock_key(f"{SCHEMA}: bulk")


def begin(connection: Connection, record: RecordType) -> None:
    """Drop the indexes and keep autovacuum away; nobody undoes it while the connection lives."""
    if not _is_owner(connection, record):
        return
    connection.execute("SELECT pg_advisory_lock_shared(%s)", [_LOCK])
    for name in indexes(record):
        connection.execute(sql.SQL("DROP INDEX IF EXISTS {}").format(sql.Identifier(SCHEMA, name)))
    connection.execute(
        sql.SQL("ALTER TABLE {} SET (autovacuum_enabled = false)").format(table(record))
    )


def rebuild(connection: Connection, record: RecordType) -> None:
    """Build the indexes that are missing and let autovacuum in, unless somebody goes on without."""
    missing = [
        statement
        for name, statement in indexes(record).items()
        # To build one that is there would wait for every load.
        if not _value(connection, "SELECT to_regclass(%s) IS NOT NULL", f"{SCHEMA}.{name}")
    ]
    if not missing or not _is_owner(connection, record):
        return
    if _value(connection, "SELECT pg_try_advisory_xact_lock(%s)", _LOCK):
        for statement in missing:
            connection.execute(statement.encode())
        connection.execute(
            sql.SQL("ALTER TABLE {} RESET (autovacuum_enabled)").format(table(record))
        )
        # Autovacuum comes within minutes; until then nobody should plan by an empty table.
        connection.execute(sql.SQL("ANALYZE {}").format(table(record)))


def _is_owner(connection: Connection, record: RecordType) -> bool:
    query = (
        "SELECT EXISTS (SELECT FROM pg_class "
        "WHERE oid = to_regclass(%s) AND pg_has_role(relowner, 'USAGE'))"
    )
    return _value(connection, query, f"{SCHEMA}.{record.name}")


def _value(connection: Connection, query: str, argument: object) -> bool:
    return bool(connection.execute(query.encode(), [argument]).fetchall()[0][0])
