"""Going on with a topic in place of one that is gone, as after a restore beside an empty broker.

What was landed of the old one is kept under a name of its own: its offsets, which begin again at 0
in the new one, can't be taken for those of another message. The new one is landed from its start;
an event that is stored already counts once, as always.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from psycopg import sql

from hospital_assets.resources.stream import offsets
from hospital_assets.resources.stream.errors import StreamError
from hospital_assets.resources.stream.files import StreamFolder
from hospital_assets.resources.stream.topics import Topic
from hospital_assets.resources.warehouse.loading import Connection
from hospital_assets.resources.warehouse.schema import SCHEMA

_SHORT_ID = 8


@dataclass(frozen=True)
class TopicLog:
    """A topic, and by partition the first offset that its log holds and the one after its last."""

    topic: Topic
    beginnings: Mapping[int, int]
    ends: Mapping[int, int]

    def goes_on(self, connection: Connection) -> bool:
        """Return whether it is the topic that was landed, and still holds what comes next."""
        stored = offsets.stored(connection, self.topic.name)
        if not stored:
            return False
        try:
            offsets.check(stored, self.topic, self.beginnings, self.ends)
        except StreamError:
            return False
        return True


def set_apart(connection: Connection, folder: StreamFolder, topic: str) -> dict[str, str]:
    """Give all that was landed of a topic another name, and return each file's new path by its old.

    The files themselves are the caller's. Works within the caller's transaction.
    """
    positions = offsets.stored(connection, topic)
    if not positions:
        return {}
    topic_id, _ = next(iter(positions.values()))
    name = f"{topic}.{topic_id[:_SHORT_ID]}"
    paths = connection.execute(
        sql.SQL("SELECT path FROM {} WHERE topic = %s AND path IS NOT NULL").format(
            sql.Identifier(SCHEMA, "stream_files")
        ),
        [topic],
    ).fetchall()
    prefix = folder.relative(topic)
    connection.execute(
        sql.SQL("UPDATE {} SET path = %s || substr(path, %s) WHERE topic = %s").format(
            sql.Identifier(SCHEMA, "stream_files")
        ),
        [folder.relative(name), len(prefix) + 1, topic],
    )
    for table in ("stream_offsets", "stream_files", "dead_letters"):
        connection.execute(
            sql.SQL("UPDATE {} SET topic = %s WHERE topic = %s").format(
                sql.Identifier(SCHEMA, table)
            ),
            [name, topic],
        )
    return {path: folder.relative(name) + path.removeprefix(prefix) for (path,) in paths}
