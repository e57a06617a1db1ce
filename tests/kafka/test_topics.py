"""The set-up of the topics: any number of times, by anyone at once, and never by halves."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from hospital_assets.resources.stream.kafka_client import KafkaClients
from hospital_assets.resources.stream.topics import StreamTopics, TopicError, set_up_topics


def with_partitions(clients: KafkaClients, partitions: int) -> KafkaClients:
    """Return the same clients under settings that ask for so many partitions."""
    settings = clients.settings.model_copy(update={"partitions": partitions})
    return replace(clients, settings=settings)


def test_it_makes_both_topics_once(clients: KafkaClients, name: str, topic: StreamTopics) -> None:
    assert topic.events.name == name
    assert topic.dead_letters.name == f"{name}.dlq"
    assert topic.events.partitions == topic.dead_letters.partitions == 3
    assert topic.events.id != topic.dead_letters.id
    assert set_up_topics(clients, topic.events.name) == topic


def test_processes_that_do_it_at_once_get_the_same_topics(clients: KafkaClients, name: str) -> None:
    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(set_up_topics, [clients] * 6, [name] * 6))) == 1


def test_more_partitions_than_asked_for_are_fine(
    clients: KafkaClients, topic: StreamTopics
) -> None:
    assert set_up_topics(with_partitions(clients, 2), topic.events.name) == topic


def test_fewer_partitions_are_refused_and_stay(clients: KafkaClients, topic: StreamTopics) -> None:
    expected = f"topic {re.escape(topic.events.name)} has 3 partitions, expected 4: .* set"
    with pytest.raises(TopicError, match=expected):
        set_up_topics(with_partitions(clients, 4), topic.events.name)
    assert set_up_topics(clients, topic.events.name) == topic


def test_a_topic_that_was_made_anew_has_another_id(
    clients: KafkaClients, topic: StreamTopics
) -> None:
    admin = clients.admin()
    admin.delete_topics([topic.events.name])
    admin.close()
    anew = set_up_topics(clients, topic.events.name)
    assert anew.events.id != topic.events.id
    assert anew.dead_letters == topic.dead_letters
