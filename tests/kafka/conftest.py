"""Fixtures for the tests with Kafka: a real embedded broker, and topics of a test's own."""

import secrets

import pytest

from hospital_assets.configuration.settings import KafkaSettings, Settings
from hospital_assets.resources.stream.kafka_client import KafkaClients
from hospital_assets.resources.stream.topics import StreamTopics, set_up_topics
from hospital_assets.services.kafka.cluster import KafkaCluster


@pytest.fixture(scope="session")
def kafka_bootstrap_server(kafka_settings: Settings) -> str:
    """Address of an embedded broker, stopped after the last test."""
    return KafkaCluster.of(kafka_settings).bootstrap()


@pytest.fixture
def clients(kafka_bootstrap_server: str) -> KafkaClients:
    """Clients of the embedded broker."""
    return KafkaClients(kafka_bootstrap_server, KafkaSettings())


@pytest.fixture
def name() -> str:
    """The name of a topic that this test has to itself, not made yet."""
    return f"test.{secrets.token_hex(8)}.v1"


@pytest.fixture
def topic(clients: KafkaClients, name: str) -> StreamTopics:
    """The topic of that name, and that of its dead letters."""
    return set_up_topics(clients, name)
