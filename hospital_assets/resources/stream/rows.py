"""The table of a stream: canonical lines in, canonical lines out."""

from collections.abc import Collection, Sequence
from functools import cache

import polars as pl
from psycopg import sql
from psycopg.rows import dict_row

from hospital_assets.contracts.stream_type import StreamType
from hospital_assets.resources.stream import wire
from hospital_assets.resources.warehouse.loading import Connection, names, table
from hospital_assets.resources.warehouse.schema import SCHEMA

_FILES = sql.Identifier(SCHEMA, "stream_files")


def stored(connection: Connection, kind: StreamType, ids: Sequence[str]) -> dict[str, bytes]:
    """Return the canonical bytes of those of the events that are in the table."""
    query = sql.SQL("SELECT {} FROM {} WHERE {} = ANY(%b)").format(
        _columns(kind), table(kind.record), sql.Identifier(kind.id_column)
    )
    form = wire.form(kind)
    with connection.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(query, [ids])
        return {row[kind.id_column]: form.encode(row) for row in found}


def insert(connection: Connection, kind: StreamType, lines: Sequence[bytes]) -> None:
    """Copy new events into the table."""
    if not lines:
        return
    frame = pl.read_ndjson(b"\n".join(lines), schema=_wire_types(kind))
    query = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
        table(kind.record), _columns(kind)
    )
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        copy.write(frame.write_csv(include_header=False))


def remove(connection: Connection, kind: StreamType, ids: Collection[str]) -> int:
    """Remove rows, and return how many there were."""
    query = sql.SQL("DELETE FROM {} WHERE {} = ANY(%s)").format(
        table(kind.record), sql.Identifier(kind.id_column)
    )
    return connection.execute(query, [list(ids)]).rowcount


def strays(connection: Connection, kind: StreamType) -> list[str]:
    """Return the ids of the rows that no landed event is of."""
    query = sql.SQL(
        "SELECT {id} FROM {table} EXCEPT SELECT unnest(event_ids) FROM {files} WHERE stream = %s"
    ).format(id=sql.Identifier(kind.id_column), table=table(kind.record), files=_FILES)
    return [event_id for (event_id,) in connection.execute(query, [kind.name])]


def ranges_with_gone(
    connection: Connection, kind: StreamType, topic: str, partition: int
) -> set[int]:
    """Return the first offset of each landed range of which a row is gone."""
    query = sql.SQL(
        "SELECT DISTINCT first_offset FROM {files}, unnest(event_ids) AS event_id"
        " WHERE topic = %s AND partition = %s"
        " AND NOT EXISTS (SELECT FROM {table} WHERE {id} = event_id)"
    ).format(files=_FILES, table=table(kind.record), id=sql.Identifier(kind.id_column))
    return {first for (first,) in connection.execute(query, [topic, partition])}


def _columns(kind: StreamType) -> sql.Composed:
    return names(kind.record.schema.column_names())


@cache
def _wire_types(kind: StreamType) -> dict[str, pl.DataType]:
    """Return the types of the columns as they are written: PostgreSQL reads dates as texts."""
    return {
        name: column.dtype if isinstance(column.dtype, pl.Int32 | pl.Int64) else pl.String()
        for name, column in kind.record.schema.columns().items()
    }
