"""Patients: the daily census of encounters."""

import dataframely as dy

from hospital_assets.contracts.record_type import RecordType, Reference

ENCOUNTER_CLASSES = ["inpatient", "emergency", "outpatient"]
TRIAGE_COLOURS = ["red", "orange", "yellow", "green"]
ADMISSION_SOURCES = ["emergency", "referral", "readmission", "walk_in", "ambulance", "appointment"]
DISPOSITIONS = ["home", "admitted", "transferred", "left_against_advice", "died"]


class Patients(dy.Schema):
    """One row is an encounter active on the day, as it was known at the end of that day."""

    census_date = dy.Date(primary_key=True, description="Day of the census.")
    encounter_id = dy.Int64(primary_key=True, min=1, description="The same on every day of a stay.")
    person_id = dy.Int64(min=1)
    encounter_class = dy.Enum(ENCOUNTER_CLASSES)
    department = dy.String(max_length=40)
    ward = dy.String(nullable=True, max_length=40, description="Inpatients only.")
    bed = dy.String(nullable=True, max_length=20, description="Inpatients only.")
    triage = dy.Enum(
        TRIAGE_COLOURS,
        nullable=True,
        description="South African Triage Scale; emergency attendances only.",
    )
    age_years = dy.Int32(min=0, max=120, description="Completed years at admission.")
    diagnosis_code = dy.String(max_length=8, description="ICD-10.")
    diagnosis = dy.String(max_length=80)
    admission_source = dy.Enum(ADMISSION_SOURCES)
    admitted_at = dy.Datetime(description="Arrival or admission, local time.")
    discharged_at = dy.Datetime(
        nullable=True, description="Departure, local time; empty while the encounter goes on."
    )
    disposition = dy.Enum(
        DISPOSITIONS, nullable=True, description="How it ended; empty while it goes on."
    )
    attending_doctor_id = dy.Int64(min=1, description="On the day's roster of the department.")


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
)
