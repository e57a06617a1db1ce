"""Doctors: who is in post, and who is called in."""

import dataframely as dy

from hospital_assets.contracts.record_type import Question, RecordType, Reference
from hospital_assets.contracts.shared_values import DOCTOR_GRADES


class Doctors(dy.Schema):
    """One row is a doctor in post on the day, or called in for a shift that touches it."""

    roster_date = dy.Date(primary_key=True, description="Day of the roster.")
    doctor_id = dy.Int64(primary_key=True, min=1, description="Staff number of the doctor.")
    person_id = dy.Int64(min=1, description="The doctor in the master index.")
    first_name = dy.String(max_length=60, description="First given name, as in `people`.")
    last_name = dy.String(max_length=60, description="Surname, as in `people`.")
    specialty = dy.String(max_length=40, description="Specialty of the department.")
    department = dy.String(max_length=40, description="Department of the post or of the call.")
    grade = dy.Enum(DOCTOR_GRADES, description="Grade of the post or of the call.")
    years_of_service = dy.Int32(min=0, max=45, description="Completed years since qualification.")
    hire_date = dy.Date(
        nullable=True, description="First day in this post; empty for who is called in."
    )


DOCTORS = RecordType(
    name="doctors",
    schema=Doctors,
    partition_column="roster_date",
    key=("roster_date", "doctor_id"),
    references=(Reference(("person_id",), "people", ("person_id",)),),
    indexes=(("doctor_id", "roster_date"),),
    question=Question(
        "How many doctors of each grade does a department have on a day?",
        "select department, grade, count(*) as doctors\n"
        "from hospital.doctors\n"
        "where roster_date = '2020-12-03'\n"
        "group by department, grade order by department, grade",
    ),
)
