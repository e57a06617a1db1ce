"""The tables in which streams keep their state, beside the rows that they vouch for."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

SET_ASIDE = "set_aside_events"
STREAM_TABLES = ("stream_offsets", "stream_files", "dead_letters", "published_slots", SET_ASIDE)


def add_tables(tables: sa.MetaData) -> None:
    """Add the streams' tables to those of the schema."""
    sa.Table(
        "stream_offsets",
        tables,
        sa.Column("topic", sa.Text, primary_key=True),
        sa.Column("partition", sa.Integer, primary_key=True, autoincrement=False),
        _stream(),
        sa.Column("topic_id", sa.Text, nullable=False,
                  comment="The topic's identity: another one means that it was made anew."),
        sa.Column("next_offset", sa.BigInteger, sa.CheckConstraint("next_offset >= 0", name="min"),
                  nullable=False, comment="The first offset that has not been landed."),
        _now("updated_at"),
        comment="One row is a partition and how far it has been landed.",
    )  # fmt: skip
    sa.Table(
        "stream_files",
        tables,
        sa.Column("topic", sa.Text, primary_key=True),
        sa.Column("partition", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("first_offset", sa.BigInteger, primary_key=True, autoincrement=False),
        _stream(),
        sa.Column("end_offset", sa.BigInteger,
                  sa.CheckConstraint("end_offset > first_offset", name="range"),
                  nullable=False, comment="The offset after the last one."),
        sa.Column("path", sa.Text, comment="Below the lake; empty where no row was new."),
        sa.Column("rows", sa.Integer, nullable=False, comment="Rows new to the table."),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.Text),
        sa.Column("offsets", ARRAY(sa.BigInteger), nullable=False,
                  comment="Offset of each line of the file, in their order."),
        sa.Column("event_ids", ARRAY(sa.Text), nullable=False,
                  comment="Id of the event in each line of the file, in their order."),
        sa.Column("duplicates", ARRAY(sa.BigInteger), nullable=False,
                  comment="Offsets of events that were stored already."),
        sa.Column("dead_letters", sa.Integer, nullable=False),
        _now("landed_at"),
        comment="One row is a range of offsets that was landed in one transaction.",
    )  # fmt: skip
    dead_letters = sa.Table(
        "dead_letters",
        tables,
        sa.Column("topic", sa.Text, primary_key=True),
        sa.Column("partition", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("offset", sa.BigInteger, primary_key=True, autoincrement=False),
        _stream(),
        sa.Column("key", sa.LargeBinary),
        sa.Column("value", sa.LargeBinary, comment="As it came."),
        sa.Column("headers", JSONB, nullable=False,
                  comment="Pairs of a name and a value in hexadecimal, in their order."),
        sa.Column("reason", sa.Text, nullable=False, comment="Kind of fault."),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("exception", sa.Text, nullable=False, comment="Class of the exception."),
        sa.Column("event_id", sa.Text, comment="The event, where the message names one."),
        _now("at"),
        sa.Column("mirrored_at", sa.DateTime(timezone=True),
                  comment="When it was copied to the topic of dead letters."),
        sa.Column("replayed_at", sa.DateTime(timezone=True),
                  comment="When it was last published again."),
        comment="One row is a message that is no event, or contradicts one.",
    )  # fmt: skip
    sa.Index(
        "ix_dead_letters_not_mirrored",
        *(dead_letters.c[name] for name in ("topic", "partition", "offset")),
        postgresql_where=dead_letters.c.mirrored_at.is_(None),
    )
    sa.Table(
        "published_slots",
        tables,
        sa.Column("stream", sa.Text, primary_key=True, comment="Record that the events become."),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("slot", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("events", sa.Integer, nullable=False,
                  comment="How many there are; the slot is complete once all are landed."),
        sa.Column("event_ids", ARRAY(sa.Text), nullable=False, comment="Which they are."),
        sa.CheckConstraint("events = cardinality(event_ids)", name="events"),
        _now("published_at"),
        comment="One row is a slot whose events the broker has acknowledged, all of them.",
    )  # fmt: skip
    sa.Table(
        SET_ASIDE,
        tables,
        sa.Column("stream", sa.Text, primary_key=True, comment="Record that the events become."),
        sa.Column("event_id", sa.Text, primary_key=True),
        sa.Column("topic_id", sa.Text, primary_key=True, comment="The topic's identity."),
        sa.Column("partition", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("end_offset", sa.BigInteger, nullable=False,
                  comment="What comes from here on is landed as ever."),
        comment="One row is a part of a partition of which an event stays a dead letter, however"
        " often it is landed.",
    )  # fmt: skip


def _stream() -> sa.Column[str]:
    return sa.Column(
        "stream", sa.Text, nullable=False, comment="Record that the topic's events become."
    )


def _now(name: str) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())
