"""The broker or the database is away for a while, under load: the stream recovers unaided."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import polars as pl
import psutil
import pytest

from hospital_assets.local import embedded_postgres, hospital_dsn
from hospital_assets.local.kafka import embedded_kafka
from hospital_assets.profile import load_hospital
from hospital_assets.resources import storage
from hospital_assets.resources.kafka_client import KafkaClients
from hospital_assets.resources.stream import connections
from hospital_assets.resources.stream.connections import Connections
from hospital_assets.resources.stream.errors import StreamError
from hospital_assets.resources.stream.files import StreamFolder
from hospital_assets.resources.stream.landing import Landing, LandReport
from hospital_assets.resources.stream.publisher import Publisher
from hospital_assets.resources.stream.resource import Stream
from hospital_assets.resources.warehouse import Warehouse
from hospital_assets.settings import KafkaSettings, Settings
from tests.stream.sites import Site

SECONDS = float(os.environ.get("OUTAGE_SECONDS", "6"))
NOBODY = 9  # a port on which nothing listens


class Services:
    """A broker and a database that nobody but the test starts again."""

    def __init__(self, settings: Settings, root: Path) -> None:
        self.settings = settings
        self.broker = embedded_kafka(settings)
        self.postgres = embedded_postgres(settings)
        self.dsn = hospital_dsn(settings)
        self.root = root
        self.broker.ensure_running()

    def connections(self) -> Connections:
        """Return connections to wherever the services are at the time."""

        def url() -> str:
            port = self.postgres.running_port() or NOBODY
            head, _, tail = self.dsn.rpartition(":")
            return f"{head}:{port}/{tail.partition('/')[2]}"

        def clients() -> KafkaClients:
            port = self.broker.running_port() or NOBODY
            return KafkaClients(f"127.0.0.1:{port}", KafkaSettings())

        return Connections(url, clients)

    def kill(self, name: str) -> None:
        """Kill a service with no chance to tidy up."""
        file = {"broker": "kafka.json", "postgres": "postgres.json"}[name]
        psutil.Process(self.broker.state.read_json(file)["pid"]).kill()

    def start(self, name: str) -> None:
        """Start a service again."""
        (self.broker if name == "broker" else self.postgres).ensure_running()

    def site(self) -> Site:
        """Return the site as it is now."""
        stream = Stream(
            root=str(self.root),
            dsn=hospital_dsn(self.settings),
            bootstrap=f"127.0.0.1:{self.broker.ensure_running()}",
            topic=KafkaSettings().topic,
        )
        return Site(stream, self.broker)


@pytest.fixture
def services(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Iterator[Services]:
    settings = Settings(state=tmp_path_factory.mktemp("outage"))
    made = Services(settings, tmp_path / "lake")
    yield made
    made.broker.stop()
    made.postgres.stop()


@pytest.mark.parametrize("name", ["broker", "postgres"])
def test_an_outage_under_load_ends_with_no_lag(services: Services, name: str) -> None:
    Warehouse(dsn=services.dsn).create_schema()
    rows = load_hospital().transfers(date(2021, 1, 1), date(2021, 2, 9))
    days = rows.partition_by("transfer_date", maintain_order=True)
    made = services.connections()
    landing = Landing(made, StreamFolder(storage.at(str(services.root))))
    finished = threading.Event()
    failures: list[BaseException] = []

    def guarded(work: Callable[[], object]) -> threading.Thread:
        def run() -> None:
            try:
                work()
            except BaseException as error:
                failures.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    def publish() -> None:
        for number, day in enumerate(days):
            Publisher(made).publish(day)
            if number == 5:
                halfway.set()
        finished.set()

    def land() -> LandReport:
        while not finished.is_set():
            landing.land()
        return landing.land()

    halfway = threading.Event()
    producer, consumer = guarded(publish), guarded(land)
    assert halfway.wait(60)
    services.kill(name)
    time.sleep(SECONDS)
    assert not finished.is_set()
    services.start(name)
    producer.join(200)
    consumer.join(200)

    assert failures == []
    services.site().check(rows)


def test_a_service_that_stays_away_is_one_clear_line(
    services: Services, monkeypatch: pytest.MonkeyPatch, week: pl.DataFrame
) -> None:
    monkeypatch.setattr(connections, "PERSIST_SECONDS", 2)
    Warehouse(dsn=services.dsn).create_schema()
    services.kill("postgres")

    with pytest.raises(StreamError, match=r"can't publish the transfers: .*; gave up") as raised:
        Publisher(services.connections()).publish(week)
    assert "\n" not in str(raised.value)
    assert "hospital:" not in str(raised.value)
