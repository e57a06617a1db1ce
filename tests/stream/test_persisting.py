"""Trying again: while something is got further, and no longer than patience lasts without."""

import psycopg
import pytest
import tenacity
from kafka.errors import KafkaTimeoutError

from hospital_assets.resources.lake.file_store import FileStoreAwayError
from hospital_assets.resources.stream import connections, kafka_client
from hospital_assets.resources.stream.connections import persist
from hospital_assets.resources.stream.errors import StreamError, UnavailableError
from hospital_assets.services.kafka.errors import BrokerError
from hospital_assets.services.postgres import PostgresError
from tests.connected import stream_at
from tests.stream.sites import Site

PATIENCE = 20
AWAY = "127.0.0.1:9"


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        """Return what the clock shows."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(seconds)
        self.now += seconds


class Work:
    """Work that fails at each attempt that is listed: true for one that gets it further first."""

    def __init__(self, *attempts: bool, error: Exception | None = None) -> None:
        self.attempts = list(attempts)
        self.error = error or UnavailableError(f"{AWAY}: no answer")
        self.reached = 0

    def __call__(self) -> str:
        """Make an attempt."""
        if not self.attempts:
            return "done"
        self.reached += self.attempts.pop(0)
        raise self.error

    def progress(self) -> int:
        """Return how far it is."""
        return self.reached


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(tenacity, "time", made)
    monkeypatch.setattr(tenacity.nap, "time", made)
    return made


def test_work_that_gets_further_each_time_is_never_given_up(clock: Clock) -> None:
    work = Work(*[True, False, False, False, False] * 40)

    assert persist(work, "work", work.progress, PATIENCE) == "done"
    assert clock.now > 5 * PATIENCE


def test_work_that_gets_no_further_is_given_up_once_patience_is_over(clock: Clock) -> None:
    work = Work(*[False] * 100)

    with pytest.raises(StreamError):
        persist(work, "work", work.progress, PATIENCE)
    assert PATIENCE < clock.now < PATIENCE + 6


def test_patience_is_whole_again_after_progress(clock: Clock) -> None:
    work = Work(*[False] * 6, True, *[False] * 100)

    def progress() -> int:
        if work.reached and not since:
            since.append(clock.now)
        return work.reached

    since: list[float] = []
    with pytest.raises(StreamError):
        persist(work, "work", progress, PATIENCE)
    assert since[0] > PATIENCE / 2
    assert PATIENCE < clock.now - since[0] < PATIENCE + 6


def test_pauses_grow_and_begin_anew_after_progress(clock: Clock) -> None:
    work = Work(*[False] * 7, True, False, False)

    assert persist(work, "work", work.progress, PATIENCE) == "done"
    assert clock.slept == pytest.approx([0.2, 0.4, 0.8, 1.6, 3.2, 5, 5, 0.2, 0.4, 0.8])


@pytest.mark.parametrize(
    "error",
    [
        KafkaTimeoutError("no metadata"),
        UnavailableError("another consumer is at work"),
        BrokerError("Kafka did not start"),
        PostgresError("pg_ctl failed"),
        FileStoreAwayError("s3://lake: no answer"),
        psycopg.OperationalError("server closed the connection"),
        psycopg.InterfaceError("the connection is closed"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_passes_is_tried_again(clock: Clock, error: Exception) -> None:
    assert persist(Work(False, error=error), "work", seconds=PATIENCE) == "done"


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (OSError(28, "No space left on device"), "can't work: [Errno 28] No space left on device"),
        (psycopg.DataError("out of\nrange"), "can't work: out of range"),
        (StreamError("the topic was made anew"), "the topic was made anew"),
    ],
    ids=lambda one: type(one).__name__,
)
def test_what_does_not_pass_is_told_at_once(clock: Clock, error: Exception, line: str) -> None:
    with pytest.raises(StreamError) as raised:
        persist(Work(False, error=error), "work", seconds=PATIENCE)
    assert str(raised.value) == line
    assert clock.slept == []


def test_giving_up_says_what_where_and_that_nothing_is_lost(clock: Clock) -> None:
    with pytest.raises(StreamError) as raised:
        persist(Work(*[False] * 100), "land the transfers", seconds=PATIENCE)
    assert str(raised.value) == (
        "can't land the transfers: 127.0.0.1:9: no answer; gave up after 20 s,"
        " and nothing is lost: run it again"
    )
    assert isinstance(raised.value.__cause__, UnavailableError)


@pytest.mark.parametrize("away", ["broker", "database"])
def test_a_service_that_is_away_is_named(
    site: Site, monkeypatch: pytest.MonkeyPatch, away: str
) -> None:
    monkeypatch.setattr(connections, "PERSIST_SECONDS", 0)
    monkeypatch.setattr(kafka_client, "_BOOTSTRAP_MS", 500)
    services = {
        "broker": (site.url, AWAY),
        "database": (f"postgresql://hospital:secret@{AWAY}/hospital", site.bootstrap),
    }
    stray = stream_at(site.stream.root, *services[away], site.topic)

    with pytest.raises(StreamError) as raised:
        stray.land()
    line = str(raised.value)
    assert line.startswith("can't land the transfers: ")
    assert "127.0.0.1" in line
    assert line.endswith("; gave up after 0 s, and nothing is lost: run it again")
    assert "\n" not in line
    assert "secret" not in line
