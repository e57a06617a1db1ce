"""The two Kafka topics of a stream: the events, and the messages that could not be read."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from kafka.errors import KafkaError, TopicAlreadyExistsError

from hospital_assets.configuration.settings import KafkaSettings
from hospital_assets.contracts.stream_type import StreamType
from hospital_assets.errors import HospitalError
from hospital_assets.resources.stream.kafka_client import LARGEST_REQUEST_BYTES, KafkaClients

_FOREVER = {"retention.ms": "-1", "retention.bytes": "-1", "cleanup.policy": "delete"}
_NO_ERROR = 0


class TopicError(HospitalError):
    """A topic is unusable or can't be made; the message says what, where and what to do."""


@dataclass(frozen=True)
class Topic:
    """A topic as the cluster has it; one that is deleted and made anew has another `id`."""

    name: str
    id: UUID
    partitions: int


@dataclass(frozen=True)
class StreamTopics:
    """The topic of the events and that of the dead letters."""

    events: Topic
    dead_letters: Topic


def topic_name(settings: KafkaSettings, kind: StreamType) -> str:
    """Return the name of the topic that a stream's events go to."""
    return settings.topics.get(kind.name, kind.event_type)


def dead_letter_topic(events: str) -> str:
    """Return the name of the topic of a topic's dead letters."""
    return f"{events}.dlq"


def set_up_topics(clients: KafkaClients, events: str) -> StreamTopics:
    """Make the topic of that name and that of its dead letters unless there; return both.

    Safe to call at every start and from many processes at once; changes no topic that exists.
    Raises TopicError if one has fewer partitions than the settings say, or can't be made.
    """
    dead_letters = dead_letter_topic(events)
    partitions = clients.settings.partitions
    wanted = {
        events: _FOREVER,
        # A dead letter is the message as it came, of any size that was let in, and its reason.
        dead_letters: _FOREVER | {"max.message.bytes": str(LARGEST_REQUEST_BYTES)},
    }
    try:
        admin = clients.admin()
        try:
            found = _describe(admin, list(wanted))
            missing = wanted.keys() - found.keys()
            if missing:
                _create(admin, {name: wanted[name] for name in missing}, partitions)
                admin.wait_for_topics(list(wanted))
                found = _describe(admin, list(wanted))
        finally:
            admin.close()
    except KafkaError as error:
        raise TopicError(f"{clients.bootstrap}: topics {', '.join(wanted)}: {error}") from error
    for topic in found.values():
        if topic.partitions < partitions:
            raise TopicError(
                f"{clients.bootstrap}: topic {topic.name} has {topic.partitions} partitions,"
                f" expected {partitions}: name another topic, or set partitions to"
                f" {topic.partitions} in kafka_config.json"
            )
    return StreamTopics(found[events], found[dead_letters])


def _create(admin: Any, missing: dict[str, dict[str, str]], partitions: int) -> None:
    # One at a time: a refusal of the first must not hide one of the second.
    for name, configs in missing.items():
        try:
            admin.create_topics({name: {"num_partitions": partitions, "configs": configs}})
        except TopicAlreadyExistsError:
            continue  # another process was faster


def _describe(admin: Any, names: list[str]) -> dict[str, Topic]:
    return {
        topic["name"]: Topic(topic["name"], UUID(str(topic["topic_id"])), len(topic["partitions"]))
        for topic in admin.describe_topics(names)
        if topic["error_code"] == _NO_ERROR
    }
