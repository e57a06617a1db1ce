"""Bounded reads of a partition, by offset."""

import time
from dataclasses import dataclass
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import OffsetOutOfRangeError

from hospital_assets.resources.stream.batches import Unreadable
from hospital_assets.resources.stream.errors import StreamError, UnavailableError
from hospital_assets.resources.stream.offsets import START_OVER

CHUNK_MESSAGES = 5_000
CHUNK_BYTES = 32 * 2**20
_STALLED_SECONDS = 20
_POLL_MS = 500


@dataclass(frozen=True)
class Chunk:
    """The messages of a partition with the offsets first to end - 1; there may be gaps."""

    partition: int
    first: int
    end: int
    messages: list[Any]


class PartitionReader:
    """Reads chunks of a topic's partitions, one partition at a time."""

    def __init__(self, consumer: KafkaConsumer, topic: str) -> None:
        self._consumer = consumer
        self._topic = topic
        self._assigned: TopicPartition | None = None
        self._doubted: Unreadable | None = None

    def bounds(self, partitions: int) -> tuple[dict[int, int], dict[int, int]]:
        """Return the first offset and the one after the last, by partition."""
        wanted = [TopicPartition(self._topic, number) for number in range(partitions)]
        beginnings = self._consumer.beginning_offsets(wanted)
        ends = self._consumer.end_offsets(wanted)
        return (
            {one.partition: offset for one, offset in beginnings.items()},
            {one.partition: offset for one, offset in ends.items()},
        )

    def read(self, partition: int, first: int, end: int) -> Chunk:
        """Return a chunk that begins at `first` and goes to `end` at most.

        Raises UnavailableError if no message comes for 20 s, StreamError if the log has lost it.
        """
        place = self._seek(partition, first)
        messages: list[Any] = []
        size, position, since = 0, first, time.monotonic()
        while position < end and len(messages) < CHUNK_MESSAGES and size < CHUNK_BYTES:
            try:
                polled = self._consumer.poll(
                    timeout_ms=_POLL_MS, max_records=CHUNK_MESSAGES - len(messages)
                )
            except OffsetOutOfRangeError:
                raise StreamError(
                    f"{self._topic} partition {partition}: the log doesn't hold offset {position} "
                    f"any more, nothing was changed; bring it back, or {START_OVER}"
                ) from None
            found = self._believed(place, polled.get(place, []))
            messages += found
            size += sum(len(one.value or b"") for one in found)
            # Beyond the last message too: a transaction's markers have offsets.
            reached = self._consumer.position(place)
            if reached > position:
                position, since = reached, time.monotonic()
            elif time.monotonic() - since > _STALLED_SECONDS:
                raise UnavailableError(f"no message from Kafka for {_STALLED_SECONDS} s")
        if position <= end:
            return Chunk(partition, first, position, messages)
        # A batch was read past the end that was frozen.
        self._assigned = None
        return Chunk(partition, first, end, [one for one in messages if one.offset < end])

    def _believed(self, place: TopicPartition, found: list[Any]) -> list[Any]:
        """Return messages up to the first that can't be read, unless it is so a second time.

        The bytes may be spoiled on their way, and right when they come again.
        """
        for number, message in enumerate(found):
            if isinstance(message, Unreadable) and message != self._doubted:
                self._doubted = message
                self._consumer.seek(place, message.offset)
                return found[:number]
        return found

    def _seek(self, partition: int, offset: int) -> TopicPartition:
        place = TopicPartition(self._topic, partition)
        if place != self._assigned:
            self._consumer.assign([place])
            self._assigned = place
            self._consumer.seek(place, offset)
        elif self._consumer.position(place) != offset:
            self._consumer.seek(place, offset)
        return place
