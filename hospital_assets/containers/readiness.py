"""Waiting until the services that a program needs are there and let it in."""

import logging
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psycopg
from kafka.errors import KafkaError
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_delay,
    wait_exponential,
)

from hospital_assets.configuration.settings import Settings
from hospital_assets.errors import HospitalError, is_refusal, one_line
from hospital_assets.resources.stream.kafka_client import KafkaClients
from hospital_assets.services.databases import Databases
from hospital_assets.services.kafka.cluster import KafkaCluster

PATIENCE_SECONDS = 300
_PAUSES = wait_exponential(multiplier=1, max=15)


class NotReadyError(HospitalError):
    """A service is away or refuses; the message says which, and what it answers."""


class _Away(Exception):
    """A service can't be reached yet."""


@dataclass(frozen=True)
class _Service:
    """A service by its name, and a call that raises unless it lets us in."""

    name: str
    enter: Callable[[], None]


def wait_for_services(settings: Settings, say: Callable[[str], None]) -> None:
    """Return once every service that the settings name lets us in.

    `say` receives a line for each new reason to wait. Raises NotReadyError if a service refuses,
    or stays away for five minutes.
    """
    # Its client tells each of its attempts; here the outcome is enough.
    logging.getLogger("kafka").setLevel(logging.CRITICAL)
    # All services together have this long.
    deadline = time.monotonic() + PATIENCE_SECONDS
    for service in _services(settings):
        try:
            Retrying(
                retry=retry_if_exception_type(_Away),
                stop=stop_after_delay(max(0.0, deadline - time.monotonic())),
                wait=_PAUSES,
                before_sleep=_NewReasons(service.name, say),
                reraise=True,
            )(service.enter)
        except _Away:
            raise NotReadyError(f"{service.name} was not there for {PATIENCE_SECONDS} s") from None


class _NewReasons:
    """Says why a service is waited for, each reason once."""

    def __init__(self, service: str, say: Callable[[str], None]) -> None:
        self._service, self._say, self._said = service, say, ""

    def __call__(self, retry_state: RetryCallState) -> None:
        outcome = retry_state.outcome
        reason = "" if outcome is None else str(outcome.exception())
        if reason != self._said:
            self._say(f"waiting for {self._service}: {reason}")
            self._said = reason


def _services(settings: Settings) -> Iterator[_Service]:
    database = settings.database
    place = f"PostgreSQL at {database.host}:{database.port}"
    dagster = Databases.of(settings).dagster_url().replace("postgresql+psycopg2:", "postgresql:", 1)
    yield _Service(f"{place}, database {database.dagster_database}", lambda: _database(dagster))
    if not database.is_dagsters_alone:
        hospital = Databases.of(settings).hospital_url()
        yield _Service(
            f"{place}, database {database.hospital_database}", lambda: _database(hospital)
        )
    if settings.kafka.mode == "cluster":
        clients = KafkaClients(KafkaCluster.of(settings).bootstrap(), settings.kafka)
        yield _Service(f"Kafka at {clients.bootstrap}", lambda: _broker(clients))


def _database(url: str) -> None:
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError as error:
        reason = one_line(error)
        if is_refusal(error):
            raise NotReadyError(f"PostgreSQL: {reason}; see deploy/secrets") from None
        raise _Away(reason) from None


def _broker(clients: KafkaClients) -> None:
    try:
        clients.admin().close()
    except KafkaError as error:
        # The client tries on until its time is up, also with a wrong password, and then says so.
        if _answers(clients.bootstrap):
            raise NotReadyError(
                f"Kafka at {clients.bootstrap} doesn't let {clients.settings.sasl_username} in;"
                " see deploy/secrets, and `docker compose up kafka_setup` after a change"
            ) from None
        raise _Away(one_line(error)) from None


def _answers(bootstrap: str) -> bool:
    host, _, port = bootstrap.split(",")[0].rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=5).close()
    except OSError:
        return False
    return True
