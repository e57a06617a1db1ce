"""Kafka's clients: what goes in comes out, and how they are told to behave."""

import logging
import secrets
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import OffsetOutOfRangeError

from hospital_assets.configuration.settings import KafkaSettings, SettingsError
from hospital_assets.resources.stream import kafka_client
from hospital_assets.resources.stream.kafka_client import KafkaClients
from hospital_assets.resources.stream.topics import StreamTopics
from tests.kafka.records import Message, publish, read

PASSWORD = "opensesame"


def test_keyed_messages_come_back_with_their_headers_in_order(
    clients: KafkaClients, topic: StreamTopics
) -> None:
    sent: list[Message] = [
        (f"patient {n % 10}".encode(), f"event {n}".encode(), (("ce_id", str(n).encode()),))
        for n in range(300)
    ]
    publish(clients, topic.events, sent)
    by_partition = read(clients, topic.events)
    got: list[Message] = [
        (record.key, record.value, tuple(record.headers))
        for records in by_partition.values()
        for record in records
    ]
    assert sorted(got) == sorted(sent)
    for n in range(10):
        key = f"patient {n}".encode()
        assert [each for each in got if each[0] == key] == [each for each in sent if each[0] == key]
    assert len(by_partition) > 1


def test_a_message_that_just_fits_still_fits_among_the_dead_letters(
    clients: KafkaClients, topic: StreamTopics
) -> None:
    largest = secrets.token_bytes(1_048_000)
    publish(clients, topic.events, [(b"key", largest, ())])
    publish(clients, topic.dead_letters, [(b"key", largest, (("reason", b"x" * 10_000),))])
    [[record]] = read(clients, topic.dead_letters).values()
    assert record.value == largest


def test_an_offset_that_the_log_does_not_hold_raises(
    clients: KafkaClients, topic: StreamTopics
) -> None:
    publish(clients, topic.events, [(b"key", b"value", ())])
    consumer = clients.consumer()
    partitions = [TopicPartition(topic.events.name, n) for n in range(topic.events.partitions)]
    consumer.assign(partitions)
    for partition in partitions:
        consumer.seek(partition, 1000)
    with pytest.raises(OffsetOutOfRangeError):
        poll_for_a_while(consumer)
    consumer.close()


def poll_for_a_while(consumer: KafkaConsumer) -> None:
    for _ in range(50):
        consumer.poll(timeout_ms=200)


def test_a_cluster_gets_credentials_and_certificates(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    secret = tmp_path / "password"
    secret.write_text(f"{PASSWORD}\n")
    given = arguments_for(
        monkeypatch,
        KafkaSettings(
            mode="cluster",
            bootstrap_servers="a:1,b:2",
            security_protocol="SASL_SSL",
            sasl_username="ingest",
            sasl_password_file=secret,
            ssl_cafile=tmp_path / "ca.pem",
        ),
    )
    assert given["bootstrap_servers"] == ["a:1", "b:2"]
    assert given["security_protocol"] == "SASL_SSL"
    assert given["sasl_mechanism"] == "SCRAM-SHA-512"
    assert (given["sasl_plain_username"], given["sasl_plain_password"]) == ("ingest", PASSWORD)
    assert given["ssl_cafile"] == str(tmp_path / "ca.pem")
    assert "ssl_keyfile" not in given


def test_the_embedded_broker_gets_no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = KafkaSettings(security_protocol="SASL_SSL", sasl_username="ingest")
    assert not any(name.startswith("sasl") for name in arguments_for(monkeypatch, settings))


def test_the_client_can_not_log_the_password(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settings = KafkaSettings(
        mode="cluster",
        bootstrap_servers="127.0.0.1:1",
        security_protocol="SASL_PLAINTEXT",
        sasl_username="ingest",
        sasl_password=PASSWORD,
    )
    monkeypatch.setattr(kafka_client, "_BOOTSTRAP_MS", 200)
    caplog.set_level(logging.DEBUG, "kafka")
    with pytest.raises(Exception, match=r"."):
        KafkaClients(settings.bootstrap_servers, settings).admin()
    assert "sasl_plain_password" in caplog.text
    assert PASSWORD not in caplog.text


def test_a_missing_password_file_is_named() -> None:
    settings = KafkaSettings(
        mode="cluster",
        bootstrap_servers="a:1",
        security_protocol="SASL_SSL",
        sasl_username="ingest",
        sasl_password_file=Path("/nowhere/password"),
    )
    with pytest.raises(SettingsError, match=r"SASL_PASSWORD_FILE: .*/nowhere/password: No such"):
        KafkaClients(settings.bootstrap_servers, settings).producer()


def arguments_for(monkeypatch: pytest.MonkeyPatch, settings: KafkaSettings) -> dict[str, Any]:
    """Return what the client's own constructor is given."""
    given: dict[str, Any] = {}
    monkeypatch.setattr(
        kafka_client, "KafkaAdminClient", lambda **arguments: given.update(arguments)
    )
    KafkaClients(settings.bootstrap_servers, settings).admin()
    return given
