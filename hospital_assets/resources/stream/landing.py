"""Landing: messages become files and rows, each event exactly once."""

from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from typing import TypeVar

import psycopg

from hospital_assets.calendar.period import Period
from hospital_assets.contracts.stream_type import StreamType
from hospital_assets.resources.stream import (
    dead_letters,
    landed_ranges,
    offsets,
    rows,
    set_aside_events,
    sorting,
    wire,
)
from hospital_assets.resources.stream.connections import Connections, persist
from hospital_assets.resources.stream.errors import UnavailableError
from hospital_assets.resources.stream.files import StreamFolder, file_name
from hospital_assets.resources.stream.landed_ranges import LandedRange, Place
from hospital_assets.resources.stream.reading import Chunk, PartitionReader
from hospital_assets.resources.stream.recovery import Recovery
from hospital_assets.resources.stream.topics import Topic
from hospital_assets.resources.stream.wire import WireForm
from hospital_assets.resources.warehouse.loading import Connection

T = TypeVar("T")


@dataclass
class LandReport:
    """What a call has landed, all attempts together.

    Before that it has `rebuilt` files, `restored` rows that were gone or changed, and `removed`
    those that no landed event was of.
    """

    messages: int = 0
    rows: int = 0
    duplicates: int = 0
    dead_letters: int = 0
    rebuilt: int = 0
    restored: int = 0
    removed: int = 0
    chunks: int = 0
    files: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Landing:
    """Lands the topic of a stream type into a folder and the tables of a database."""

    connections: Connections
    folder: StreamFolder
    kind: StreamType
    period: Period

    def land(self, *, thoroughly: bool = False) -> LandReport:
        """Land what the topic holds at the call, and return what that was.

        What was landed before and is gone since is mended; `thoroughly`, what was changed too.

        Tries again while the broker or the database is away. Raises StreamError if that takes too
        long, or if the log is not the one that was landed before.
        """
        report = LandReport()
        frozen: dict[int, int] = {}
        persist(
            lambda: self._attempt(report, frozen, thoroughly),
            f"land the {self.kind.name}",
            lambda: report.chunks,
        )
        return report

    def _attempt(self, report: LandReport, frozen: dict[int, int], thoroughly: bool) -> None:
        topics = self.connections.topics()
        topic = topics.events
        with self.connections.database() as connection, self.connections.consumer() as consumer:
            reader = PartitionReader(consumer, topic.name)
            beginnings, ends = reader.bounds(topic.partitions)
            offsets.register(connection, self.kind.name, topic, beginnings)
            offsets.check(offsets.stored(connection, topic.name), topic, beginnings, ends)
            self._recover(Recovery(connection, self.folder, self.kind, topic.name, reader), report,
                          thoroughly=thoroughly)  # fmt: skip
            # A busy topic is never at its end: the call would not be either.
            for partition, end in ends.items():
                frozen.setdefault(partition, end)
            self._land_topic(connection, reader, topic, frozen, report)
            landed = offsets.stored(connection, topic.name)
        dead_letters.mirror(self.connections, self.kind.name, topics.dead_letters.name)
        offsets.mirror(self.connections, self.kind.name, topic.name, landed)

    def _recover(self, recovery: Recovery, report: LandReport, *, thoroughly: bool) -> None:
        for topic, partition in offsets.places(recovery.connection, self.kind.name):
            files, rows_mended = recovery.recover(topic, partition, thoroughly=thoroughly)
            report.rebuilt += files
            report.restored += rows_mended
        if thoroughly:
            report.removed += recovery.remove_strays()

    def _land_topic(
        self,
        connection: Connection,
        reader: PartitionReader,
        topic: Topic,
        ends: dict[int, int],
        report: LandReport,
    ) -> None:
        firsts = offsets.stored(connection, topic.name)
        ranges = [(partition, firsts[partition][1], end) for partition, end in ends.items()]
        # Closed before the consumer is: a read may be going on.
        form = wire.form(self.kind)
        with closing(_ahead(_read(form, self.period, reader, ranges))) as chunks:
            for chunk, found in chunks:
                entry = self.land_chunk(connection, topic.name, chunk, found)
                report.chunks += 1
                report.messages += len(chunk.messages)
                report.rows += entry.rows
                report.duplicates += len(entry.duplicates)
                report.dead_letters += entry.dead_letters
                report.files += [entry.path] if entry.path else []

    def land_chunk(
        self, connection: Connection, topic: str, chunk: Chunk, found: sorting.Read
    ) -> LandedRange:
        """Land a chunk in one transaction: file, rows, manifest, dead letters and offset.

        Raises UnavailableError, and changes nothing, if another consumer was faster.
        """
        with connection.transaction():
            # Held to the commit: of two consumers one waits here, then finds the offset moved.
            if offsets.lock(connection, topic, chunk.partition) != chunk.first:
                raise UnavailableError(f"{topic} partition {chunk.partition}: landed by another")
            result = sorting.sort(
                found,
                rows.stored(connection, self.kind, found.ids),
                set_aside_events.ends(connection, topic, chunk.partition, chunk.first),
            )
            entry = self._write(topic, chunk, result)
            places = [Place(topic, chunk.partition, one.offset, one.id) for one in result.new]
            try:
                rows.insert(connection, self.kind, result.lines)
            except psycopg.errors.UniqueViolation as error:
                # The same event was in another partition, landed since we looked.
                raise UnavailableError("another consumer has stored the same event") from error
            landed_ranges.add(connection, self.kind.name, entry, places)
            dead_letters.add(connection, self.kind.name, result.bad)
            offsets.move(connection, topic, chunk.partition, chunk.first, chunk.end)
        return entry

    def _write(self, topic: str, chunk: Chunk, result: sorting.Sorted) -> LandedRange:
        path, size, sha256 = None, 0, None
        if result.new:
            name = file_name(topic, chunk.partition, chunk.first, chunk.end)
            file = self.folder.write(name, result.lines)
            path, size, sha256 = self.folder.relative(name), file.bytes, file.sha256
        return LandedRange(
            topic=topic,
            partition=chunk.partition,
            first=chunk.first,
            end=chunk.end,
            path=path,
            rows=len(result.new),
            bytes=size,
            sha256=sha256,
            duplicates=result.duplicates,
            dead_letters=len(result.bad),
        )


def _read(
    form: WireForm,
    period: Period,
    reader: PartitionReader,
    ranges: Iterable[tuple[int, int, int]],
) -> Iterator[tuple[Chunk, sorting.Read]]:
    """Give the chunks of each range: a partition, its first offset and the one after its last."""
    for partition, first, end in ranges:
        position = first
        while position < end:
            chunk = reader.read(partition, position, end)
            yield chunk, sorting.read(form, chunk.messages, period)
            position = chunk.end


def _ahead(items: Iterator[T]) -> Generator[T, None, None]:
    """Give the items, each next one made while the last one is used."""
    with ThreadPoolExecutor(1) as worker:
        following = worker.submit(next, items, None)
        while (item := following.result()) is not None:
            following = worker.submit(next, items, None)
            yield item
