"""What the producer has recorded of each slot: which events it consists of, none perhaps.

A slot is complete once each of them is a row of the table. How many these are is the producer's
to say, and differs from slot to slot.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from psycopg import sql

from hospital_assets.contracts.stream_type import StreamType
from hospital_assets.resources.warehouse.loading import Connection, table
from hospital_assets.resources.warehouse.schema import SCHEMA

TABLE = sql.Identifier(SCHEMA, "published_slots")

Slot = tuple[date, int]


def record(connection: Connection, stream: str, slots: Mapping[Slot, Sequence[str]]) -> None:
    """Record slots as published, each with the ids of its events."""
    # One statement for all: an array of arrays would have to be of one length.
    query = sql.SQL(
        "INSERT INTO {} (stream, day, slot, events, event_ids)"
        " SELECT %s, day, slot, jsonb_array_length(ids),"
        " ARRAY(SELECT jsonb_array_elements_text(ids))"
        " FROM unnest(%s::date[], %s::integer[], %s::jsonb[]) AS recorded (day, slot, ids)"
        " ON CONFLICT (stream, day, slot) DO UPDATE SET events = excluded.events,"
        " event_ids = excluded.event_ids, published_at = excluded.published_at"
    ).format(TABLE)
    days, numbers = [day for day, _ in slots], [number for _, number in slots]
    ids = [json.dumps(list(one)) for one in slots.values()]
    connection.execute(query, [stream, days, numbers, ids])


def published(connection: Connection, stream: str) -> list[Slot]:
    """Return the slots that are on record as published, in order."""
    query = sql.SQL("SELECT day, slot FROM {} WHERE stream = %s ORDER BY 1, 2").format(TABLE)
    return [(day, number) for day, number in connection.execute(query, [stream])]


def incomplete(connection: Connection, kind: StreamType) -> set[Slot]:
    """Return the published slots of which an event is not in the table."""
    query = sql.SQL(
        "SELECT DISTINCT day, slot FROM {published}, unnest(event_ids) AS event_id"
        " WHERE stream = %s AND NOT EXISTS (SELECT FROM {table} WHERE {id} = event_id)"
    ).format(published=TABLE, table=table(kind.record), id=sql.Identifier(kind.id_column))
    return {(day, number) for day, number in connection.execute(query, [kind.name])}


def with_gone_rows(connection: Connection, kind: StreamType) -> set[Slot]:
    """Return the published slots of which an event was landed and is in the table no more."""
    query = sql.SQL(
        "SELECT DISTINCT day, slot FROM {published}, unnest(event_ids) AS event_id"
        " WHERE stream = %s AND NOT EXISTS (SELECT FROM {table} WHERE {id} = event_id)"
        " AND event_id IN (SELECT unnest(event_ids) FROM {files} WHERE stream = %s)"
    ).format(
        published=TABLE,
        table=table(kind.record),
        id=sql.Identifier(kind.id_column),
        files=sql.Identifier(SCHEMA, "stream_files"),
    )
    return {(day, number) for day, number in connection.execute(query, [kind.name, kind.name])}


def publish_again(connection: Connection, stream: str, slots: Iterable[Slot]) -> None:
    """Take slots off the record, so that the next run publishes them."""
    query = sql.SQL("DELETE FROM {} WHERE stream = %s AND day = %s AND slot = %s").format(TABLE)
    with connection.cursor() as cursor:
        cursor.executemany(query, [(stream, day, slot) for day, slot in slots])


def publish_again_with(connection: Connection, stream: str, event_id: str) -> None:
    """Take the slot off the record, if there is one, that consists of an event among others."""
    query = sql.SQL("DELETE FROM {} WHERE stream = %s AND %s = ANY(event_ids)").format(TABLE)
    connection.execute(query, [stream, event_id])


def event_ids(connection: Connection, stream: str, days: Sequence[date]) -> set[str]:
    """Return the ids of the events that are recorded for the slots of some days."""
    query = sql.SQL("SELECT unnest(event_ids) FROM {} WHERE stream = %s AND day = ANY(%s)")
    found = connection.execute(query.format(TABLE), [stream, list(days)])
    return {event_id for (event_id,) in found}
