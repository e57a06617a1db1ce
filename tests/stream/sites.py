"""A stream that a test has to itself, and what it holds."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, LiteralString

import duckdb
import polars as pl
import psycopg
import pytest
from kafka import KafkaProducer
from psycopg import sql

from hospital_assets.calendar.period import Period
from hospital_assets.contracts.stream_type import StreamType
from hospital_assets.contracts.transfers import TRANSFER_STREAM, TRANSFERS
from hospital_assets.registry import registration
from hospital_assets.resources.stream.connections import Connections
from hospital_assets.resources.stream.dead_letters import DeadLetter
from hospital_assets.resources.stream.kafka_client import KafkaClients
from hospital_assets.resources.stream.published_slots import Slot
from hospital_assets.resources.stream.publisher import PublishReport
from hospital_assets.resources.stream.resource import Stream
from hospital_assets.resources.stream.wire import WireForm, form
from tests.hospitals import full_hospital
from tests.kafka.records import read
from tests.patience import PATIENCE_SECONDS
from tests.stream.bed_notices import BED_NOTICE_STREAM, SLOTS_A_DAY, bed_notices_of


@dataclass(frozen=True)
class Site:
    """A stream with a topic, a database and a lake of its own."""

    stream: Stream

    @property
    def topic(self) -> str:
        """The topic's name."""
        return self.stream.topic

    @property
    def kind(self) -> StreamType:
        """The type of the events."""
        return self.stream.kind

    @property
    def form(self) -> WireForm:
        """How the events are written."""
        return form(self.kind)

    @property
    def url(self) -> str:
        """The database's URL."""
        return self.stream.database_url()

    @property
    def bootstrap(self) -> str:
        """The broker's address."""
        return self.stream.bootstrap()

    @property
    def connections(self) -> Connections:
        """The connections of the stream."""
        return self.stream._connections()

    @property
    def clients(self) -> KafkaClients:
        """What makes Kafka's clients."""
        return self.connections.clients()

    @property
    def folder(self) -> Path:
        """Where the files lie."""
        return Path(self.stream.root) / "stream" / self.kind.name

    def publish(self, rows: pl.DataFrame) -> PublishReport:
        """Publish the slots of the days that the rows are of, empty ones too."""
        return self.stream.publish(self.slots(rows), rows)

    def slots(self, rows: pl.DataFrame) -> list[Slot]:
        """Return the slots of the days that some rows are of, in order."""
        return slots_of(rows, self.kind)

    def produce(self, *messages: tuple[bytes | None, bytes | None], **options: Any) -> None:
        """Send pairs of a key and a value, as anybody's client would."""
        producer = KafkaProducer(bootstrap_servers=self.bootstrap, max_request_size=2**21)
        futures = [
            producer.send(self.topic, key=key, value=value, **options) for key, value in messages
        ]
        for future in futures:
            future.get(timeout=PATIENCE_SECONDS)
        producer.close(timeout=5)

    def delete_topic(self) -> None:
        """Delete the topic with every message in it; it is made anew when it is next used."""
        client = self.clients.admin()
        client.delete_topics([self.topic])
        client.close()

    def query(self, statement: LiteralString) -> list[tuple[Any, ...]]:
        """Ask the database."""
        with psycopg.connect(self.url) as connection:
            return connection.execute(statement).fetchall()

    def execute(self, statement: str, *values: object) -> None:
        """Change the database."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement.encode(), values)

    def table(self) -> pl.DataFrame:
        """Return the rows in PostgreSQL."""
        columns = self.kind.record.schema.column_names()
        query = sql.SQL("SELECT {} FROM {}").format(
            sql.SQL(", ").join(map(sql.Identifier, columns)),
            sql.Identifier("hospital", self.kind.name),
        )
        with psycopg.connect(self.url) as connection:
            return self.as_rows(connection.execute(query).fetchall())

    def files(self) -> pl.DataFrame:
        """Return what DuckDB reads from the folder as one table."""
        if not any(self.folder.glob("*.jsonl")):
            return self.kind.record.schema.create_empty()
        with duckdb.connect() as connection:
            rows = connection.read_json(f"{self.folder}/*.jsonl").project(
                ", ".join(self.kind.record.schema.column_names())
            )
            return self.as_rows(rows.fetchall())

    def as_rows(self, found: list[tuple[Any, ...]]) -> pl.DataFrame:
        """Return rows as the contract has them, in the order of their ids."""
        # DuckDB takes the ids for UUIDs.
        texts = [[str(one) if isinstance(one, uuid.UUID) else one for one in row] for row in found]
        columns = self.kind.record.schema.columns()
        types = {
            name: pl.String if isinstance(column.dtype, pl.Enum) else column.dtype
            for name, column in columns.items()
        }
        frame = pl.DataFrame(texts, schema=types, orient="row")
        return self.kind.record.schema.cast(frame).sort(self.kind.id_column)

    def published(self) -> list[Any]:
        """Every message that the topic holds."""
        topic = self.connections.topics().events
        return [one for part in read(self.clients, topic).values() for one in part]

    def letters(self, **which: Any) -> list[DeadLetter]:
        """Every dead letter, or those that are asked for, with what they hold."""
        found = self.stream.dead_letters(**which)
        return [self.stream.dead_letter(one.partition, one.offset, one.topic) for one in found]

    def mirrored(self) -> list[Any]:
        """Every message that the topic of dead letters holds."""
        topic = self.connections.topics().dead_letters
        return [one for part in read(self.clients, topic).values() for one in part]

    def check(self, published: pl.DataFrame) -> None:
        """The facts are in the table and in the files once each, and nothing is left to do."""
        wanted = self.kind.record.schema.cast(published).sort(self.kind.id_column)
        for place, found in (("the table", self.table()), ("the files", self.files())):
            same = found.equals(wanted)
            assert same, f"{place}: {found.height} rows, {wanted.height} were published"
        assert not any(self.stream.lag().values()), "there is lag"
        self.check_manifest()

    def check_manifest(self) -> None:
        """The ranges of each partition follow one another up to the stored offset."""
        broken = self.query(
            "SELECT partition, first_offset FROM (SELECT *, lag(end_offset, 1, 0::bigint) OVER "
            "(PARTITION BY topic, partition ORDER BY first_offset) AS before "
            "FROM hospital.stream_files) AS ranges WHERE first_offset <> before"
        )
        assert broken == [], f"ranges that don't follow: {broken}"
        ends = "SELECT partition, max(end_offset) FROM hospital.stream_files GROUP BY partition"
        landed = "SELECT partition, next_offset FROM hospital.stream_offsets WHERE next_offset > 0"
        assert sorted(self.query(ends)) == sorted(self.query(landed))


def transfers_of(first_day: date, last_day: date) -> pl.DataFrame:
    """Return the simulation's transfers of some days."""
    return registration(TRANSFERS).rows(full_hospital(), Period(first_day, last_day), {})


def slots_of(rows: pl.DataFrame, kind: StreamType = TRANSFER_STREAM) -> list[Slot]:
    """Return the slots of the days that some rows are of, in order, empty ones too."""
    days = rows[kind.record.partition_column].unique().sort()
    return [(day, number) for day in days for number in range(1, SLOTS_A_DAY + 1)]


@cache
def week_of(kind: StreamType) -> pl.DataFrame:
    """Return a week of events: of transfers there are 105, in 35 slots."""
    return EVENTS_OF[kind](date(2021, 3, 1), date(2021, 3, 7))


EVENTS_OF: dict[StreamType, Callable[[date, date], pl.DataFrame]] = {
    TRANSFER_STREAM: transfers_of,
    BED_NOTICE_STREAM: bed_notices_of,
}

# For a module whose tests hold for streams of any type.
STREAM_TYPES = pytest.mark.parametrize(
    "kind", list(EVENTS_OF), ids=lambda kind: kind.name, indirect=True
)

TRANSFER_FORM = form(TRANSFER_STREAM)
