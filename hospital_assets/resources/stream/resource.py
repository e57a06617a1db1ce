"""A stream as a resource: what assets, sensors and commands call."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from kafka import TopicPartition

from hospital_assets.calendar.period import Period
from hospital_assets.configuration.settings import KafkaSettings
from hospital_assets.contracts.stream_type import StreamType
from hospital_assets.resources.lake import file_store
from hospital_assets.resources.stream import (
    comparison,
    dead_letters,
    landed_ranges,
    offsets,
    published_slots,
    recovery,
    sending,
    set_aside_events,
    sorting,
    wire,
)
from hospital_assets.resources.stream.comparison import Damage
from hospital_assets.resources.stream.connections import ANSWER_SECONDS, Connections, persist
from hospital_assets.resources.stream.dead_letters import DeadLetter, LetterSummary
from hospital_assets.resources.stream.errors import StreamError
from hospital_assets.resources.stream.files import StreamFolder
from hospital_assets.resources.stream.kafka_client import KafkaClients
from hospital_assets.resources.stream.landed_ranges import Place
from hospital_assets.resources.stream.landing import Landing, LandReport
from hospital_assets.resources.stream.published_slots import Slot
from hospital_assets.resources.stream.publisher import Publisher, PublishReport
from hospital_assets.resources.stream.reading import PartitionReader
from hospital_assets.resources.stream.recovery import Recovery
from hospital_assets.resources.stream.setting_aside import set_aside
from hospital_assets.resources.stream.topic_replacement import TopicLog
from hospital_assets.resources.stream.topics import topic_name
from hospital_assets.resources.stream.wire import BadMessage, Event

_FOLLOW_POLL_MS = 500


@dataclass(frozen=True)
class Stream:
    """The events of a stream type, and the lake `root`, a path or the URL of an object store.

    An event of a day outside `period` is none. `database_url` and `bootstrap` are asked at every
    attempt, since a service may come back elsewhere. Calls from several processes are safe. Each
    raises StreamError with one line, after it has tried for some minutes if a service is away; what
    it had done by then stays done, and counts once.
    """

    kind: StreamType
    root: str
    kafka: KafkaSettings
    period: Period
    database_url: Callable[[], str]
    bootstrap: Callable[[], str]

    @property
    def topic(self) -> str:
        """The name of the topic."""
        return topic_name(self.kafka, self.kind)

    def publish(self, slots: Iterable[Slot], rows: pl.DataFrame) -> PublishReport:
        """Publish whole slots, of those of the rows that are theirs; a slot may have none.

        Each counts once the broker has acknowledged every event of it.
        """
        return Publisher(self._connections(), self.kind).publish(slots, rows)

    def unpublished(self, slots: Iterable[Slot]) -> list[Slot]:
        """Return those of the slots (day and number) that still have to be published."""
        return Publisher(self._connections(), self.kind).unpublished(slots)

    def incomplete(self) -> set[Slot]:
        """Return the published slots of which an event is not in the table."""
        connections = self._connections()

        def look() -> set[Slot]:
            with connections.database() as connection:
                return published_slots.incomplete(connection, self.kind)

        return persist(look, "read the published slots", seconds=ANSWER_SECONDS)

    def slots_with_gone_rows(self) -> set[Slot]:
        """Return the published slots of which an event was landed and is in the table no more."""
        connections = self._connections()

        def look() -> set[Slot]:
            with connections.database() as connection:
                return published_slots.with_gone_rows(connection, self.kind)

        return persist(look, "read the published slots", seconds=ANSWER_SECONDS)

    def places(self, event_ids: Sequence[str]) -> dict[str, Place]:
        """Return where the messages of landed events lie, by the events' ids."""
        connections = self._connections()

        def look() -> dict[str, Place]:
            with connections.database() as connection:
                return landed_ranges.places(connection, self.kind.name, event_ids)

        return persist(look, "look for events", seconds=ANSWER_SECONDS)

    def oldest_of_ours(self) -> Event | None:
        """Return the oldest event that the topic has from a producer of ours, of any hospital.

        Such as are set aside are left out. Looks at the oldest messages of each partition.
        """
        connections = self._connections()
        form = wire.form(self.kind)

        def look() -> Event | None:
            topic = connections.topics().events
            with connections.database() as connection, connections.consumer() as consumer:
                aside = set_aside_events.event_ids(connection, self.kind.name)
                reader = PartitionReader(consumer, topic.name)
                beginnings, ends = reader.bounds(topic.partitions)
                for partition, end in ends.items():
                    if beginnings[partition] < end:
                        chunk = reader.read(partition, beginnings[partition], end)
                        ours = filter(wire.is_ours, chunk.messages)
                        for event in sorting.read(form, ours).events:
                            if event.id not in aside:
                                return form.decode(event.line)
            return None

        return persist(look, "look at the topic", seconds=ANSWER_SECONDS)

    def has_published(self) -> bool:
        """Return whether a slot is on record as published."""
        connections = self._connections()

        def look() -> bool:
            with connections.database() as connection:
                return bool(published_slots.published(connection, self.kind.name))

        return persist(look, "read the published slots", seconds=ANSWER_SECONDS)

    def recorded_ids(self, days: Sequence[date]) -> set[str]:
        """Return the ids of the events that the producer has recorded for some days."""
        connections = self._connections()

        def look() -> set[str]:
            with connections.database() as connection:
                return published_slots.event_ids(connection, self.kind.name, days)

        return persist(look, "read the published slots", seconds=ANSWER_SECONDS)

    def damages(self, days: Period) -> list[Damage]:
        """Return where files and table have not what was landed of the days."""
        connections = self._connections()

        def look() -> list[Damage]:
            with connections.database() as connection:
                return list(
                    comparison.damages(
                        connection, self._folder(), self.kind, days.first_day, days.last_day
                    )
                )

        return persist(look, "compare what was landed", seconds=ANSWER_SECONDS)

    def set_aside(self, partition: int, offset: int, topic: str = "") -> Place:
        """Make a landed event a dead letter: its row and its line go, in one transaction."""
        connections = self._connections()

        def act() -> Place:
            log = connections.topics().events.name
            with connections.database() as connection, connections.consumer() as consumer:
                reader = PartitionReader(consumer, log)
                recovery = Recovery(connection, self._folder(), self.kind, log, reader)
                return set_aside(recovery, topic or log, partition, offset)

        return persist(act, "set the event aside")

    def set_aside_command(self, place: Place) -> str:
        """Return the command that sets an event aside."""
        others = ["--stream", self.kind.name]
        others += [] if place.topic == self.topic else ["--topic", place.topic]
        where = [str(place.partition), str(place.offset)]
        return " ".join(["hospital dead-letters set-aside", *where, *others])

    @property
    def start_over_command(self) -> str:
        """The command that has everything published and landed again."""
        return f"hospital stream start-over --stream {self.kind.name}"

    def complete_days(self, slots_per_day: int) -> set[date]:
        """Return the days of which every slot is published and every event of it in the table."""
        connections = self._connections()

        def look() -> set[date]:
            with connections.database() as connection:
                published = published_slots.published(connection, self.kind.name)
                missing = published_slots.incomplete(connection, self.kind)
            found = Counter(day for day, _ in set(published) - missing)
            return {day for day, slots in found.items() if slots >= slots_per_day}

        return persist(look, "read the published slots", seconds=ANSWER_SECONDS)

    def land(self, *, thoroughly: bool = False) -> LandReport:
        """Land what the topic holds at the call; `thoroughly` mends all that was landed before."""
        landing = Landing(self._connections(), self._folder(), self.kind, self.period)
        return landing.land(thoroughly=thoroughly)

    def lag(self) -> dict[int, int]:
        """Return how many offsets are still to be landed, by partition.

        Raises OtherLogError if the log is not the one that was landed.
        """
        connections = self._connections()

        def measure() -> dict[int, int]:
            topic = connections.topics().events
            with connections.database() as connection, connections.consumer() as consumer:
                beginnings, ends = PartitionReader(consumer, topic.name).bounds(topic.partitions)
                landed = offsets.stored(connection, topic.name)
            offsets.check(landed, topic, beginnings, ends)
            return {
                part: end - (landed[part][1] if part in landed else beginnings[part])
                for part, end in ends.items()
            }

        return persist(measure, "measure the lag", seconds=ANSWER_SECONDS)

    def log(self) -> TopicLog:
        """Return the topic as the broker has it now."""
        connections = self._connections()

        def look() -> TopicLog:
            topic = connections.topics().events
            with connections.consumer() as consumer:
                return TopicLog(
                    topic, *PartitionReader(consumer, topic.name).bounds(topic.partitions)
                )

        return persist(look, "look at the topic", seconds=ANSWER_SECONDS)

    def dead_letters(
        self, *, reason: str | None = None, open_only: bool = False, limit: int = 100
    ) -> list[LetterSummary]:
        """Return dead letters, the latest first; `open_only` leaves out those replayed."""
        connections = self._connections()

        def find() -> list[LetterSummary]:
            with connections.database() as connection:
                return dead_letters.summaries(
                    connection, self.kind.name, reason=reason, open_only=open_only, limit=limit
                )

        return persist(find, "read the dead letters", seconds=ANSWER_SECONDS)

    def dead_letter_counts(self) -> dict[str, int]:
        """Return how many dead letters have not been replayed, by reason."""
        connections = self._connections()

        def count() -> dict[str, int]:
            with connections.database() as connection:
                return dead_letters.counts(connection, self.kind.name)

        return persist(count, "count the dead letters", seconds=ANSWER_SECONDS)

    def dead_letter(self, partition: int, offset: int, topic: str = "") -> DeadLetter:
        """Return the dead letter at an offset of the topic, or of one that was set apart."""
        connections = self._connections()
        topic = topic or self.topic

        def get() -> DeadLetter | None:
            with connections.database() as connection:
                return dead_letters.get(connection, topic, partition, offset)

        letter = persist(get, "read the dead letter", seconds=ANSWER_SECONDS)
        if letter is None:
            raise StreamError(
                f"{topic} has no dead letter at partition {partition} offset {offset}"
            )
        return letter

    def replay(self, letters: Sequence[DeadLetter]) -> None:
        """Publish dead letters again as they came, once their reason was mended."""
        dead_letters.replay(self._connections(), self.kind, self.period, self.topic, letters)

    def send(self, values: Iterable[bytes]) -> list[BadMessage | None]:
        """Send anybody's messages as they are; return why each is no event, None where it is one.

        An event gets the key of its kind, so that it keeps its place among those of the same key;
        what is no event gets none, and becomes a dead letter.
        """
        return sending.send(self._connections(), self.kind, self.period, values)

    def start_over(self) -> None:
        """Forget all that was published and landed, and put the files aside."""
        connections = self._connections()

        def forget() -> None:
            with connections.database() as connection:
                recovery.start_over(connection, self._folder(), self.kind)

        persist(forget, "start over")

    def follow(self, *, from_start: bool) -> Iterator[tuple[int, int, bytes | None]]:
        """Yield partition, offset and value of each message, for ever; nothing is stored.

        Begins with the oldest message or with the next one to come.
        """
        topic = self._connections().topics().events
        partitions = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
        with self._connections().consumer() as consumer:
            consumer.assign(partitions)
            if from_start:
                consumer.seek_to_beginning(*partitions)
            else:
                consumer.seek_to_end(*partitions)
            while True:
                for messages in consumer.poll(timeout_ms=_FOLLOW_POLL_MS).values():
                    for message in messages:
                        yield message.partition, message.offset, message.value

    def _folder(self) -> StreamFolder:
        return StreamFolder(file_store.at(self.root), self.kind.name)

    def _connections(self) -> Connections:
        return Connections(
            self.database_url, lambda: KafkaClients(self.bootstrap(), self.kafka), self.topic
        )


# By the name of the record.
Streams = Mapping[str, Stream]
