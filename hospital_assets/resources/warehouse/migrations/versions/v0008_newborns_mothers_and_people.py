"""Newborns, mothers, ages, phones, ID numbers and the emergency department are others: days anew."""

from alembic import op

from hospital_assets.resources.warehouse.migrations.steps import (
    make_days_again,
    set_published_aside,
)

revision = "0008"
down_revision = "0007"

_COMMENTS = {
    "id_number": (
        "South African ID number: YYMMDD SSSS C A Z. C is 0 for citizens and 1 for permanent"
        " residents; A is 9, which marks it as synthetic. Empty for other foreigners, until the"
        " birth is registered, and where nobody has shown it."
    ),
    "passport_number": (
        "Passport of a foreigner without a South African ID number, if one was shown."
    ),
    "phone": (
        "Mobile number by which the person is reached: of a child under 14, and of some others,"
        " the next of kin's."
    ),
}


def upgrade() -> None:
    """Bring the tables forward."""
    make_days_again(
        "people",
        "doctors",
        "staff_assignments",
        "absences",
        "patients",
        "bed_movements",
        "diagnoses",
        "patient_flow",
    )
    set_published_aside()
    for column, comment in _COMMENTS.items():
        op.alter_column("people", column, comment=comment, schema="hospital")
