"""Publishing: a slot counts as published once the broker has acknowledged every event of it."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from hospital_assets.contracts.stream_type import StreamType
from hospital_assets.resources.stream import published_slots, wire
from hospital_assets.resources.stream.connections import Connections, persist, settled
from hospital_assets.resources.stream.published_slots import Slot
from hospital_assets.resources.stream.wire import Message

LOT_EVENTS = 10_000
_ACKNOWLEDGED_SECONDS = 20


@dataclass
class PublishReport:
    """What a call has published, acknowledged by the broker."""

    events: int = 0
    slots: int = 0


@dataclass(frozen=True)
class Publisher:
    """Publishes the events of a stream type and keeps record of their slots."""

    connections: Connections
    kind: StreamType

    def publish(self, slots: Iterable[Slot], rows: pl.DataFrame) -> PublishReport:
        """Publish whole slots, one after the other, with those of the rows that are theirs.

        A slot without a row is published too: nobody waits for its events. One whose record a crash
        has prevented is published again by the next call; the landing knows its events. Tries again
        while the broker or the database is away; raises StreamError if that takes too long.
        """
        report = PublishReport()
        remaining = deque(_lots(self.kind, slots, rows))
        persist(
            lambda: self._attempt(remaining, report),
            f"publish the {self.kind.name}",
            lambda: report.slots,
        )
        return report

    def unpublished(self, slots: Iterable[Slot]) -> list[Slot]:
        """Return those of the slots that are not on record as published, in their order."""

        def known() -> set[Slot]:
            with self.connections.database() as connection:
                return set(published_slots.published(connection, self.kind.name))

        published = persist(known, "read the published slots")
        return [slot for slot in slots if slot not in published]

    def _attempt(self, remaining: deque["_Lot"], report: PublishReport) -> None:
        topic = self.connections.topics().events.name
        form = wire.form(self.kind)
        with self.connections.database() as connection, self.connections.producer() as producer:
            while remaining:
                lot = remaining[0]
                _send(producer, topic, form.messages(lot.rows))
                published_slots.record(connection, self.kind.name, lot.slots)
                remaining.popleft()
                report.slots += len(lot.slots)
                report.events += lot.rows.height


@dataclass(frozen=True)
class _Lot:
    """Whole slots that are on their way, acknowledged and recorded together."""

    slots: dict[Slot, list[str]]
    rows: pl.DataFrame


def _lots(kind: StreamType, slots: Iterable[Slot], rows: pl.DataFrame) -> Iterator[_Lot]:
    groups = rows.group_by(kind.slot_columns).agg(pl.col(kind.id_column)).iter_rows()
    ids: dict[Slot, list[str]] = {(day, number): found for day, number, found in groups}
    lot: dict[Slot, list[str]] = {}
    events = 0
    for slot in dict.fromkeys(slots):
        lot[slot] = ids.get(slot, [])
        events += len(lot[slot])
        if events >= LOT_EVENTS:
            yield _Lot(lot, _rows_of(kind, lot, rows))
            lot, events = {}, 0
    if lot:
        yield _Lot(lot, _rows_of(kind, lot, rows))


def _rows_of(kind: StreamType, slots: Iterable[Slot], rows: pl.DataFrame) -> pl.DataFrame:
    schema = {name: rows.schema[name] for name in kind.slot_columns}
    wanted = pl.DataFrame(list(slots), schema=schema, orient="row")
    return rows.join(wanted, on=kind.slot_columns, how="semi", maintain_order="left")


def _send(producer: Any, topic: str, messages: Iterable[Message]) -> None:
    """Send events and wait for every acknowledgement."""
    futures = [
        producer.send(topic, key=message.key, value=message.value, headers=message.headers)
        for message in messages
    ]
    for future in futures:
        settled(future, _ACKNOWLEDGED_SECONDS)
