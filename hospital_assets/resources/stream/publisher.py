"""Publishing: a slot counts as published once the broker has acknowledged every event of it."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

import polars as pl
from psycopg import sql

from hospital_assets import events
from hospital_assets.resources.loading import Connection
from hospital_assets.resources.schema import SCHEMA
from hospital_assets.resources.stream.connections import Connections, persist, settled
from hospital_assets.resources.stream.failpoints import reach

TABLE = sql.Identifier(SCHEMA, "published_slots")
IN_FLIGHT = 10_000
_ACKNOWLEDGED_SECONDS = 20

Slot = tuple[date, int]


@dataclass
class PublishReport:
    """What a call has published, acknowledged by the broker."""

    events: int = 0
    slots: int = 0


@dataclass(frozen=True)
class Publisher:
    """Publishes transfers and keeps record of their slots."""

    connections: Connections

    def publish(self, rows: pl.DataFrame) -> PublishReport:
        """Publish whole slots of transfers, in the order of the rows.

        A slot whose record a crash has prevented is published again by the next call; the landing
        knows its events. Tries again while the broker or the database is away; raises StreamError
        if that takes too long.
        """
        report = PublishReport()
        remaining = deque(_batches(rows))
        persist(
            lambda: self._attempt(remaining, report),
            "publish the transfers",
            lambda: report.slots,
        )
        return report

    def unpublished(self, slots: Iterable[Slot]) -> list[Slot]:
        """Return those of the slots that are not on record as published, in their order."""
        wanted = list(slots)

        def known() -> set[Slot]:
            query = sql.SQL(
                "SELECT transfer_date, slot FROM {} WHERE transfer_date = ANY(%s)"
            ).format(TABLE)
            with self.connections.database() as connection:
                return set(connection.execute(query, [[day for day, _ in wanted]]).fetchall())

        published = persist(known, "read the published slots")
        return [slot for slot in wanted if slot not in published]

    def _attempt(self, remaining: deque[list[pl.DataFrame]], report: PublishReport) -> None:
        topic = self.connections.topics().events.name
        with self.connections.database() as connection, self.connections.producer() as producer:
            while remaining:
                batch = remaining[0]
                reach("before_produce")
                _send(producer, topic, pl.concat(batch))
                reach("after_produce")
                reach("before_published_row")
                _record(connection, batch)
                reach("after_published_row")
                remaining.popleft()
                report.slots += len(batch)
                report.events += sum(slot.height for slot in batch)


def _batches(rows: pl.DataFrame) -> Iterator[list[pl.DataFrame]]:
    """Give the slots in lots that are acknowledged and recorded together."""
    slots = rows.partition_by("transfer_date", "slot", maintain_order=True)
    sent = 0
    numbered = []
    for slot in slots:
        numbered.append((sent // IN_FLIGHT, slot))
        sent += slot.height
    for _, lot in groupby(numbered, key=lambda pair: pair[0]):
        yield [slot for _, slot in lot]


def _send(producer: Any, topic: str, rows: pl.DataFrame) -> None:
    """Send events and wait for every acknowledgement, with a bounded number on their way."""
    in_flight: deque[Any] = deque()
    for value, row in zip(events.encode_frame(rows), rows.iter_rows(named=True), strict=True):
        if len(in_flight) == IN_FLIGHT:
            settled(in_flight.popleft(), _ACKNOWLEDGED_SECONDS)
        in_flight.append(
            producer.send(
                topic, key=events.key(row["person_id"]), value=value, headers=events.headers(row)
            )
        )
    for future in in_flight:
        settled(future, _ACKNOWLEDGED_SECONDS)


def _record(connection: Connection, slots: Iterable[pl.DataFrame]) -> None:
    query = sql.SQL(
        "INSERT INTO {} (transfer_date, slot, events) VALUES (%s, %s, %s) "
        "ON CONFLICT (transfer_date, slot) DO UPDATE "
        "SET events = excluded.events, published_at = excluded.published_at"
    ).format(TABLE)
    with connection.cursor() as cursor:
        cursor.executemany(
            query, [(*slot.select("transfer_date", "slot").row(0), slot.height) for slot in slots]
        )
