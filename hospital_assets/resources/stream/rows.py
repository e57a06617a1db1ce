"""The table of a stream: canonical lines in, canonical lines out."""

from collections.abc import Sequence
from functools import cache

import polars as pl
from psycopg import sql
from psycopg.rows import dict_row

from hospital_assets.contracts.stream_type import StreamType
from hospital_assets.resources.stream import wire
from hospital_assets.resources.warehouse.loading import Connection, names, table


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


def _columns(kind: StreamType) -> sql.Composed:
    return names(kind.record.schema.column_names())


@cache
def _wire_types(kind: StreamType) -> dict[str, pl.DataType]:
    """Return the types of the columns as they are written: PostgreSQL reads dates as texts."""
    return {
        name: column.dtype if isinstance(column.dtype, pl.Int32 | pl.Int64) else pl.String()
        for name, column in kind.record.schema.columns().items()
    }
