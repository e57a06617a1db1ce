"""What the processes of a campaign do: one publishes, others land, and any may be killed.

They find the services by the settings, and start again what is down, as the product does. Whatever
they do with a service they try again while it is away, as the product does too: somebody may be
killing it.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from unittest.mock import patch

import polars as pl

from hospital_assets.configuration.settings import Settings
from hospital_assets.contracts.stream_type import StreamType
from hospital_assets.contracts.transfers import TRANSFER_STREAM
from hospital_assets.from_settings import open_stream
from hospital_assets.resources.stream import offsets
from hospital_assets.resources.stream.connections import Connections, persist, settled
from hospital_assets.resources.stream.landed_ranges import LandedRange
from hospital_assets.resources.stream.landing import Landing
from hospital_assets.resources.stream.reading import Chunk
from hospital_assets.resources.stream.sorting import Read
from hospital_assets.resources.warehouse.loading import Connection
from tests.patience import PATIENCE_SECONDS
from tests.stream.failpoints import STEPS
from tests.stream.sites import slots_of


def publish(
    settings: Settings,
    facts: str,
    last_day: date,
    garbage: bytes,
    step: str | None = None,
    kind: StreamType = TRANSFER_STREAM,
) -> None:
    """Publish what is due up to a day and not on record, and a message that is no event.

    The process dies at a step, where one is named.
    """
    _prepare(step)
    stream = open_stream(settings, kind)
    connections = stream._connections()
    persist(lambda: _send(connections, garbage), "publish what is no event")
    due = pl.read_parquet(facts).filter(pl.col(kind.record.partition_column) <= last_day)
    stream.publish(stream.unpublished(slots_of(due, kind)), due)


def land(
    settings: Settings,
    step: str | None = None,
    kind: StreamType = TRANSFER_STREAM,
    *,
    faulty: bool = False,
) -> None:
    """Land what is there. The process dies at a step, where one is named."""
    _prepare(step)
    stream = open_stream(settings, kind)
    if faulty:
        with offset_first():
            stream.land()
    else:
        stream.land()


@contextmanager
def offset_first() -> Iterator[None]:
    """Plant a fault: the offset is committed before the rows are."""
    move, land_chunk = offsets.move, Landing.land_chunk

    def faulty(
        self: Landing, connection: Connection, topic: str, chunk: Chunk, found: Read
    ) -> LandedRange:
        move(connection, topic, chunk.partition, chunk.first, chunk.end)
        with (
            patch.object(offsets, "move"),
            patch.object(offsets, "lock", return_value=chunk.first),
        ):
            return land_chunk(self, connection, topic, chunk, found)

    with patch.object(Landing, "land_chunk", faulty):
        yield


def _send(connections: Connections, message: bytes) -> None:
    topic = connections.topics().events.name
    with connections.producer() as producer:
        settled(producer.send(topic, value=message), PATIENCE_SECONDS)


def _prepare(step: str | None) -> None:
    if step is not None:
        STEPS[step].arm()
    logging.disable()
