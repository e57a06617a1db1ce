"""The manifest of the stream: which ranges of offsets were landed, and into which file."""

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg import sql

from hospital_assets.resources.warehouse.loading import Connection
from hospital_assets.resources.warehouse.schema import SCHEMA

TABLE = sql.Identifier(SCHEMA, "stream_files")


@dataclass(frozen=True)
class LandedRange:
    """A range of offsets of a partition; `path` (below the lake) is None where no row was new."""

    topic: str
    partition: int
    first: int
    end: int
    path: str | None
    rows: int
    bytes: int
    sha256: str | None
    duplicates: Sequence[int]
    dead_letters: int

    @property
    def name(self) -> str | None:
        """The file's name."""
        return None if self.path is None else self.path.rpartition("/")[2]


def add(connection: Connection, entry: LandedRange) -> None:
    """Store what a transaction has landed."""
    connection.execute(
        sql.SQL(
            "INSERT INTO {} (topic, partition, first_offset, end_offset, path, rows, bytes, "
            "sha256, duplicates, dead_letters) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
        ).format(TABLE),
        [
            entry.topic, entry.partition, entry.first, entry.end, entry.path, entry.rows,
            entry.bytes, entry.sha256, list(entry.duplicates), entry.dead_letters,
        ],
    )  # fmt: skip


def entries(connection: Connection, topic: str, partition: int) -> list[LandedRange]:
    """Return what was landed of a partition, in order."""
    query = sql.SQL(
        "SELECT topic, partition, first_offset, end_offset, path, rows, bytes, sha256, "
        "duplicates, dead_letters FROM {} WHERE topic = %s AND partition = %s "
        "ORDER BY first_offset"
    ).format(TABLE)
    return [LandedRange(*row) for row in connection.execute(query, [topic, partition])]
