"""The mart says how many beds a department has; views come with it."""

import sqlalchemy as sa
from alembic import op

from hospital_assets.resources.warehouse.migrations.steps import make_days_again

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Bring the tables forward."""
    make_days_again("patient_flow")
    op.add_column(
        "patient_flow",
        sa.Column(
            "beds",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="Beds that the department has, taken or not.",
        ),
        schema="hospital",
    )
    op.create_check_constraint(
        op.f("ck_patient_flow_beds_min"), "patient_flow", "beds >= 0", schema="hospital"
    )
