"""Warehouses and streams of a test's own, by their addresses."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from hospital_assets.calendar.period import Period
from hospital_assets.configuration.settings import KafkaSettings
from hospital_assets.contracts.record_type import RecordType
from hospital_assets.contracts.stream_type import StreamType
from hospital_assets.contracts.transfers import TRANSFER_STREAM
from hospital_assets.registry import RECORD_TYPES
from hospital_assets.resources.stream.resource import Stream
from hospital_assets.resources.warehouse.resource import Warehouse

# That of the hospital in configs/.
PERIOD = Period(date(2020, 12, 1), date(2025, 3, 31))


@contextmanager
def database_like(url: str, template: str) -> Iterator[str]:
    """Have a database that is a copy of another in the server of `url`; gives its URL."""
    name = f"test_{secrets.token_hex(8)}"
    copied = "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(copied).format(sql.Identifier(name), sql.Identifier(template)))
    yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def warehouse_at(url: str, others: Sequence[RecordType] = ()) -> Warehouse:
    """Return the warehouse in a database, with tables for other records too."""
    return Warehouse(lambda: url, (*RECORD_TYPES, *others))


def stream_at(
    root: str, url: str, bootstrap: str, topic: str, kind: StreamType = TRANSFER_STREAM
) -> Stream:
    """Return the stream of a topic into a lake and a database."""
    kafka = KafkaSettings(topics={kind.name: topic})
    return Stream(kind, root, kafka, PERIOD, lambda: url, lambda: bootstrap)
