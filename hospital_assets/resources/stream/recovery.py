"""Bringing files and rows in line with the manifest, whatever was cut short or changed before.

A file that the manifest doesn't name was never committed: its events are landed again from the
log. It is put aside and not deleted, since a manifest that was lost looks the same, and a file may
then be all that is left. A file that the manifest names, and that is gone or damaged, is written
again byte for byte, from the rows or from the log. A row of a landed event that is gone comes back
from there.
"""

from dataclasses import dataclass

from psycopg import sql

from hospital_assets.contracts.stream_type import StreamType
from hospital_assets.resources.stream import landed_ranges, offsets, rows, sorting, wire
from hospital_assets.resources.stream.errors import StreamError
from hospital_assets.resources.stream.files import StreamFolder, digest, joined
from hospital_assets.resources.stream.landed_ranges import LandedRange
from hospital_assets.resources.stream.reading import PartitionReader
from hospital_assets.resources.warehouse.loading import Connection, table
from hospital_assets.resources.warehouse.schema import SCHEMA
from hospital_assets.resources.warehouse.stream_tables import STREAM_TABLES


@dataclass(frozen=True)
class Recovery:
    """Mends what is of a stream; `log` is the name of the topic that `reader` reads."""

    connection: Connection
    folder: StreamFolder
    kind: StreamType
    log: str
    reader: PartitionReader

    def recover(self, topic: str, partition: int, *, thoroughly: bool = False) -> tuple[int, int]:
        """Bring a partition in line with the manifest; return how many files and rows were mended.

        Compares the files' names and sizes, and looks for rows that are gone; `thoroughly`, every
        file's SHA-256 and every row as well. Raises StreamError if a file can't be rebuilt.
        """
        with self.connection.transaction():
            # Nobody else is between a file and its commit while we hold the lock.
            offsets.lock(self.connection, topic, partition)
            landed = landed_ranges.entries(self.connection, topic, partition)
            expected = {entry.name: entry for entry in landed if entry.name is not None}
            sizes = self.folder.found(topic, partition)
            self.folder.put_aside(sizes.keys() - expected.keys())
            damaged = [
                (name, entry)
                for name, entry in expected.items()
                if sizes.get(name) != entry.bytes
                or (thoroughly and digest(self.folder.read(name)) != entry.sha256)
            ]
            for name, entry in damaged:
                lines = self.lines(entry)
                if name in sizes:
                    self.folder.put_aside([name])
                self.folder.write(name, lines)
            gone = rows.ranges_with_gone(self.connection, self.kind, topic, partition)
            doubtful = (entry for entry in expected.values() if thoroughly or entry.first in gone)
            return len(damaged), sum(map(self._mend_rows, doubtful))

    def remove_strays(self) -> int:
        """Remove the rows that no landed event is of, and return how many."""
        return rows.remove(self.connection, self.kind, rows.strays(self.connection, self.kind))

    def lines(self, entry: LandedRange) -> list[bytes]:
        """Return the lines of a range, from whatever still gives the file that was landed.

        Raises StreamError if nothing does.
        """
        sources = (self._lines_of_file, self._lines_of_rows, self._lines_of_log)
        for source in sources:
            lines = source(entry)
            if digest(joined(lines)) == entry.sha256:
                return lines
        raise StreamError(
            f"{entry.name} is gone or damaged, and neither its rows nor the topic's offsets"
            f" {entry.first} to {entry.end - 1} give the same file; bring it back from a copy, "
            f"or {offsets.START_OVER}"
        )

    def _mend_rows(self, entry: LandedRange) -> int:
        places = landed_ranges.events(self.connection, entry)
        stored = rows.stored(self.connection, self.kind, [one.event_id for one in places])
        wrong = {
            place.event_id: line
            for place, line in zip(places, self.lines(entry), strict=True)
            if stored.get(place.event_id) != line
        }
        rows.remove(self.connection, self.kind, wrong)
        rows.insert(self.connection, self.kind, list(wrong.values()))
        return len(wrong)

    def _lines_of_file(self, entry: LandedRange) -> list[bytes]:
        try:
            return self.folder.read(str(entry.name)).splitlines()
        except FileNotFoundError:
            return []

    def _lines_of_rows(self, entry: LandedRange) -> list[bytes]:
        ids = [one.event_id for one in landed_ranges.events(self.connection, entry)]
        stored = rows.stored(self.connection, self.kind, ids)
        return [stored[one] for one in ids if one in stored]

    def _lines_of_log(self, entry: LandedRange) -> list[bytes]:
        """Return what the topic gives for the offsets of a range's events."""
        wanted = {one.offset for one in landed_ranges.events(self.connection, entry)}
        lines: list[bytes] = []
        position = entry.first
        while entry.topic == self.log and position < entry.end:
            chunk = self.reader.read(entry.partition, position, entry.end)
            messages = (one for one in chunk.messages if one.offset in wanted)
            lines += [event.line for event in sorting.read(wire.form(self.kind), messages).events]
            position = chunk.end
        return lines


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
