"""How far each partition has been landed: in PostgreSQL, and mirrored for tools that show lag."""

from collections.abc import Mapping

from kafka import TopicPartition
from kafka.structs import OffsetAndMetadata
from psycopg import sql

from hospital_assets.resources.stream.connections import Connections
from hospital_assets.resources.stream.errors import OtherLogError, UnavailableError
from hospital_assets.resources.stream.topics import Topic
from hospital_assets.resources.warehouse.loading import Connection
from hospital_assets.resources.warehouse.schema import SCHEMA

TABLE = sql.Identifier(SCHEMA, "stream_offsets")
START_OVER = "to land it all again from the start: `hospital stream start-over`"


def stored(connection: Connection, topic: str) -> dict[int, tuple[str, int]]:
    """Return the topic's id and the next offset, by partition."""
    query = sql.SQL("SELECT partition, topic_id, next_offset FROM {} WHERE topic = %s")
    rows = connection.execute(query.format(TABLE), [topic])
    return {partition: (topic_id, following) for partition, topic_id, following in rows}


def places(connection: Connection, stream: str) -> list[tuple[str, int]]:
    """Return every topic and partition of a stream, those that were set apart too."""
    query = sql.SQL("SELECT topic, partition FROM {} WHERE stream = %s ORDER BY 1, 2")
    found = connection.execute(query.format(TABLE), [stream])
    return [(topic, partition) for topic, partition in found]


def register(
    connection: Connection, stream: str, topic: Topic, beginnings: Mapping[int, int]
) -> None:
    """Store each partition that is not stored yet, with the first offset that its log holds."""
    with connection.cursor() as cursor:
        cursor.executemany(
            sql.SQL(
                "INSERT INTO {} (topic, partition, stream, topic_id, next_offset) "
                "VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"
            ).format(TABLE),
            [
                (topic.name, part, stream, str(topic.id), first)
                for part, first in beginnings.items()
            ],
        )


def check(
    positions: Mapping[int, tuple[str, int]],
    topic: Topic,
    beginnings: Mapping[int, int],
    ends: Mapping[int, int],
) -> None:
    """Raise OtherLogError unless the log is what was landed and still holds what comes next.

    The offsets of a topic that was made anew start again at 0: they would be taken for known ones.
    """
    for partition, (topic_id, following) in positions.items():
        place = f"{topic.name} partition {partition}"
        if topic_id != str(topic.id):
            raise OtherLogError(
                f"{place}: the topic was made anew (its id was {topic_id} and is {topic.id}), "
                f"nothing was changed; bring the old one back, or {START_OVER}"
            )
        if partition not in ends or not beginnings[partition] <= following <= ends[partition]:
            log = f"{beginnings.get(partition)} to {ends.get(partition)}"
            raise OtherLogError(
                f"{place}: the next offset is {following}, but the log holds {log}, "
                f"nothing was changed; bring the log back, or {START_OVER}"
            )


def lock(connection: Connection, topic: str, partition: int) -> int:
    """Return the next offset, and let no other consumer land this partition until the commit."""
    query = sql.SQL(
        "SELECT next_offset FROM {} WHERE topic = %s AND partition = %s FOR UPDATE"
    ).format(TABLE)
    row = connection.execute(query, [topic, partition]).fetchone()
    if row is None:
        raise UnavailableError(f"{topic} partition {partition} is not registered any more")
    return int(row[0])


def move(connection: Connection, topic: str, partition: int, first: int, end: int) -> None:
    """Move the next offset from `first` to `end`."""
    query = sql.SQL(
        "UPDATE {} SET next_offset = %s, updated_at = now() "
        "WHERE topic = %s AND partition = %s AND next_offset = %s"
    ).format(TABLE)
    if connection.execute(query, [end, topic, partition, first]).rowcount != 1:
        raise UnavailableError(f"{topic} partition {partition}: another consumer was faster")


def group(stream: str) -> str:
    """Return the consumer group in which tools see how far a stream is landed."""
    return f"hospital-{stream}"


def mirror(
    connections: Connections, stream: str, topic: str, landed: Mapping[int, tuple[str, int]]
) -> None:
    """Commit the landed offsets to the consumer group. Nothing here reads them back."""
    offsets = {
        TopicPartition(topic, partition): OffsetAndMetadata(following, "", -1)
        for partition, (_, following) in landed.items()
    }
    with connections.admin() as admin:
        results = admin.alter_group_offsets(group(stream), offsets)
    for outcome in results.values():
        if outcome.errno:
            raise outcome
