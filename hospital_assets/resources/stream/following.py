"""Following the topic as it grows, for people to watch; nothing is stored."""

from collections.abc import Iterator

from kafka import TopicPartition

from hospital_assets.local.kafka import kafka_bootstrap
from hospital_assets.resources.kafka_client import KafkaClients
from hospital_assets.resources.topics import set_up_topics
from hospital_assets.settings import load_settings

_POLL_MS = 500


def follow(*, from_start: bool) -> Iterator[tuple[int, int, bytes | None]]:
    """Yield partition, offset and value of each message, for ever; from now on or all there are."""
    settings = load_settings()
    clients = KafkaClients(kafka_bootstrap(settings), settings.kafka)
    topic = set_up_topics(clients).events
    partitions = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
    with clients.consumer() as consumer:
        consumer.assign(partitions)
        if from_start:
            consumer.seek_to_beginning(*partitions)
        else:
            consumer.seek_to_end(*partitions)
        while True:
            for messages in consumer.poll(timeout_ms=_POLL_MS).values():
                for message in messages:
                    yield message.partition, message.offset, message.value
