"""Connections to the broker and the database, found anew at every attempt, and how to persist."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import psycopg
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.errors import KafkaError
from tenacity import RetryCallState, Retrying, retry_if_exception

from hospital_assets.errors import ServiceAwayError, is_refusal, one_line
from hospital_assets.resources.stream.errors import StreamError, UnavailableError
from hospital_assets.resources.stream.kafka_client import KafkaClients
from hospital_assets.resources.stream.topics import StreamTopics, TopicError, set_up_topics
from hospital_assets.resources.warehouse.loading import Connection
from hospital_assets.resources.warehouse.session import session

PERSIST_SECONDS = 180
ANSWER_SECONDS = 10
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0
_CLOSE_SECONDS = 2
# A consumer that hangs in the middle of a chunk loses its lock after this long, by the server.
_IDLE_SECONDS = 60
_LOCK_SECONDS = 30
_TRANSIENT = (
    KafkaError,
    UnavailableError,
    ServiceAwayError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
)
T = TypeVar("T")


@dataclass(frozen=True)
class Connections:
    """Where a stream flows: each call finds out anew, since a service may come back elsewhere."""

    database_url: Callable[[], str]
    clients: Callable[[], KafkaClients]
    topic: str

    @contextmanager
    def database(self) -> Iterator[Connection]:
        """Give a connection on which every statement is a transaction unless one is opened."""
        with session(
            self.database_url(),
            "hospital stream",
            autocommit=True,
            lock_seconds=_LOCK_SECONDS,
            idle_seconds=_IDLE_SECONDS,
        ) as connection:
            yield connection

    @contextmanager
    def consumer(self) -> Iterator[KafkaConsumer]:
        """Give a consumer of no group."""
        consumer = self.clients().consumer()
        try:
            yield consumer
        finally:
            consumer.close(autocommit=False, timeout_ms=_CLOSE_SECONDS * 1000)

    @contextmanager
    def producer(self) -> Iterator[KafkaProducer]:
        """Give a producer. What it has not been told to wait for may be lost."""
        producer = self.clients().producer()
        try:
            yield producer
        finally:
            producer.close(timeout=_CLOSE_SECONDS)

    @contextmanager
    def admin(self) -> Iterator[KafkaAdminClient]:
        """Give a client for topics and groups."""
        admin = self.clients().admin()
        try:
            yield admin
        finally:
            admin.close()

    def topics(self) -> StreamTopics:
        """Return the topics, made if need be."""
        try:
            return set_up_topics(self.clients(), self.topic)
        except TopicError as error:
            if isinstance(error.__cause__, KafkaError):
                raise UnavailableError(str(error)) from error
            raise StreamError(one_line(error)) from error


def persist(
    action: Callable[[], T],
    purpose: str,
    progress: Callable[[], int] = lambda: 0,
    seconds: float | None = None,
) -> T:
    """Return what `action` does, tried again while a service is away.

    Gives up with StreamError after so many seconds without progress, three minutes by default.
    """
    limit = PERSIST_SECONDS if seconds is None else seconds
    patience = _Patience(progress, limit)
    attempts = Retrying(
        retry=retry_if_exception(_may_pass),
        after=patience.look,
        wait=patience.pause,
        stop=patience.is_over,
        reraise=True,
    )
    try:
        return attempts(action)
    except _TRANSIENT as error:
        if not _may_pass(error):
            raise StreamError(f"can't {purpose}: {explained(error)}") from error
        raise StreamError(
            f"can't {purpose}: {explained(error)}; gave up after {limit:.0f} s, "
            "and nothing is lost: run it again"
        ) from error
    except (psycopg.Error, OSError) as error:
        raise StreamError(f"can't {purpose}: {explained(error)}") from error


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, _TRANSIENT) and not (
        isinstance(error, psycopg.OperationalError) and is_refusal(error)
    )


class _Patience:
    """How long to go on and to pause in between; both begin anew once something was got further."""

    def __init__(self, progress: Callable[[], int], seconds: float) -> None:
        self._progress, self._seconds = progress, seconds
        self._reached, self._since, self._next_pause = progress(), 0.0, _FIRST_PAUSE

    def look(self, state: RetryCallState) -> None:
        """See what the attempt that failed has reached."""
        if (reached := self._progress()) > self._reached:
            self._reached, self._since, self._next_pause = reached, _passed(state), _FIRST_PAUSE

    def pause(self, _: RetryCallState) -> float:
        """Return the seconds to wait before the next attempt."""
        pause, self._next_pause = self._next_pause, min(2 * self._next_pause, _LONGEST_PAUSE)
        return pause

    def is_over(self, state: RetryCallState) -> bool:
        """Return whether to give up."""
        return _passed(state) - self._since > self._seconds


def _passed(state: RetryCallState) -> float:
    return state.seconds_since_start or 0.0


def explained(error: BaseException) -> str:
    """Return an error in one line, with its class where the message says too little."""
    if isinstance(error, psycopg.errors.UndefinedTable | psycopg.errors.InvalidSchemaName):
        return f"{error.diag.message_primary}; create the schema first"
    if isinstance(error, KafkaError):
        return one_line(f"{type(error).__name__} {error}")
    return one_line(error)


def settled(future: Any, seconds: float) -> None:
    """Wait until the broker has acknowledged a send; raises the client's error if it has not."""
    future.get(timeout=seconds)
