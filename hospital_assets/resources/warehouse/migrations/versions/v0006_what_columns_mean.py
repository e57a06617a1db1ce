"""Every column says what it means."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Bring the tables forward."""
    op.alter_column(
        "dead_letters",
        "topic",
        existing_type=sa.TEXT(),
        comment="Topic that it came by.",
        existing_nullable=False,
        schema="hospital",
    )
    op.alter_column(
        "dead_letters",
        "partition",
        existing_type=sa.INTEGER(),
        comment="Partition of the topic.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "dead_letters",
        "offset",
        existing_type=sa.BIGINT(),
        comment="Place in the partition.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "dead_letters",
        "key",
        existing_type=postgresql.BYTEA(),
        comment="As it came.",
        existing_nullable=True,
        schema="hospital",
    )
    op.alter_column(
        "dead_letters",
        "message",
        existing_type=sa.TEXT(),
        comment="The fault in a sentence.",
        existing_nullable=False,
        schema="hospital",
    )
    op.alter_column(
        "dead_letters",
        "at",
        existing_type=postgresql.TIMESTAMP(timezone=True),
        comment="When it was found.",
        existing_nullable=False,
        existing_server_default=sa.text("now()"),
        schema="hospital",
    )
