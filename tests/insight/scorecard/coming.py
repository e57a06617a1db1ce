"""Records as they may become: the columns and records that the scorecard waits for.

They are made from today's rows, so that each measure runs; their figures mean nothing.
"""

from datetime import timedelta

import dataframely as dy
import polars as pl

from hospital_assets.contracts.patients import DISPOSITIONS, Patients
from hospital_assets.contracts.people import People
from hospital_assets.contracts.record_type import RecordType
from hospital_assets.contracts.staff_assignments import StaffAssignments
from hospital_assets.registry import RECORD_TYPES
from hospital_assets.simulation import Frames


class _Patients(Patients):
    triaged_at = dy.Datetime(nullable=True)
    seen_at = dy.Datetime(nullable=True)
    decided_at = dy.Datetime(nullable=True)
    chief_complaint = dy.String(nullable=True)
    admission_type = dy.Enum(["elective", "emergency"], nullable=True)
    preceding_encounter_id = dy.Int64(nullable=True)
    discharge_destination = dy.String(nullable=True)
    facility_code = dy.String(nullable=True)
    gestation_weeks = dy.Int32(nullable=True)
    birth_weight_grams = dy.Int32(nullable=True)
    disposition = dy.Enum([*DISPOSITIONS, "no_show"], nullable=True)


class _People(People):
    language = dy.String()
    payer_class = dy.String()
    citizenship = dy.String()
    next_of_kin_id = dy.Int64(nullable=True)
    mother_id = dy.Int64(nullable=True)


class _StaffAssignments(StaffAssignments):
    is_cover = dy.Bool()


class _BedMovements(dy.Schema):
    census_date = dy.Date(primary_key=True)
    encounter_id = dy.Int64(primary_key=True)
    sequence = dy.Int32(primary_key=True)
    department = dy.String()
    ward = dy.String()
    bed = dy.String()
    started_at = dy.Datetime()
    ended_at = dy.Datetime(nullable=True)
    reason = dy.String()


class _Diagnoses(dy.Schema):
    census_date = dy.Date(primary_key=True)
    encounter_id = dy.Int64(primary_key=True)
    sequence = dy.Int32(primary_key=True)
    icd10_code = dy.String()
    present_on_admission = dy.Bool()


class _Absences(dy.Schema):
    absence_date = dy.Date(primary_key=True)
    staff_id = dy.Int64(primary_key=True)
    reason = dy.String()


def _record(name: str, schema: type[dy.Schema]) -> RecordType:
    day = schema.primary_key()[0]
    return RecordType(name, schema, day, tuple(schema.primary_key()))


_CHANGED = {
    "patients": _Patients,
    "people": _People,
    "staff_assignments": _StaffAssignments,
    "bed_movements": _BedMovements,
    "diagnoses": _Diagnoses,
    "absences": _Absences,
}
COMING = (
    *(one for one in RECORD_TYPES if one.name not in _CHANGED),
    *(_record(name, schema) for name, schema in _CHANGED.items()),
)
COMING_COLUMNS = {record.name: record.columns for record in COMING}


def with_what_comes(frames: Frames) -> Frames:
    """Return the records with the columns and records to come."""
    patients, people = frames["patients"], frames["people"]
    stays = patients.filter(pl.col("bed").is_not_null())
    arrived = pl.col("admitted_at")
    born = stays.filter(pl.col("age_years") == 0).unique("person_id", keep="first")
    births = born.select("person_id", born_on=arrived.dt.date())
    return frames | {
        "patients": patients.with_columns(
            triaged_at=arrived + timedelta(minutes=5),
            seen_at=arrived + timedelta(minutes=30),
            decided_at=arrived + timedelta(minutes=90),
            chief_complaint=pl.lit("pain"),
            admission_type=pl.when(pl.col("admission_source") == "referral")
            .then(pl.lit("elective"))
            .otherwise(pl.lit("emergency")),
            preceding_encounter_id=pl.col("encounter_id").shift(1),
            discharge_destination=pl.lit("home"),
            facility_code=pl.lit("CM"),
            gestation_weeks=pl.lit(39),
            birth_weight_grams=pl.lit(3100),
        ),
        "people": people.join(births, on="person_id", how="left")
        .with_columns(pl.coalesce("born_on", "date_of_birth").alias("date_of_birth"))
        .drop("born_on")
        .with_columns(
            language=pl.lit("isiZulu"),
            payer_class=pl.lit("H0"),
            citizenship=pl.lit("ZA"),
            next_of_kin_id=pl.col("person_id").shift(1),
            mother_id=pl.col("person_id").shift(1).over("record_date"),
        ),
        "staff_assignments": frames["staff_assignments"].with_columns(
            is_cover=pl.col("staff_id") % 10 == 0
        ),
        "bed_movements": stays.select(
            "census_date", "encounter_id", "department", "ward", "bed", sequence=pl.lit(1),
            started_at="admitted_at", ended_at="discharged_at", reason=pl.lit("admission"),
        ),
        "diagnoses": patients.select(
            "census_date", "encounter_id", sequence=pl.lit(1), icd10_code="diagnosis_code",
            present_on_admission=pl.lit(value=True),
        ),
        "absences": frames["staff_assignments"].select(
            absence_date="work_date", staff_id="staff_id", reason=pl.lit("sick leave")
        ),
    }  # fmt: skip
