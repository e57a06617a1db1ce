"""Fixtures for the tests with Kafka: a real embedded broker, and topics of a test's own."""

import secrets
from collections.abc import Iterator

import pytest

from hospital_assets.local.kafka import embedded_kafka, kafka_bootstrap
from hospital_assets.resources.kafka_client import KafkaClients
from hospital_assets.resources.topics import TransferTopics, set_up_topics
from hospital_assets.settings import KafkaSettings, Settings


@pytest.fixture(scope="session")
def kafka_bootstrap_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of an embedded broker, stopped after the last test."""
    settings = Settings(state=tmp_path_factory.mktemp("kafka_state"))
    yield kafka_bootstrap(settings)
    embedded_kafka(settings).stop()


@pytest.fixture
def clients(kafka_bootstrap_server: str) -> KafkaClients:
    """Clients whose settings name a topic that this test has to itself, not made yet."""
    return KafkaClients(
        kafka_bootstrap_server, KafkaSettings(topic=f"test.{secrets.token_hex(8)}.v1")
    )


@pytest.fixture
def topic(clients: KafkaClients) -> TransferTopics:
    """The pair of topics that the settings of `clients` name."""
    return set_up_topics(clients)
