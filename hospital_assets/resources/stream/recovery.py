"""Bringing files and rows in line with the manifest, whatever was cut short or changed before.

A file that the manifest doesn't name was never committed: its events are landed again from the
log. It is put aside and not deleted, since a manifest that was lost looks the same, and a file may
then be all that is left. A file that the manifest names, and that is gone or damaged, is written
again byte for byte, from the rows or from the log. A row of a landed event that is gone comes back
from there.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from psycopg import sql
from pydantic_core import from_json

from hospital_assets.contracts.stream_type import StreamType
from hospital_assets.resources.stream import (
    dead_letters,
    landed_ranges,
    offsets,
    rows,
    sorting,
    wire,
)
from hospital_assets.resources.stream.errors import StreamError
from hospital_assets.resources.stream.files import StreamFolder, digest, joined
from hospital_assets.resources.stream.landed_ranges import LandedRange, Place
from hospital_assets.resources.stream.reading import PartitionReader
from hospital_assets.resources.stream.sorting import ReadEvent
from hospital_assets.resources.warehouse.loading import Connection, table
from hospital_assets.resources.warehouse.schema import SCHEMA
from hospital_assets.resources.warehouse.stream_tables import SET_ASIDE, STREAM_TABLES


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
            for entry in landed_ranges.without_ids(self.connection, topic, partition):
                self._give_ids(entry)
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
        raise _not_given_back(entry)

    def _mend_rows(self, entry: LandedRange) -> int:
        places = landed_ranges.events(self.connection, entry)
        stored = rows.stored(self.connection, self.kind, [one.event_id for one in places])
        form = wire.form(self.kind)
        # An earlier version has landed lines that are no events: their rows were never the same.
        wrong = {
            place.event_id: line
            for place, line in zip(places, self.lines(entry), strict=True)
            if (row := stored.get(place.event_id)) != line
            and (row is None or not form.problem(line))
        }
        rows.remove(self.connection, self.kind, wrong)
        rows.insert(self.connection, self.kind, list(wrong.values()))
        return len(wrong)

    def _give_ids(self, entry: LandedRange) -> None:
        """Store which events a range has, and where: an earlier version did not.

        Raises StreamError if neither its file nor the topic says that.
        """
        lines = self._lines_of_file(entry)
        places = landed_ranges.offsets(self.connection, entry)
        if digest(joined(lines)) != entry.sha256 or len(places) != len(lines):
            dead = dead_letters.offsets(self.connection, entry.topic, entry.partition)
            none = dead.union(entry.duplicates)
            events = [one for one in self._events_of_log(entry) if one.offset not in none]
            lines, places = [one.line for one in events], [one.offset for one in events]
            if digest(joined(lines)) != entry.sha256:
                raise _not_given_back(entry)
        ids = [from_json(line)[self.kind.id_column] for line in lines]
        found = [
            Place(entry.topic, entry.partition, offset, event_id)
            for offset, event_id in zip(places, ids, strict=True)
        ]
        landed_ranges.store_events(self.connection, entry, found)

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
        return [one.line for one in self._events_of_log(entry) if one.offset in wanted]

    def _events_of_log(self, entry: LandedRange) -> Iterator[ReadEvent]:
        """Give every event that the topic has at a range's offsets, none if it is another topic."""
        position = entry.first
        while entry.topic == self.log and position < entry.end:
            chunk = self.reader.read(entry.partition, position, entry.end)
            yield from sorting.read(wire.form(self.kind), chunk.messages).events
            position = chunk.end


def _not_given_back(entry: LandedRange) -> StreamError:
    return StreamError(
        f"{entry.name} is gone or damaged, and neither its rows nor the topic's offsets"
        f" {entry.first} to {entry.end - 1} give the same file; bring it back from a copy, "
        f"or {offsets.START_OVER}"
    )


def start_over(connection: Connection, folder: StreamFolder, kind: StreamType) -> None:
    """Forget all that was landed and published of a stream, and put its files aside.

    The simulation's events are the same when they are published again; anybody else's are landed
    again as far as the topic still holds them, but for what was set aside.
    """
    with connection.transaction():
        # The record's table is of this stream alone; the others are of all streams.
        connection.execute(sql.SQL("TRUNCATE {}").format(table(kind.record)))
        for name in set(STREAM_TABLES) - {SET_ASIDE}:
            query = sql.SQL("DELETE FROM {} WHERE stream = %s")
            connection.execute(query.format(sql.Identifier(SCHEMA, name)), [kind.name])
        folder.put_aside(folder.complete())
