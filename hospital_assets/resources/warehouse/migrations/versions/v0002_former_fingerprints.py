"""The campaign remembers which models it had before, and Alembic keeps the schema's version."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column(
        "campaign",
        sa.Column(
            "former_fingerprints",
            sa.ARRAY(sa.Text),
            nullable=False,
            server_default="{}",
            comment="Identities that it had in earlier versions.",
        ),
        schema="hospital",
    )
    op.alter_column(
        "campaign",
        "fingerprint",
        comment="Identity of the simulation: seed, profile and parameters."
        " Empty after a migration that changes it, until the next start.",
        schema="hospital",
    )
    op.drop_table("schema_version", schema="hospital")
    op.create_table_comment(
        "schema_revision",
        "The one row is the version of these tables: the last migration that they have.",
        schema="hospital",
    )
