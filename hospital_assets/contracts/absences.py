"""Absences: the shifts of the roster that their holders do not work."""

import dataframely as dy

from hospital_assets.contracts.record_type import Question, RecordType, Reference
from hospital_assets.contracts.shared_values import GRADES, ROLES

ABSENCE_KINDS = ["annual", "sick", "family", "training", "parental", "vacant"]


class Absences(dy.Schema):
    """One row is a planned shift of the day that the holder of its post does not work."""

    absence_date = dy.Date(primary_key=True, description="Day on which the shift starts.")
    absence_id = dy.Int64(primary_key=True, min=1, description="Number of the planned shift.")
    staff_id = dy.Int64(
        nullable=True, min=1, description="Staff number of the holder; empty for a vacant post."
    )
    person_id = dy.Int64(
        nullable=True, min=1, description="The holder in the master index; empty for a vacant post."
    )
    department = dy.String(max_length=40, description="Department of the post.")
    role = dy.Enum(ROLES, description="Role of the post.")
    grade = dy.Enum(GRADES, description="Grade of the post.")
    shift = dy.String(max_length=20, description="Name of the planned shift.")
    starts_at = dy.Datetime(description="Planned start, local time.")
    ends_at = dy.Datetime(description="Planned end, local time.")
    kind = dy.Enum(ABSENCE_KINDS, description="Why the holder is away.")
    covered_by_staff_id = dy.Int64(
        nullable=True, min=1, description="Who works the shift instead; empty if nobody does."
    )


ABSENCES = RecordType(
    name="absences",
    schema=Absences,
    partition_column="absence_date",
    key=("absence_date", "absence_id"),
    references=(Reference(("person_id",), "people", ("person_id",)),),
    indexes=(("staff_id", "absence_date"),),
    question=Question(
        "Why are shifts not worked by their holders, and how many does nobody cover?",
        "select kind, count(*) as shifts, count(*) - count(covered_by_staff_id) as not_covered\n"
        "from hospital.absences\n"
        "where absence_date = '2020-12-03'\n"
        "group by kind order by shifts desc",
    ),
)
