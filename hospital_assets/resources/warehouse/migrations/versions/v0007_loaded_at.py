"""Every row of a record says when it was written; those that are there, when this was run."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_TABLES = (
    "people",
    "doctors",
    "staff_assignments",
    "absences",
    "patients",
    "bed_movements",
    "diagnoses",
    "transfers",
    "patient_flow",
)


def upgrade() -> None:
    """Bring the tables forward; no row is rewritten for it."""
    for table in _TABLES:
        op.add_column(
            table,
            sa.Column(
                "loaded_at",
                sa.DateTime(timezone=True),
                server_default=sa.func.now(),
                nullable=False,
                comment="When the row was written to PostgreSQL; not in the lake.",
            ),
            schema="hospital",
        )
