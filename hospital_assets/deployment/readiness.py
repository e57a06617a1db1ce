"""Waiting until the services that a program needs are there and let it in."""

import logging
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psycopg
from kafka.errors import KafkaError

from hospital_assets.errors import HospitalError
from hospital_assets.local.databases import dagster_url, hospital_dsn
from hospital_assets.local.kafka import kafka_bootstrap
from hospital_assets.resources.kafka_client import KafkaClients
from hospital_assets.settings import Settings

PATIENCE_SECONDS = 300
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 15.0
# What a later try would be told again, in the words of PostgreSQL.
_REFUSALS = ("authentication failed", "does not exist", "permission denied", "not permitted")


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
    deadline = time.monotonic() + PATIENCE_SECONDS
    for service in _services(settings):
        pause, said = _FIRST_PAUSE, ""
        while (reason := _reason_to_wait(service)) is not None:
            if reason != said:
                say(f"waiting for {service.name}: {reason}")
                said = reason
            if time.monotonic() > deadline:
                raise NotReadyError(f"{service.name} was not there for {PATIENCE_SECONDS} s")
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)


def _reason_to_wait(service: _Service) -> str | None:
    try:
        service.enter()
    except _Away as error:
        return str(error)
    return None


def _services(settings: Settings) -> Iterator[_Service]:
    database = settings.database
    place = f"PostgreSQL at {database.host}:{database.port}"
    dagster = dagster_url(settings).replace("postgresql+psycopg2:", "postgresql:", 1)
    yield _Service(f"{place}, database {database.dagster_database}", lambda: _database(dagster))
    if database.password_file is not None:
        hospital = hospital_dsn(settings)
        yield _Service(
            f"{place}, database {database.hospital_database}", lambda: _database(hospital)
        )
    if settings.kafka.mode == "cluster":
        clients = KafkaClients(kafka_bootstrap(settings), settings.kafka)
        yield _Service(f"Kafka at {clients.bootstrap}", lambda: _broker(clients))


def _database(url: str) -> None:
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError as error:
        reason = " ".join(str(error).split())
        if any(words in reason for words in _REFUSALS):
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
        raise _Away(" ".join(str(error).split()) or type(error).__name__) from None


def _answers(bootstrap: str) -> bool:
    host, _, port = bootstrap.split(",")[0].rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=5).close()
    except OSError:
        return False
    return True
