"""Staff assignments: the shifts that are worked."""

import dataframely as dy

from hospital_assets.contracts.record_type import Question, RecordType, Reference
from hospital_assets.contracts.shared_values import GRADES, ROLES

ARRANGEMENTS = ["rostered", "cover"]


class StaffAssignments(dy.Schema):
    """One row is a shift worked by one member of staff, starting on the day."""

    work_date = dy.Date(primary_key=True, description="Day on which the shift starts.")
    assignment_id = dy.Int64(
        primary_key=True, min=1, description="Number of the shift; that of the absence it covers."
    )
    staff_id = dy.Int64(min=1, description="Staff number; a doctor's is the doctor_id.")
    person_id = dy.Int64(min=1, description="The member of staff in the master index.")
    doctor_id = dy.Int64(nullable=True, min=1, description="Set where the role is doctor.")
    department = dy.String(max_length=40, description="Department of the post.")
    role = dy.Enum(ROLES, description="Role of the post.")
    grade = dy.Enum(GRADES, description="Grade of the post.")
    shift = dy.String(max_length=20, description="Name of the shift.")
    starts_at = dy.Datetime(description="Start, local time.")
    ends_at = dy.Datetime(description="End, local time.")
    arrangement = dy.Enum(
        ARRANGEMENTS, description="Rostered: the holder's own. Cover: called in from the reserve."
    )


STAFF_ASSIGNMENTS = RecordType(
    name="staff_assignments",
    schema=StaffAssignments,
    partition_column="work_date",
    key=("work_date", "assignment_id"),
    references=(
        Reference(("person_id",), "people", ("person_id",)),
        Reference(("work_date", "doctor_id"), "doctors", ("roster_date", "doctor_id")),
    ),
    indexes=(("staff_id", "work_date"),),
    question=Question(
        "How many nurses are at work by day and by night, in each department?",
        "select department, shift, count(*) as nurses\n"
        "from hospital.staff_assignments\n"
        "where work_date = '2020-12-03' and role = 'nurse'\n"
        "group by department, shift order by department, shift",
    ),
)
