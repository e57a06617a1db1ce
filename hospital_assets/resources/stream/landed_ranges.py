"""The manifest of a stream: which ranges of offsets were landed, and into which file."""

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg import sql

from hospital_assets.resources.warehouse.loading import Connection
from hospital_assets.resources.warehouse.schema import SCHEMA

TABLE = sql.Identifier(SCHEMA, "stream_files")


@dataclass(frozen=True)
class LandedRange:
    """A range of offsets of a partition; `path` (below the lake) is None where no row was new.

    `offsets` and `event_ids` are those of the file's lines, in their order.
    """

    topic: str
    partition: int
    first: int
    end: int
    path: str | None
    bytes: int
    sha256: str | None
    offsets: Sequence[int]
    event_ids: Sequence[str]
    duplicates: Sequence[int]
    dead_letters: int

    @property
    def rows(self) -> int:
        """How many events were new to the table."""
        return len(self.event_ids)

    @property
    def name(self) -> str | None:
        """The file's name."""
        return None if self.path is None else self.path.rpartition("/")[2]


def add(connection: Connection, stream: str, entry: LandedRange) -> None:
    """Store what a transaction has landed."""
    connection.execute(
        sql.SQL(
            "INSERT INTO {} (stream, topic, partition, first_offset, end_offset, path, rows, "
            "bytes, sha256, offsets, event_ids, duplicates, dead_letters) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
        ).format(TABLE),
        [
            stream, entry.topic, entry.partition, entry.first, entry.end, entry.path, entry.rows,
            entry.bytes, entry.sha256, list(entry.offsets), list(entry.event_ids),
            list(entry.duplicates), entry.dead_letters,
        ],
    )  # fmt: skip


def entries(connection: Connection, topic: str, partition: int) -> list[LandedRange]:
    """Return what was landed of a partition, in order."""
    query = sql.SQL(
        "SELECT topic, partition, first_offset, end_offset, path, bytes, sha256, offsets, "
        "event_ids, duplicates, dead_letters FROM {} WHERE topic = %s AND partition = %s "
        "ORDER BY first_offset"
    ).format(TABLE)
    return [LandedRange(*row) for row in connection.execute(query, [topic, partition])]
