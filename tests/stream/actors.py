"""What the processes of a campaign do: one publishes, others land, and any may be killed.

They find the services by the settings, and start again what is down, as the product does.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from unittest.mock import patch

import polars as pl

from hospital_assets.resources.loading import Connection
from hospital_assets.resources.stream import offsets
from hospital_assets.resources.stream.connections import persist
from hospital_assets.resources.stream.failpoints import VARIABLE, reach
from hospital_assets.resources.stream.landing import Landing
from hospital_assets.resources.stream.manifest import Entry
from hospital_assets.resources.stream.reading import Chunk
from hospital_assets.resources.stream.resource import Stream
from hospital_assets.resources.stream.sorting import Read


def publish(root: str, facts: str, last_day: date, garbage: bytes, failpoint: str) -> None:
    """Publish what is due up to a day and not on record, and a message that is no event."""
    _prepare(failpoint)
    stream = Stream(root=root)
    connections = stream._connections()
    # A broker that was just killed may take a while.
    topic = persist(connections.topics, "find the topics").events.name
    with connections.producer() as producer:
        producer.send(topic, value=garbage)
    due = pl.read_parquet(facts).filter(pl.col("transfer_date") <= last_day)
    slots = due.select("transfer_date", "slot").unique().sort(pl.all()).rows()
    left = pl.DataFrame(
        stream.unpublished(slots),
        schema={"transfer_date": pl.Date, "slot": due.schema["slot"]},
        orient="row",
    )
    stream.publish(due.join(left, on=["transfer_date", "slot"], how="semi"))


def land(root: str, failpoint: str, *, faulty: bool) -> None:
    """Land what is there."""
    _prepare(failpoint)
    if faulty:
        with offset_first():
            Stream(root=root).land()
    else:
        Stream(root=root).land()


@contextmanager
def offset_first() -> Iterator[None]:
    """Plant a fault: the offset is committed before the rows are."""
    move, land_chunk = offsets.move, Landing.land_chunk

    def faulty(
        self: Landing, connection: Connection, topic: str, chunk: Chunk, found: Read
    ) -> Entry:
        move(connection, topic, chunk.partition, chunk.first, chunk.end)
        reach("after_poll")
        with (
            patch.object(offsets, "move"),
            patch.object(offsets, "lock", return_value=chunk.first),
        ):
            return land_chunk(self, connection, topic, chunk, found)

    with patch.object(Landing, "land_chunk", faulty):
        yield


def _prepare(failpoint: str) -> None:
    os.environ[VARIABLE] = failpoint
    logging.disable()
