"""Bed movements: the beds through which inpatients go."""

import dataframely as dy

from hospital_assets.contracts.record_type import Question, RecordType, Reference

MOVEMENT_REASONS = [
    "admission",
    "birth",
    "intensive_care",
    "high_care",
    "step_down",
    "ward_move",
    "overflow",
]


class BedMovements(dy.Schema):
    """One row is an inpatient's time in one bed that touches the day, as known at its end."""

    census_date = dy.Date(primary_key=True, description="Day of the census.")
    encounter_id = dy.Int64(primary_key=True, min=1, description="The stay, as in `patients`.")
    sequence = dy.Int32(
        primary_key=True, min=1, max=20, description="1 for the first bed of the stay."
    )
    department = dy.String(max_length=40, description="Department that the bed belongs to.")
    ward = dy.String(max_length=40, description="Ward that the bed stands in.")
    bed = dy.String(max_length=20, description="Name of the bed.")
    started_at = dy.Datetime(description="When the patient came into the bed, local time.")
    ended_at = dy.Datetime(
        nullable=True, description="When the patient left the bed; empty while it goes on."
    )
    reason = dy.Enum(MOVEMENT_REASONS, description="Why the patient came into this bed.")


BED_MOVEMENTS = RecordType(
    name="bed_movements",
    schema=BedMovements,
    partition_column="census_date",
    key=("census_date", "encounter_id", "sequence"),
    references=(
        Reference(("census_date", "encounter_id"), "patients", ("census_date", "encounter_id")),
    ),
    indexes=(("bed", "started_at"),),
    question=Question(
        "Why did patients come into another bed on a day?",
        "select reason, count(*) as movements\n"
        "from hospital.bed_movements\n"
        "where census_date = '2020-12-03' and started_at::date = census_date\n"
        "group by reason order by movements desc",
    ),
)
