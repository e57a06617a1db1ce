"""Transfers: inpatients who go to another facility."""

import dataframely as dy

from hospital_assets.contracts.record_type import Question, RecordType
from hospital_assets.contracts.stream_type import StreamType

PRIORITIES = ["emergent", "urgent", "routine"]
TRANSPORTS = ["advanced_life_support", "intermediate_life_support", "patient_transport"]


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
    person_id = dy.Int64(min=1, description="The patient in the master index.")
    department = dy.String(max_length=40, description="Department that the patient leaves.")
    ward = dy.String(max_length=40, description="Ward that the patient leaves.")
    bed = dy.String(max_length=20, description="Bed that the patient leaves.")
    facility = dy.String(max_length=80, description="Where the patient goes.")
    reason = dy.String(max_length=40, description="Why the patient goes there.")
    priority = dy.Enum(PRIORITIES, description="How soon the patient has to go.")
    transport = dy.Enum(TRANSPORTS, description="What the patient travels with.")
    referring_doctor_id = dy.Int64(min=1, description="On duty in the department at the time.")
    departed_at = dy.Datetime(description="Local time; the discharge of the stay.")


# An event of a day arrives before the day's records do, so transfers refer to no other table.
TRANSFERS = RecordType(
    name="transfers",
    schema=Transfers,
    partition_column="transfer_date",
    key=("transfer_id",),
    indexes=(("transfer_date", "slot"),),
    question=Question(
        "To which facilities do patients go, and how urgently?",
        "select facility, priority, count(*) as transfers\n"
        "from hospital.transfers\n"
        "group by facility, priority order by transfers desc",
    ),
)

TRANSFER_STREAM = StreamType(
    record=TRANSFERS,
    subject="patient.transfer",
    version=1,
    id_column="transfer_id",
    key_column="person_id",
    time_column="departed_at",
    entity=("encounter", "encounter_id"),
    summary=(
        ("slot", 4),
        ("department", 26),
        ("bed", 6),
        ("reason", 22),
        ("priority", 8),
        ("facility", 8),
    ),
)
