"""Loading CSV files into PostgreSQL: whole days in and out of one transaction, never row by row.

Every function works inside the caller's transaction and leaves the commit to it.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import psycopg
from psycopg import sql

from hospital_assets.calendar.period import month_of
from hospital_assets.contracts.record_type import RecordType
from hospital_assets.resources.warehouse.latest_rows import UnfitFileError, latest_rows
from hospital_assets.resources.warehouse.schema import (
    LOADED_AT,
    SCHEMA,
    partition_bounds,
    partition_name,
)

Connection = psycopg.Connection[tuple[Any, ...]]
ATTACH_LOCK = f"{SCHEMA}: attach"
INCOMING = sql.Identifier("incoming")


def load_daily(connection: Connection, record: RecordType, files: Mapping[date, bytes]) -> int:
    """Replace the days of a daily table by their files, and return the number of rows.

    The first load of a month fills a table of its own and attaches it as the partition: its
    foreign keys are then checked by one join instead of a trigger a row, readers don't wait, and
    its rows are frozen as they come, which leaves nothing for a vacuum to do.
    A month that has its partition already gets its days deleted and copied.
    """
    months: dict[date, list[date]] = defaultdict(list)
    for day in sorted(files):
        months[month_of(day).first_day].append(day)
    _lock_months(connection, record, months)
    fresh = [month for month in months if not _has_partition(connection, record, month)]
    rows = 0
    for month in fresh:
        connection.execute(
            sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING CONSTRAINTS INCLUDING DEFAULTS)").format(
                _partition(record, month), table(record)
            )
        )
        rows += _copy_days(connection, record, month, months[month], files, frozen=True)
    if fresh:
        # Attaching locks the table and those it refers to, in an order that differs from table
        # to table. One attacher at a time can't deadlock. It comes before the deletes below,
        # so that nobody waits for this lock with rows of a shared partition in hand.
        lock(connection, ATTACH_LOCK)
        # The foreign keys are checked by a step in an index for each row of the month, in the order
        # of an index of its own where it has one: the steps then lie side by side. The planner
        # would rather go through all that the table refers to, which grows with every month.
        for way in ("enable_hashjoin", "enable_mergejoin", "enable_seqscan"):
            connection.execute(sql.SQL("SET LOCAL {} = off").format(sql.Identifier(way)))
    for month in fresh:
        connection.execute(
            sql.SQL("ALTER TABLE {} ATTACH PARTITION {} FOR VALUES FROM ({}) TO ({})").format(
                table(record),
                _partition(record, month),
                *map(sql.Literal, partition_bounds(month)),
            )
        )
    for month in months:
        if month in fresh:
            continue
        connection.execute(
            sql.SQL("DELETE FROM {} WHERE {} = ANY(%s)").format(
                _partition(record, month), sql.Identifier(record.partition_column)
            ),
            [months[month]],
        )
        rows += _copy_days(connection, record, month, months[month], files)
    return rows


def load_current(connection: Connection, record: RecordType, files: Mapping[date, bytes]) -> int:
    """Bring a current-state table up to the files' days, and return the number of rows read.

    Each key keeps its row of the latest day, whatever the order in which days are loaded. A row
    that stays as it was isn't written again.
    """
    _lock_months(connection, record, {month_of(day).first_day for day in files})
    newest, rows = latest_rows(record, files)
    _make_incoming(connection, record)
    _copy(connection, record, INCOMING, newest)
    columns = _columns(record)
    key = sql.SQL(", ").join(map(sql.Identifier, record.key))
    day = sql.Identifier(record.partition_column)
    values = [name for name in columns if name not in record.key]
    # Sorted by key: two loads that touch the same rows take them in the same order.
    connection.execute(
        sql.SQL(
            "INSERT INTO {table} AS stored ({columns}) "
            "SELECT {columns} FROM {incoming} ORDER BY {key} "
            "ON CONFLICT ({key}) DO UPDATE SET {updates} "
            "WHERE excluded.{day} >= stored.{day} "
            "AND ROW({excluded}) IS DISTINCT FROM ROW({stored})"
        ).format(
            table=table(record),
            columns=names(columns),
            key=key,
            incoming=INCOMING,
            day=day,
            updates=sql.SQL(", ").join(
                sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name))
                for name in (*values, LOADED_AT)
            ),
            excluded=names(values, "excluded"),
            stored=names(values, "stored"),
        )
    )
    return rows


def differences(
    connection: Connection, record: RecordType, files: Mapping[date, bytes]
) -> list[tuple[date, str, tuple[Any, ...]]]:
    """Return how a current-state table falls short of days: the day, what is wrong, and which key.

    `missing`: no row. `older`: the row is of an earlier day. `differing`: the same day, other
    values. `extra`: a row of the day whose key the file lacks. A row of a later day is as it should
    be.
    """
    _make_incoming(connection, record)
    for csv in files.values():
        _copy(connection, record, INCOMING, csv)
    columns = _columns(record)
    day = sql.Identifier(record.partition_column)
    found = connection.execute(
        sql.SQL(
            "SELECT incoming.{day}, CASE WHEN stored.{day} IS NULL THEN 'missing' "
            "WHEN stored.{day} < incoming.{day} THEN 'older' ELSE 'differing' END, {key} "
            "FROM {incoming} AS incoming LEFT JOIN {table} AS stored ON ({matches}) "
            "WHERE stored.{day} IS NULL OR stored.{day} < incoming.{day} "
            "OR (stored.{day} = incoming.{day} AND ROW({old}) IS DISTINCT FROM ROW({new})) "
            "UNION ALL SELECT stored.{day}, 'extra', {stored_key} FROM {table} AS stored "
            "WHERE stored.{day} = ANY(%s) AND NOT EXISTS (SELECT FROM {incoming} AS incoming "
            "WHERE {matches} AND incoming.{day} = stored.{day})"
        ).format(
            day=day,
            key=names(record.key, "incoming"),
            stored_key=names(record.key, "stored"),
            incoming=INCOMING,
            table=table(record),
            matches=sql.SQL(" AND ").join(
                sql.SQL("stored.{0} = incoming.{0}").format(sql.Identifier(name))
                for name in record.key
            ),
            old=names(columns, "stored"),
            new=names(columns, "incoming"),
        ),
        [list(files)],
    )
    return sorted((day, kind, tuple(key)) for day, kind, *key in found)


def days(connection: Connection, record: RecordType) -> list[date]:
    """Return the days that a table's rows are of, in order.

    An index probe a calendar day in a daily table, whose key leads with the day; else one scan.
    """
    query = sql.SQL(
        "SELECT day::date FROM (SELECT min({day}) AS first, max({day}) AS last FROM {table}) "
        "AS period, generate_series(first, last, '1 day') AS day, "
        "LATERAL (SELECT FROM {table} WHERE {day} = day::date LIMIT 1) AS present ORDER BY day"
        if record.is_daily
        else "SELECT DISTINCT {day} FROM {table} ORDER BY {day}"
    ).format(day=sql.Identifier(record.partition_column), table=table(record))
    return [row[0] for row in connection.execute(query)]


def digest_daily(connection: Connection, record: RecordType, day: date) -> str | None:
    """SHA-256 of a day's rows in the CSV form, in key order; None where there are none."""
    digest = hashlib.sha256()
    query = sql.SQL(
        "COPY (SELECT {} FROM {} WHERE {} = %s ORDER BY {}) TO STDOUT (FORMAT csv, HEADER)"
    ).format(
        names(_columns(record)),
        table(record),
        sql.Identifier(record.partition_column),
        names(record.key),
    )
    with connection.cursor() as cursor, cursor.copy(query, [day]) as copy:
        for block in copy:
            digest.update(block)
        return digest.hexdigest() if cursor.rowcount else None


def table(record: RecordType) -> sql.Identifier:
    """The record type's table as an SQL name."""
    return sql.Identifier(SCHEMA, record.name)


def _make_incoming(connection: Connection, record: RecordType) -> None:
    connection.execute(
        sql.SQL("CREATE TEMPORARY TABLE {} (LIKE {} INCLUDING DEFAULTS) ON COMMIT DROP").format(
            INCOMING, table(record)
        )
    )


def _copy_days(
    connection: Connection,
    record: RecordType,
    month: date,
    days: Sequence[date],
    files: Mapping[date, bytes],
    *,
    frozen: bool = False,
) -> int:
    partition = _partition(record, month)
    copied = {day: _copy(connection, record, partition, files[day], frozen=frozen) for day in days}
    _check_days(connection, record, partition, copied)
    return sum(copied.values())


def _copy(
    connection: Connection,
    record: RecordType,
    target: sql.Identifier,
    csv: bytes,
    *,
    frozen: bool = False,
) -> int:
    """Copy a file into a table, and return its rows; frozen only where this transaction made it."""
    query = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, HEADER match, FREEZE {})").format(
        target, names(_columns(record)), sql.Literal(frozen)
    )
    with connection.cursor() as cursor:
        with cursor.copy(query) as copy:
            copy.write(csv)
        return cursor.rowcount


def _check_days(
    connection: Connection, record: RecordType, target: sql.Identifier, copied: Mapping[date, int]
) -> None:
    day = sql.Identifier(record.partition_column)
    stored: dict[date, int] = dict(
        connection.execute(
            sql.SQL("SELECT {0}, count(*) FROM {1} WHERE {0} = ANY(%s) GROUP BY {0}").format(
                day, target
            ),
            [list(copied)],
        ).fetchall()
    )
    for wanted, rows in copied.items():
        if stored.get(wanted, 0) != rows:
            raise UnfitFileError(
                f"the file of {wanted} has {rows} rows, but {stored.get(wanted, 0)} of that day"
            )


def _lock_months(
    connection: Connection, record: RecordType, months: Mapping[date, object] | set[date]
) -> None:
    """Keep other loads of these months away until the transaction ends.

    Loads of a table that refers to a day of another share that other's lock: while its day is
    being replaced, a foreign key check would find neither the old row nor the new one.
    """
    locks = {lock_key(f"{record.name} {month}"): False for month in months}
    for reference in record.references:
        if record.partition_column in reference.columns:
            locks |= {lock_key(f"{reference.table} {month}"): True for month in months}
    for key, shared in sorted(locks.items()):
        call = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
        connection.execute(sql.SQL("SELECT {}(%s)").format(sql.Identifier(call)), [key])


def lock(connection: Connection, name: str) -> None:
    """Hold a named lock until the transaction ends."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [lock_key(name)])


def lock_key(name: str) -> int:
    """Return the number by which PostgreSQL knows a named lock."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


def _has_partition(connection: Connection, record: RecordType, month: date) -> bool:
    name = f"{SCHEMA}.{partition_name(record, month)}"
    row = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [name]).fetchone()
    return bool(row and row[0])


def _partition(record: RecordType, month: date) -> sql.Identifier:
    return sql.Identifier(SCHEMA, partition_name(record, month))


def _columns(record: RecordType) -> list[str]:
    return record.schema.column_names()


def names(columns: Sequence[str], source: str | None = None) -> sql.Composed:
    """Return column names as an SQL list, with the table they come from where it is given."""
    return sql.SQL(", ").join(
        sql.Identifier(source, name) if source else sql.Identifier(name) for name in columns
    )
