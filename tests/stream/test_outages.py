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

from hospital_assets.configuration.settings import KafkaSettings, Settings
from hospital_assets.contracts.transfers import TRANSFER_STREAM
from hospital_assets.resources.lake import file_store
from hospital_assets.resources.stream import connections
from hospital_assets.resources.stream.connections import Connections
from hospital_assets.resources.stream.errors import StreamError
from hospital_assets.resources.stream.files import StreamFolder
from hospital_assets.resources.stream.kafka_client import KafkaClients
from hospital_assets.resources.stream.landing import Landing, LandReport
from hospital_assets.resources.stream.publisher import Publisher
from hospital_assets.services.databases import Databases
from hospital_assets.services.kafka.cluster import KafkaCluster
from tests.connected import PERIOD, stream_at, warehouse_at
from tests.patience import PATIENCE_SECONDS
from tests.stream.sites import Site, slots_of, transfers_of

SECONDS = float(os.environ.get("OUTAGE_SECONDS", "6"))
NOBODY = 9  # a port on which nothing listens
# A loaded machine may take its time: nothing is decided by it.

pytestmark = pytest.mark.timeout(4 * PATIENCE_SECONDS)


class Services:
    """A broker and a database that nobody but the test starts again."""

    def __init__(self, settings: Settings, root: Path) -> None:
        self.settings = settings
        self.broker = KafkaCluster.of(settings).embedded()
        self.postgres = Databases.of(settings).embedded()
        self.url = Databases.of(settings).hospital_url()
        self.root = root
        self.broker.ensure_running()

    def connections(self) -> Connections:
        """Return connections to wherever the services are at the time."""

        def url() -> str:
            port = self.postgres.running_port() or NOBODY
            head, _, tail = self.url.rpartition(":")
            return f"{head}:{port}/{tail.partition('/')[2]}"

        def clients() -> KafkaClients:
            port = self.broker.running_port() or NOBODY
            return KafkaClients(f"127.0.0.1:{port}", KafkaSettings())

        return Connections(url, clients, TRANSFER_STREAM.event_type)

    def folder(self) -> StreamFolder:
        """Return where the files lie."""
        return StreamFolder(file_store.at(str(self.root)), TRANSFER_STREAM.name)

    def kill(self, name: str) -> None:
        """Kill a service with no chance to tidy up."""
        file = {"broker": "kafka.json", "postgres": "postgres.json"}[name]
        psutil.Process(self.broker.state.read_json(file)["pid"]).kill()

    def start(self, name: str) -> None:
        """Start a service again."""
        (self.broker if name == "broker" else self.postgres).ensure_running()

    def site(self) -> Site:
        """Return the site as it is now."""
        url = Databases.of(self.settings).hospital_url()
        bootstrap = KafkaCluster.of(self.settings).bootstrap()
        return Site(stream_at(str(self.root), url, bootstrap, TRANSFER_STREAM.event_type))


@pytest.fixture
def services(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Iterator[Services]:
    settings = Settings(state=tmp_path_factory.mktemp("outage"))
    made = Services(settings, tmp_path / "lake")
    yield made
    made.broker.stop()
    made.postgres.stop()


@pytest.mark.parametrize("name", ["broker", "postgres"])
def test_an_outage_under_load_ends_with_no_lag(services: Services, name: str) -> None:
    warehouse_at(services.url).create_schema()
    rows = transfers_of(date(2021, 1, 1), date(2021, 2, 9))
    days = rows.partition_by("transfer_date", maintain_order=True)
    made = services.connections()
    landing = Landing(made, services.folder(), TRANSFER_STREAM, PERIOD)
    finished = threading.Event()
    failures: list[BaseException] = []

    def guarded(work: Callable[[], object]) -> threading.Thread:
        def run() -> None:
            try:
                work()
            except BaseException as error:
                failures.append(error)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        return thread

    def publish() -> None:
        *most, last = days
        try:
            for number, day in enumerate(most):
                Publisher(made, TRANSFER_STREAM).publish(slots_of(day), day)
                if number == 5:
                    halfway.set()
            # Whatever the pace, there is something left to publish while the service is away.
            struck.wait(PATIENCE_SECONDS)
            Publisher(made, TRANSFER_STREAM).publish(slots_of(last), last)
        finally:
            halfway.set()
            finished.set()

    def land() -> LandReport:
        while not finished.is_set():
            landing.land()
        return landing.land()

    halfway, struck = threading.Event(), threading.Event()
    producer, consumer = guarded(publish), guarded(land)
    assert halfway.wait(PATIENCE_SECONDS)
    services.kill(name)
    struck.set()
    time.sleep(SECONDS)
    assert not finished.is_set(), failures
    services.start(name)
    producer.join(PATIENCE_SECONDS)
    consumer.join(PATIENCE_SECONDS)

    assert failures == []
    assert not producer.is_alive()
    assert not consumer.is_alive()
    services.site().check(rows)


def test_a_service_that_stays_away_is_one_clear_line(
    services: Services, monkeypatch: pytest.MonkeyPatch, week: pl.DataFrame
) -> None:
    monkeypatch.setattr(connections, "PERSIST_SECONDS", 2)
    warehouse_at(services.url).create_schema()
    services.kill("postgres")

    with pytest.raises(StreamError, match=r"can't publish the transfers: .*; gave up") as raised:
        Publisher(services.connections(), TRANSFER_STREAM).publish(slots_of(week), week)
    assert "\n" not in str(raised.value)
    assert "hospital:" not in str(raised.value)
