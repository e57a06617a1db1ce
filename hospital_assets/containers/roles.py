"""Who may do what in PostgreSQL: a role each for the schema, Dagster, every location and readers.

Pure: names and statements. A secret of the same prefix is the password: `ingest_rw` has
`ingest_password`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from psycopg import sql

from hospital_assets.calendar.period import Period, by_month
from hospital_assets.contracts.record_type import RecordType
from hospital_assets.registry import IN_BATCH_LAKE, RECORD_TYPES, STREAM_TYPES
from hospital_assets.resources.warehouse.schema import (
    SCHEMA,
    VERSION_TABLE,
    partition_bounds,
    partition_name,
)
from hospital_assets.resources.warehouse.stream_tables import SET_ASIDE, STREAM_TABLES
from hospital_assets.resources.warehouse.views import views

OWNER = "hospital_owner"
DAGSTER = "dagster_rw"
INGEST = "ingest_rw"
PUBLISH = "publish_rw"
STREAM = "stream_rw"
VIEWER = "viewer_ro"

SECRETS = {
    OWNER: "owner_password",
    DAGSTER: "dagster_password",
    INGEST: "ingest_password",
    PUBLISH: "publish_password",
    STREAM: "stream_password",
    VIEWER: "viewer_password",
}
# Those that get into the hospital's database beside its owner.
READERS = (INGEST, PUBLISH, STREAM, VIEWER)

_BATCH = tuple(row.contract for row in IN_BATCH_LAKE)
_STREAMED = tuple(kind.name for kind in STREAM_TYPES)
_VIEWS = tuple(view.name for view in views(RECORD_TYPES))
_LANDING = ("stream_offsets", "stream_files", "dead_letters", SET_ASIDE)
_COMMON = ("campaign", VERSION_TABLE)


@dataclass(frozen=True)
class Grant:
    """Privileges of a role on tables of the schema."""

    role: str
    privileges: tuple[str, ...]
    tables: tuple[str, ...]

    def statement(self) -> sql.Composed:
        """Return the statement that gives them."""
        return sql.SQL("GRANT {} ON {} TO {}").format(
            sql.SQL(", ").join(map(sql.SQL, self.privileges)),
            sql.SQL(", ").join(sql.Identifier(SCHEMA, name) for name in self.tables),
            sql.Identifier(self.role),
        )


def grants(period: Period) -> list[Grant]:
    """Return what each role needs: loads name the partition, readers the table."""
    batch = (
        *(record.name for record in _BATCH),
        *(partition_name(record, month) for record, month in _partitions(period)),
    )
    everything = (*batch, *_STREAMED, *STREAM_TABLES, "counted_days", *_COMMON)
    # TRUNCATE and DELETE are for `hospital stream`, which empties or mends what is of a stream.
    return [
        Grant(INGEST, ("SELECT",), everything),
        Grant(INGEST, ("INSERT", "UPDATE", "DELETE"), batch),
        Grant(INGEST, ("INSERT", "UPDATE"), ("counted_days",)),
        Grant(PUBLISH, ("SELECT",), (*_COMMON, "published_slots", "dead_letters", SET_ASIDE)),
        # Whoever replays a dead letter looks whether its event is stored otherwise.
        Grant(PUBLISH, ("SELECT",), _STREAMED),
        Grant(PUBLISH, ("INSERT", "UPDATE"), ("published_slots",)),
        Grant(PUBLISH, ("UPDATE (replayed_at)",), ("dead_letters",)),
        Grant(PUBLISH, ("DELETE",), (SET_ASIDE,)),
        Grant(STREAM, ("SELECT",), (*_COMMON, *_STREAMED, *STREAM_TABLES)),
        Grant(STREAM, ("INSERT",), (*_STREAMED, *_LANDING)),
        Grant(STREAM, ("UPDATE",), _LANDING),
        Grant(STREAM, ("TRUNCATE",), _STREAMED),
        Grant(STREAM, ("DELETE",), (*_STREAMED, *STREAM_TABLES)),
        Grant(VIEWER, ("SELECT",), (*everything, *_VIEWS)),
    ]


def partitions(period: Period) -> Iterator[sql.Composed]:
    """Give the statements that make the whole period's partitions where they are missing.

    A partition is attached by the owner of its table, which no location is: so all are made ahead.
    """
    for record, month in _partitions(period):
        yield sql.SQL(
            "CREATE TABLE IF NOT EXISTS {} PARTITION OF {} FOR VALUES FROM ({}) TO ({})"
        ).format(
            sql.Identifier(SCHEMA, partition_name(record, month)),
            sql.Identifier(SCHEMA, record.name),
            *map(sql.Literal, partition_bounds(month)),
        )


def _partitions(period: Period) -> Iterator[tuple[RecordType, date]]:
    for record in _BATCH:
        if record.is_daily:
            for days in by_month(period.days):
                yield record, days.first_day
