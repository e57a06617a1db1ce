"""Bringing the folder in line with the manifest, whatever was cut short before.

A file that the manifest doesn't name was never committed: its events are landed again from the
log. It is put aside and not deleted, since a manifest that was lost looks the same, and a file may
then be all that is left. A file that the manifest names, and that is gone or damaged, is written
again from the log, byte for byte.
"""

from psycopg import sql

from hospital_assets.contracts.stream_type import StreamType
from hospital_assets.resources.stream import landed_ranges, offsets, sorting, wire
from hospital_assets.resources.stream.errors import StreamError
from hospital_assets.resources.stream.files import StreamFolder, digest, joined
from hospital_assets.resources.stream.landed_ranges import LandedRange
from hospital_assets.resources.stream.reading import PartitionReader
from hospital_assets.resources.warehouse.loading import Connection, table
from hospital_assets.resources.warehouse.schema import SCHEMA
from hospital_assets.resources.warehouse.stream_tables import STREAM_TABLES


def recover(
    connection: Connection,
    reader: PartitionReader,
    folder: StreamFolder,
    kind: StreamType,
    topic: str,
    partition: int,
    *,
    thoroughly: bool = False,
) -> int:
    """Bring a partition's files in line with the manifest, and return how many were rebuilt.

    Compares names and sizes; `thoroughly`, every file's SHA-256 as well. Raises StreamError if a
    file can't be rebuilt.
    """
    with connection.transaction():
        # Nobody else is between a file and its commit while we hold the lock.
        offsets.lock(connection, topic, partition)
        landed = landed_ranges.entries(connection, topic, partition)
        expected = {entry.name: entry for entry in landed if entry.name is not None}
        sizes = folder.found(topic, partition)
        folder.put_aside(sizes.keys() - expected.keys())
        damaged = [
            (name, entry)
            for name, entry in expected.items()
            if sizes.get(name) != entry.bytes
            or (thoroughly and digest(folder.read(name)) != entry.sha256)
        ]
        for name, entry in damaged:
            lines = _lines(connection, reader, kind, entry)
            if digest(joined(lines)) != entry.sha256:
                raise StreamError(
                    f"{name} is gone or damaged, and the topic's offsets {entry.first} to "
                    f"{entry.end - 1} give another file; bring it back from a copy, "
                    f"or {offsets.START_OVER}"
                )
            if name in sizes:
                folder.put_aside([name])
            folder.write(name, lines)
        return len(damaged)


def start_over(connection: Connection, folder: StreamFolder, kind: StreamType) -> None:
    """Forget all that was landed and published of a stream, and put its files aside.

    The simulation's events are the same when they are published again; anybody else's are landed
    again as far as the topic still holds them.
    """
    with connection.transaction():
        # The record's table is of this stream alone; the others are of all streams.
        connection.execute(sql.SQL("TRUNCATE {}").format(table(kind.record)))
        for name in STREAM_TABLES:
            query = sql.SQL("DELETE FROM {} WHERE stream = %s")
            connection.execute(query.format(sql.Identifier(SCHEMA, name)), [kind.name])
        folder.put_aside(folder.complete())


def _lines(
    connection: Connection, reader: PartitionReader, kind: StreamType, entry: LandedRange
) -> list[bytes]:
    """Return the lines that the range had: all but its duplicates and dead letters."""
    query = sql.SQL(
        'SELECT "offset" FROM {} WHERE topic = %s AND partition = %s '
        'AND "offset" >= %s AND "offset" < %s'
    ).format(sql.Identifier(SCHEMA, "dead_letters"))
    bad = connection.execute(query, [entry.topic, entry.partition, entry.first, entry.end])
    left_out = {row[0] for row in bad} | set(entry.duplicates)
    lines: list[bytes] = []
    position = entry.first
    while position < entry.end:
        chunk = reader.read(entry.partition, position, entry.end)
        messages = (one for one in chunk.messages if one.offset not in left_out)
        lines += [event.line for event in sorting.read(wire.form(kind), messages).events]
        position = chunk.end
    return lines
