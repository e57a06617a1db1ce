"""Patients: the daily census of encounters."""

import dataframely as dy

from hospital_assets.contracts.record_type import Question, RecordType, Reference

ENCOUNTER_CLASSES = ["inpatient", "emergency", "outpatient"]
TRIAGE_COLOURS = ["red", "orange", "yellow", "green"]
ADMISSION_TYPES = ["emergency", "elective", "maternity", "newborn", "appointment"]
ADMISSION_SOURCES = [
    "emergency_department",
    "referral",
    "born_here",
    "walk_in",
    "ambulance",
    "appointment",
]
DISPOSITIONS = [
    "home",
    "admitted",
    "transferred",
    "left_against_advice",
    "left_unseen",
    "died",
]
DESTINATIONS = ["home", "ward", "other_facility", "mortuary"]


class Patients(dy.Schema):
    """One row is an encounter active on the day, as it was known at the end of that day."""

    census_date = dy.Date(primary_key=True, description="Day of the census.")
    encounter_id = dy.Int64(primary_key=True, min=1, description="The same on every day of a stay.")
    facility_code = dy.String(max_length=12, description="Code of this hospital.")
    person_id = dy.Int64(min=1, description="The patient in the master index.")
    encounter_class = dy.Enum(ENCOUNTER_CLASSES, description="Where the patient is seen.")
    admission_type = dy.Enum(ADMISSION_TYPES, description="What kind of encounter it began as.")
    department = dy.String(
        max_length=40, description="Department that treats the patient at the end of the day."
    )
    ward = dy.String(
        nullable=True, max_length=40, description="Ward of the bed; empty without a bed."
    )
    bed = dy.String(
        nullable=True,
        max_length=20,
        description="Bed at the end of the day, or the last one. Empty for outpatients, emergency "
        "attendances, and newborns in a cot beside their mother.",
    )
    triage = dy.Enum(
        TRIAGE_COLOURS,
        nullable=True,
        description="South African Triage Scale; emergency attendances only.",
    )
    chief_complaint = dy.String(
        nullable=True,
        max_length=60,
        description="What the patient came with; emergency attendances only.",
    )
    age_years = dy.Int32(min=0, max=120, description="Completed years at the beginning.")
    gestation_weeks = dy.Int32(
        nullable=True, min=20, max=45, description="At birth; newborns born here only."
    )
    birth_weight_g = dy.Int32(
        nullable=True, min=200, max=7000, description="Newborns born here only, in grams."
    )
    diagnosis_code = dy.String(max_length=8, description="Main diagnosis, ICD-10.")
    diagnosis = dy.String(max_length=80, description="What the code means.")
    admission_source = dy.Enum(ADMISSION_SOURCES, description="How the patient came.")
    admitted_at = dy.Datetime(description="Arrival or admission, local time.")
    triaged_at = dy.Datetime(
        nullable=True, description="End of triage; emergency attendances only, local time."
    )
    seen_at = dy.Datetime(
        nullable=True,
        description="First seen by a doctor; empty while waiting and for who left unseen.",
    )
    decided_at = dy.Datetime(
        nullable=True,
        description="Decision to admit or to send home; emergency attendances only.",
    )
    discharged_at = dy.Datetime(
        nullable=True, description="Departure, local time; empty while the encounter goes on."
    )
    disposition = dy.Enum(
        DISPOSITIONS, nullable=True, description="How it ended; empty while it goes on."
    )
    discharge_destination = dy.Enum(
        DESTINATIONS, nullable=True, description="Where the patient went; empty while it goes on."
    )
    preceding_encounter_id = dy.Int64(
        nullable=True,
        min=1,
        description="The encounter that led to this one: the emergency attendance before a stay, "
        "the stay before a readmission or a follow-up. It may be of other days.",
    )
    attending_doctor_id = dy.Int64(
        min=1,
        description="The doctor in charge: of the stay, or in that doctor's absence on duty.",
    )


PATIENTS = RecordType(
    name="patients",
    schema=Patients,
    partition_column="census_date",
    key=("census_date", "encounter_id"),
    references=(
        Reference(("person_id",), "people", ("person_id",)),
        Reference(("census_date", "attending_doctor_id"), "doctors", ("roster_date", "doctor_id")),
    ),
    indexes=(("person_id", "census_date"), ("encounter_id", "census_date")),
    question=Question(
        "How many patients lie in each department at midnight?",
        "select department, count(*) as patients\n"
        "from hospital.patients\n"
        "where census_date = '2020-12-03' and bed is not null and discharged_at is null\n"
        "group by department order by patients desc",
    ),
)
