"""Which events stay set aside when their messages are landed once more, after a start over."""

from psycopg import sql

from hospital_assets.resources.warehouse.loading import Connection
from hospital_assets.resources.warehouse.schema import SCHEMA
from hospital_assets.resources.warehouse.stream_tables import SET_ASIDE

TABLE = sql.Identifier(SCHEMA, SET_ASIDE)
_OFFSETS = sql.Identifier(SCHEMA, "stream_offsets")


def remember(connection: Connection, stream: str, topic: str, event_id: str) -> None:
    """Have an event stay set aside in all that was landed of a topic by now.

    Whoever sends it again from now on means it: that message is landed.
    """
    query = sql.SQL(
        "INSERT INTO {} (stream, event_id, topic_id, partition, end_offset)"
        " SELECT stream, %s, topic_id, partition, next_offset FROM {}"
        " WHERE stream = %s AND topic = %s"
        " ON CONFLICT (stream, event_id, topic_id, partition)"
        " DO UPDATE SET end_offset = excluded.end_offset"
    ).format(TABLE, _OFFSETS)
    connection.execute(query, [event_id, stream, topic])


def forget(connection: Connection, stream: str, event_id: str | None) -> None:
    """Have an event be landed as ever, wherever it lies."""
    query = sql.SQL("DELETE FROM {} WHERE stream = %s AND event_id = %s").format(TABLE)
    connection.execute(query, [stream, event_id])


def ends(connection: Connection, topic: str, partition: int, first: int) -> dict[str, int]:
    """Return the offset before which an event stays set aside, of those beyond `first`.

    Beyond what was landed when the last one was set aside there are none.
    """
    query = sql.SQL(
        "SELECT event_id, end_offset FROM {} JOIN {} USING (stream, topic_id, partition)"
        " WHERE topic = %s AND partition = %s AND end_offset > %s"
    ).format(TABLE, _OFFSETS)
    return dict(connection.execute(query, [topic, partition, first]).fetchall())


def event_ids(connection: Connection, stream: str) -> set[str]:
    """Return every event of a stream that stays set aside somewhere."""
    query = sql.SQL("SELECT DISTINCT event_id FROM {} WHERE stream = %s").format(TABLE)
    return {event_id for (event_id,) in connection.execute(query, [stream])}
