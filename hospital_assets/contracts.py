"""One contract a record type: columns, types, ranges and keys.

Everything that needs to know what a record looks like derives it from here: validation before a
write, the PostgreSQL tables, the columns in Dagster's UI, and the data dictionary in the docs.
"""

from dataclasses import dataclass

import dataframely as dy

SEXES = ["female", "male"]
ROLES = ["doctor", "nurse", "allied_health", "administration", "support"]
GRADES = [
    "intern",
    "medical_officer",
    "registrar",
    "specialist",
    "consultant",
    "junior",
    "qualified",
    "senior",
]
ENCOUNTER_CLASSES = ["inpatient", "emergency", "outpatient"]
TRIAGE_COLOURS = ["red", "orange", "yellow", "green"]
ADMISSION_SOURCES = ["emergency", "referral", "readmission", "walk_in", "ambulance", "appointment"]
PRIORITIES = ["emergent", "urgent", "routine"]
TRANSPORTS = ["advanced_life_support", "intermediate_life_support", "patient_transport"]
DISPOSITIONS = ["home", "admitted", "transferred", "left_against_advice", "died"]


class People(dy.Schema):
    """One row is a person touched on the day: digitised then, or referred to by its records."""

    record_date = dy.Date(primary_key=True, description="Day of the extract.")
    person_id = dy.Int64(primary_key=True, min=1, description="Number in the master patient index.")
    first_name = dy.String(max_length=60)
    last_name = dy.String(max_length=60)
    sex = dy.Enum(SEXES)
    date_of_birth = dy.Date()
    id_number = dy.String(
        regex=r"^\d{10}08\d$",
        max_length=13,
        description="South African ID number: YYMMDD SSSS C A Z.",
    )
    phone = dy.String(regex=r"^0\d{9}$", max_length=10)
    street_address = dy.String(max_length=80)
    suburb = dy.String(max_length=60)
    city = dy.String(max_length=60)
    postal_code = dy.String(regex=r"^\d{4}$", max_length=4)
    registration_date = dy.Date(
        nullable=True,
        description="Day the paper file was digitised; empty while that is still to come.",
    )
    deceased_on = dy.Date(
        nullable=True, description="Day of death in this hospital, once it has happened."
    )


class Doctors(dy.Schema):
    """One row is a doctor in post on the day."""

    roster_date = dy.Date(primary_key=True, description="Day of the roster.")
    doctor_id = dy.Int64(primary_key=True, min=1, description="Staff number of the doctor.")
    person_id = dy.Int64(min=1, description="The doctor in the master index.")
    first_name = dy.String(max_length=60)
    last_name = dy.String(max_length=60)
    specialty = dy.String(max_length=40)
    department = dy.String(max_length=40)
    grade = dy.Enum(GRADES[:5], description="Follows from the years of service.")
    years_of_service = dy.Int32(min=0, max=45, description="Completed years since qualification.")
    hire_date = dy.Date(description="First day in this post.")


class StaffAssignments(dy.Schema):
    """One row is a shift worked by one member of staff, starting on the day."""

    work_date = dy.Date(primary_key=True, description="Day on which the shift starts.")
    assignment_id = dy.Int64(primary_key=True, min=1)
    staff_id = dy.Int64(min=1, description="Staff number; a doctor's is the doctor_id.")
    person_id = dy.Int64(min=1, description="The member of staff in the master index.")
    doctor_id = dy.Int64(nullable=True, min=1, description="Set where the role is doctor.")
    department = dy.String(max_length=40)
    role = dy.Enum(ROLES)
    grade = dy.Enum(GRADES)
    shift = dy.String(max_length=20)
    starts_at = dy.Datetime(description="Local time.")
    ends_at = dy.Datetime(description="Local time.")


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


class Transfers(dy.Schema):
    """One row is an inpatient transferred to another facility."""

    transfer_date = dy.Date(description="Day of the departure.")
    transfer_id = dy.String(
        primary_key=True,
        regex=r"^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
        max_length=36,
        description="UUIDv5 of the fact; the same however often the event is published.",
    )
    slot = dy.Int32(min=1, max=24, description="Stream tick of the day that publishes it.")
    encounter_id = dy.Int64(min=1, description="The stay that ends with the transfer.")
    person_id = dy.Int64(min=1)
    department = dy.String(max_length=40)
    ward = dy.String(max_length=40)
    bed = dy.String(max_length=20)
    facility = dy.String(max_length=80, description="Where the patient goes.")
    reason = dy.String(max_length=40)
    priority = dy.Enum(PRIORITIES)
    transport = dy.Enum(TRANSPORTS)
    referring_doctor_id = dy.Int64(min=1, description="On duty in the department at the time.")
    departed_at = dy.Datetime(description="Local time; the discharge of the stay.")


class PatientFlow(dy.Schema):
    """One row is a department's flow of patients on the day, from batch and stream."""

    flow_date = dy.Date(primary_key=True)
    department = dy.String(primary_key=True, max_length=40)
    census = dy.Int64(min=0, description="Inpatients at the end of the day.")
    admissions = dy.Int64(min=0)
    discharges = dy.Int64(min=0, description="All that end a stay, deaths and transfers included.")
    deaths = dy.Int64(min=0)
    transfers = dy.Int64(min=0, description="Stays that `patients` ends with a transfer.")
    streamed_transfers = dy.Int64(min=0, description="Rows of the day in `transfers`.")
    attendances = dy.Int64(min=0, description="Emergency and outpatient arrivals.")


@dataclass(frozen=True)
class Reference:
    """A foreign key: `columns` of the referring table name a row of `table`."""

    columns: tuple[str, ...]
    table: str
    target: tuple[str, ...]


@dataclass(frozen=True)
class RecordType:
    """A record type: its schema and what a store has to know beyond the columns.

    `key` is the primary key in PostgreSQL. Where it leads with `partition_column`, a day is a
    window of the table; where it does not (people), the table holds each record's current state.
    """

    name: str
    schema: type[dy.Schema]
    partition_column: str
    key: tuple[str, ...]
    references: tuple[Reference, ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()

    @property
    def is_daily(self) -> bool:
        """Whether the table keeps every day's rows rather than the current state."""
        return self.key[0] == self.partition_column


PEOPLE = RecordType(
    name="people",
    schema=People,
    partition_column="record_date",
    key=("person_id",),
    indexes=(("id_number",), ("last_name", "first_name")),
)
DOCTORS = RecordType(
    name="doctors",
    schema=Doctors,
    partition_column="roster_date",
    key=("roster_date", "doctor_id"),
    references=(Reference(("person_id",), "people", ("person_id",)),),
    indexes=(("doctor_id", "roster_date"),),
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
)
TRANSFERS = RecordType(
    name="transfers",
    schema=Transfers,
    partition_column="transfer_date",
    key=("transfer_id",),
    indexes=(("transfer_date", "slot"),),
)
PATIENT_FLOW = RecordType(
    name="patient_flow",
    schema=PatientFlow,
    partition_column="flow_date",
    key=("flow_date", "department"),
)
# The daily extracts, in the order in which they are made from each other.
RECORD_TYPES = (PEOPLE, DOCTORS, STAFF_ASSIGNMENTS, PATIENTS)
# What has a table beside them: what the stream brings, and what is counted from both.
DERIVED_TYPES = (TRANSFERS, PATIENT_FLOW)
