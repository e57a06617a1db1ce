"""Publishing: a slot counts as published once the broker has acknowledged every event of it."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from psycopg import sql

from hospital_assets.resources.stream import wire
from hospital_assets.resources.stream.connections import Connections, persist, settled
from hospital_assets.resources.warehouse.loading import Connection
from hospital_assets.resources.warehouse.schema import SCHEMA

TABLE = sql.Identifier(SCHEMA, "published_slots")
LOT_EVENTS = 10_000
_ACKNOWLEDGED_SECONDS = 20
_SLOT = ("transfer_date", "slot")

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
        remaining = deque(_lots(rows))
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

    def _attempt(self, remaining: deque["_Lot"], report: PublishReport) -> None:
        topic = self.connections.topics().events.name
        with self.connections.database() as connection, self.connections.producer() as producer:
            while remaining:
                lot = remaining[0]
                _send(producer, topic, lot.rows)
                _record(connection, lot.slots)
                remaining.popleft()
                report.slots += lot.slots.height
                report.events += lot.rows.height


@dataclass(frozen=True)
class _Lot:
    """Whole slots that are on their way, acknowledged and recorded together."""

    slots: pl.DataFrame
    rows: pl.DataFrame


def _lots(rows: pl.DataFrame) -> Iterator[_Lot]:
    slots = rows.group_by(_SLOT, maintain_order=True).len("events")
    sent_before = pl.col("events").cum_sum() - pl.col("events")
    for group in slots.group_by(sent_before // LOT_EVENTS, maintain_order=True):
        yield _Lot(group[1], rows.join(group[1], on=_SLOT, how="semi", maintain_order="left"))


def _send(producer: Any, topic: str, rows: pl.DataFrame) -> None:
    """Send events and wait for every acknowledgement."""
    futures = [
        producer.send(topic, key=message.key, value=message.value, headers=message.headers)
        for message in wire.messages(rows)
    ]
    for future in futures:
        settled(future, _ACKNOWLEDGED_SECONDS)


def _record(connection: Connection, slots: pl.DataFrame) -> None:
    query = sql.SQL(
        "INSERT INTO {} (transfer_date, slot, events)"
        " SELECT * FROM unnest(%s::date[], %s::integer[], %s::integer[])"
        " ON CONFLICT (transfer_date, slot) DO UPDATE"
        " SET events = excluded.events, published_at = excluded.published_at"
    ).format(TABLE)
    connection.execute(query, [slots[name].to_list() for name in (*_SLOT, "events")])
