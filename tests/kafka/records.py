"""What the tests write to Kafka and read from it."""

from collections.abc import Sequence
from typing import Any

from kafka import TopicPartition

from hospital_assets.resources.stream.kafka_client import KafkaClients
from hospital_assets.resources.stream.topics import Topic
from tests.patience import PATIENCE_SECONDS

Message = tuple[bytes | None, bytes | None, tuple[tuple[str, bytes], ...]]


def publish(clients: KafkaClients, topic: Topic, messages: Sequence[Message]) -> None:
    """Publish messages (key, value, headers) and wait until the broker has stored each."""
    producer = clients.producer()
    try:
        futures = [
            producer.send(topic.name, key=key, value=value, headers=list(headers))
            for key, value, headers in messages
        ]
        for future in futures:
            future.get(timeout=PATIENCE_SECONDS)
    finally:
        producer.close(timeout=10)


def read(clients: KafkaClients, topic: Topic) -> dict[int, list[Any]]:
    """Return every record of a topic by partition, as it stood at the call."""
    consumer = clients.consumer()
    try:
        partitions = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
        consumer.assign(partitions)
        end = consumer.end_offsets(partitions)
        records: dict[int, list[Any]] = {}
        for partition in partitions:
            consumer.seek(partition, 0)
        while any(consumer.position(each) < end[each] for each in partitions):
            for partition, found in consumer.poll(timeout_ms=1000).items():
                records.setdefault(partition.partition, []).extend(found)
        return records
    finally:
        consumer.close()
