"""The manifest of a stream: which ranges of offsets were landed, and into which file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from psycopg import sql

from hospital_assets.contracts.stream_type import StreamType
from hospital_assets.resources.warehouse.loading import Connection, table
from hospital_assets.resources.warehouse.schema import SCHEMA

TABLE = sql.Identifier(SCHEMA, "stream_files")
_COLUMNS = sql.SQL(
    "topic, partition, first_offset, end_offset, path, rows, bytes, sha256, duplicates, "
    "dead_letters"
)
# In binary: psycopg writes the texts of a list an element at a time, and these are long.
_LISTS = sql.SQL("%b::bigint[], %b::text[]")


class Place(NamedTuple):
    """Where the message of an event lies."""

    topic: str
    partition: int
    offset: int
    event_id: str


@dataclass(frozen=True)
class LandedRange:
    """A range of offsets of a partition; `path` (below the lake) is None where no row was new."""

    topic: str
    partition: int
    first: int
    end: int
    path: str | None
    rows: int
    bytes: int
    sha256: str | None
    duplicates: Sequence[int]
    dead_letters: int

    @property
    def name(self) -> str | None:
        """The file's name."""
        return None if self.path is None else self.path.rpartition("/")[2]


def add(connection: Connection, stream: str, entry: LandedRange, events: Sequence[Place]) -> None:
    """Store what a transaction has landed, with the events of the file's lines in their order."""
    connection.execute(
        sql.SQL(
            "INSERT INTO {} (stream, topic, partition, first_offset, end_offset, path, rows, "
            "bytes, sha256, offsets, event_ids, duplicates, dead_letters) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, {}, %s, %s)"
        ).format(TABLE, _LISTS),
        [
            stream, entry.topic, entry.partition, entry.first, entry.end, entry.path, entry.rows,
            entry.bytes, entry.sha256, *_lists(events), list(entry.duplicates), entry.dead_letters,
        ],
    )  # fmt: skip


def shorten(
    connection: Connection, entry: LandedRange, kept: Sequence[Place], size: int, sha256: str | None
) -> None:
    """Store that one event of a range, now a dead letter, is in its file no more."""
    query = sql.SQL(
        "UPDATE {} SET rows = %s, bytes = %s, sha256 = %s, path = %s,"
        " (offsets, event_ids) = ROW({}),"
        " dead_letters = dead_letters + 1 WHERE topic = %s AND partition = %s AND first_offset = %s"
    ).format(TABLE, _LISTS)
    connection.execute(
        query,
        [
            len(kept), size, sha256, entry.path if kept else None, *_lists(kept),
            entry.topic, entry.partition, entry.first,
        ],
    )  # fmt: skip


def holding(connection: Connection, topic: str, partition: int, offset: int) -> LandedRange | None:
    """Return the range that an offset lies in, or None."""
    query = sql.SQL(
        "SELECT {} FROM {} WHERE topic = %s AND partition = %s"
        " AND first_offset <= %s AND end_offset > %s"
    ).format(_COLUMNS, TABLE)
    row = connection.execute(query, [topic, partition, offset, offset]).fetchone()
    return None if row is None else LandedRange(*row)


def of_days(
    connection: Connection, kind: StreamType, first_day: date, last_day: date
) -> list[LandedRange]:
    """Return the ranges with an event of the days, or with one whose row is gone, in order."""
    query = sql.SQL(
        "SELECT {columns} FROM {files} WHERE stream = %s AND EXISTS (SELECT FROM"
        " unnest(event_ids) AS event_id LEFT JOIN {table} ON {id} = event_id"
        " WHERE {id} IS NULL OR {day} BETWEEN %s AND %s) ORDER BY topic, partition, first_offset"
    ).format(
        columns=_COLUMNS,
        files=TABLE,
        table=table(kind.record),
        id=sql.Identifier(kind.id_column),
        day=sql.Identifier(kind.record.partition_column),
    )
    found = connection.execute(query, [kind.name, first_day, last_day])
    return [LandedRange(*row) for row in found]


def entries(connection: Connection, topic: str, partition: int) -> list[LandedRange]:
    """Return what was landed of a partition, in order."""
    query = sql.SQL(
        "SELECT {} FROM {} WHERE topic = %s AND partition = %s ORDER BY first_offset"
    ).format(_COLUMNS, TABLE)
    return [LandedRange(*row) for row in connection.execute(query, [topic, partition])]


def without_ids(connection: Connection, topic: str, partition: int) -> list[LandedRange]:
    """Return the ranges of which it isn't stored which events they have, and where."""
    query = sql.SQL(
        "SELECT {} FROM {} WHERE topic = %s AND partition = %s"
        " AND (rows <> cardinality(event_ids) OR rows <> cardinality(offsets))"
        " ORDER BY first_offset"
    ).format(_COLUMNS, TABLE)
    return [LandedRange(*row) for row in connection.execute(query, [topic, partition])]


def offsets(connection: Connection, entry: LandedRange) -> list[int]:
    """Return the offsets that are stored of a range's events."""
    query = sql.SQL(
        "SELECT offsets FROM {} WHERE topic = %s AND partition = %s AND first_offset = %s"
    ).format(TABLE)
    row = connection.execute(query, [entry.topic, entry.partition, entry.first]).fetchone()
    return list(row[0]) if row else []


def store_events(connection: Connection, entry: LandedRange, events: Sequence[Place]) -> None:
    """Store which events a range has, in the order of the file's lines."""
    query = sql.SQL(
        "UPDATE {} SET (offsets, event_ids) = ROW({})"
        " WHERE topic = %s AND partition = %s AND first_offset = %s"
    ).format(TABLE, _LISTS)
    connection.execute(query, [*_lists(events), entry.topic, entry.partition, entry.first])


def events(connection: Connection, entry: LandedRange) -> list[Place]:
    """Return the events of a range, in the order of the file's lines."""
    query = sql.SQL(
        'SELECT topic, partition, "offset", event_id FROM {},'
        ' unnest(offsets, event_ids) WITH ORDINALITY AS landed ("offset", event_id, line)'
        " WHERE topic = %s AND partition = %s AND first_offset = %s ORDER BY line"
    ).format(TABLE)
    found = connection.execute(query, [entry.topic, entry.partition, entry.first])
    return [Place(*row) for row in found]


def places(connection: Connection, stream: str, event_ids: Sequence[str]) -> dict[str, Place]:
    """Return where events lie, those that were landed."""
    query = sql.SQL(
        'SELECT topic, partition, "offset", event_id FROM {},'
        ' unnest(offsets, event_ids) AS landed ("offset", event_id)'
        " WHERE stream = %s AND event_id = ANY(%s)"
    ).format(TABLE)
    found = connection.execute(query, [stream, list(event_ids)])
    return {place.event_id: place for place in (Place(*row) for row in found)}


def _lists(events: Sequence[Place]) -> tuple[list[int], list[str]]:
    return [one.offset for one in events], [one.event_id for one in events]
