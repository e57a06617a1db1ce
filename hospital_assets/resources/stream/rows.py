"""The table `transfers`: canonical lines in, canonical lines out."""

from collections.abc import Sequence

import polars as pl
from psycopg import sql
from psycopg.rows import dict_row

from hospital_assets.contracts.transfers import TRANSFERS
from hospital_assets.resources.stream import wire
from hospital_assets.resources.warehouse.loading import Connection, table

_COLUMNS = sql.SQL(", ").join(map(sql.Identifier, TRANSFERS.schema.column_names()))
# Dates stay the texts that they are: PostgreSQL reads the wire form.
_WIRE_TYPES = {
    name: column.dtype if isinstance(column.dtype, pl.Int32 | pl.Int64) else pl.String()
    for name, column in TRANSFERS.schema.columns().items()
}


def stored(connection: Connection, ids: Sequence[str]) -> dict[str, bytes]:
    """Return the canonical bytes of those of the events that are in the table."""
    query = sql.SQL("SELECT {} FROM {} WHERE transfer_id = ANY(%b)").format(
        _COLUMNS, table(TRANSFERS)
    )
    with connection.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(query, [ids])
        return {row["transfer_id"]: wire.encode(row) for row in found}


def insert(connection: Connection, lines: Sequence[bytes]) -> None:
    """Copy new events into the table."""
    if not lines:
        return
    frame = pl.read_ndjson(b"\n".join(lines), schema=_WIRE_TYPES)
    query = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(table(TRANSFERS), _COLUMNS)
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        copy.write(frame.write_csv(include_header=False))


def count(connection: Connection) -> int:
    """Return the number of transfers."""
    query = sql.SQL("SELECT count(*) FROM {}").format(table(TRANSFERS))
    return int(connection.execute(query).fetchall()[0][0])
