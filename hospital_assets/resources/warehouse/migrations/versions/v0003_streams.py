"""Streams are a kind: each row of their state names its stream, and marts note what they counted.

What was landed of the one stream that there was is kept. A slot of which an event is not landed is
published again; the landing knows those that are.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"

_STREAM = "Record that the topic's events become."
_OFFSETS = "Offset of each line of the file, in their order."
_EVENT_IDS = "Id of the event in each line of the file, in their order."


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "counted_days",
        sa.Column("mart", sa.Text, nullable=False, comment="Record that was counted."),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column(
            "sources",
            postgresql.JSONB,
            nullable=False,
            comment="SHA-256 of what it was counted from, by record.",
        ),
        sa.Column(
            "agrees", sa.Boolean, nullable=False, comment="Whether these told the same facts."
        ),
        sa.Column(
            "counted_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.func.now(),
        ),
        sa.PrimaryKeyConstraint("mart", "day", name="pk_counted_days"),
        schema="hospital",
        comment="One row is a day of a mart and what it was counted from.",
    )
    for table in ("stream_offsets", "stream_files", "dead_letters"):
        _add(table, "stream", sa.Text(), "'transfers'", _STREAM)
    op.alter_column(
        "dead_letters",
        "event_id",
        comment="The event, where the message names one.",
        schema="hospital",
    )
    _published_slots()
    _stream_files()


def _published_slots() -> None:
    op.alter_column("published_slots", "transfer_date", new_column_name="day", schema="hospital")
    _add("published_slots", "stream", sa.Text(), "'transfers'", "Record that the events become.")
    _add(
        "published_slots",
        "event_ids",
        postgresql.ARRAY(sa.Text),
        "coalesce((SELECT array_agg(transfer_id::text ORDER BY transfer_id)"
        " FROM hospital.transfers AS landed WHERE landed.transfer_date = published_slots.day"
        " AND landed.slot = published_slots.slot), '{}')",
        "Which they are.",
    )
    op.execute("DELETE FROM hospital.published_slots WHERE events <> cardinality(event_ids)")
    op.drop_constraint("pk_published_slots", "published_slots", schema="hospital")
    op.create_primary_key(
        "pk_published_slots", "published_slots", ["stream", "day", "slot"], schema="hospital"
    )
    op.create_check_constraint(
        op.f("ck_published_slots_events"),
        "published_slots",
        "events = cardinality(event_ids)",
        schema="hospital",
    )
    op.alter_column(
        "published_slots",
        "events",
        comment="How many there are; the slot is complete once all are landed.",
        schema="hospital",
    )


def _stream_files() -> None:
    # Every offset of the range but those of duplicates and dead letters. Where a transaction's
    # mark lies in between, or for the ids, only the file itself knows: empty until it is read.
    _add(
        "stream_files",
        "offsets",
        postgresql.ARRAY(sa.BigInteger),
        "coalesce((SELECT array_agg(place ORDER BY place)"
        " FROM generate_series(first_offset, end_offset - 1) AS place"
        " WHERE place <> ALL (duplicates) AND NOT EXISTS (SELECT FROM hospital.dead_letters AS bad"
        " WHERE bad.topic = stream_files.topic AND bad.partition = stream_files.partition"
        " AND bad.\"offset\" = place) HAVING count(*) = stream_files.rows), '{}')",
        _OFFSETS,
    )
    _add("stream_files", "event_ids", postgresql.ARRAY(sa.Text), "'{}'", _EVENT_IDS)


def _add(table: str, column: str, kind: sa.types.TypeEngine[Any], value: str, comment: str) -> None:
    """Add a column that is never empty, with a value for the rows that are there."""
    op.add_column(table, sa.Column(column, kind, nullable=True, comment=comment), schema="hospital")
    op.execute(f"UPDATE hospital.{table} SET {column} = {value}")  # noqa: S608
    op.alter_column(table, column, nullable=False, schema="hospital")
