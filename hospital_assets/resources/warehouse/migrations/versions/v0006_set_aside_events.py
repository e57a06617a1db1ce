"""What was set aside stays so when a stream is started over, and so do a former hospital's events.

Transfers that were landed are kept until then.
"""

import sqlalchemy as sa
from alembic import op

from hospital_assets.resources.warehouse.migrations.steps import set_published_aside

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "set_aside_events",
        sa.Column("stream", sa.Text(), nullable=False, comment="Record that the events become."),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("topic_id", sa.Text(), nullable=False, comment="The topic's identity."),
        sa.Column("partition", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "end_offset",
            sa.BigInteger(),
            nullable=False,
            comment="What comes from here on is landed as ever.",
        ),
        sa.PrimaryKeyConstraint(
            "stream", "event_id", "topic_id", "partition", name="pk_set_aside_events"
        ),
        schema="hospital",
        comment="One row is a part of a partition of which an event stays a dead letter, however"
        " often it is landed.",
    )
    op.execute(
        "INSERT INTO hospital.set_aside_events (stream, event_id, topic_id, partition, end_offset)"
        " SELECT DISTINCT stream, event_id, topic_id, partition, next_offset"
        " FROM (SELECT stream, event_id FROM hospital.dead_letters WHERE reason = 'set_aside'"
        " AND replayed_at IS NULL) AS aside JOIN hospital.stream_offsets USING (stream)"
    )
    connection = op.get_bind()
    former = "SELECT EXISTS (SELECT FROM hospital.campaign WHERE former_fingerprints <> '{}')"
    if connection.execute(sa.text(former)).scalar():
        set_published_aside()
