"""The laws on patients: one bed, one place, one life, a doctor on duty and a fitting diagnosis."""

import polars as pl

from hospital_assets.simulation.frames import Frames
from hospital_assets.simulation.laws.law import Law
from hospital_assets.simulation.parameters import Parameters


def _overlaps(encounters: pl.DataFrame, place: str) -> pl.DataFrame:
    """Return encounters that begin before the one before them at the same place has ended."""
    latest = (
        encounters.sort("encounter_id", "census_date")
        .group_by("encounter_id", maintain_order=True)
        .agg(pl.col(place, "admitted_at", "discharged_at", "census_date").last())
    )
    # An encounter that is still open lasts at least to the end of its latest day.
    known_end = pl.coalesce(
        "discharged_at", pl.col("census_date").cast(pl.Datetime("us")) + pl.duration(days=1)
    )
    return latest.with_columns(
        previous_end=known_end.shift(1).over(place, order_by=["admitted_at", "discharged_at"])
    ).filter(pl.col("previous_end") > pl.col("admitted_at"))


def _one_patient_a_bed(frames: Frames, _: Parameters) -> pl.DataFrame:
    inpatients = frames["patients"].filter(pl.col("bed").is_not_null())
    return _overlaps(inpatients, "bed")


def _one_place_a_patient(frames: Frames, _: Parameters) -> pl.DataFrame:
    return _overlaps(frames["patients"], "person_id")


def _no_patient_on_shift(frames: Frames, _: Parameters) -> pl.DataFrame:
    return frames["patients"].join(
        frames["staff_assignments"],
        left_on=["census_date", "person_id"],
        right_on=["work_date", "person_id"],
        how="semi",
    )


def _alive(frames: Frames, _: Parameters) -> pl.DataFrame:
    lives = frames["people"].select("record_date", "person_id", "date_of_birth", "deceased_on")
    return (
        frames["patients"]
        .join(
            lives,
            left_on=["census_date", "person_id"],
            right_on=["record_date", "person_id"],
            how="left",
        )
        .filter(
            pl.col("date_of_birth").is_null()
            | (pl.col("admitted_at").dt.date() <= pl.col("date_of_birth"))
            | (pl.col("admitted_at").dt.date() > pl.col("deceased_on"))
            | (pl.col("discharged_at").dt.date() > pl.col("deceased_on"))
            | (pl.col("census_date") > pl.col("deceased_on"))
        )
    )


def _attending_on_duty(frames: Frames, _: Parameters) -> pl.DataFrame:
    doctors = frames["staff_assignments"].filter(pl.col("doctor_id").is_not_null())
    keys = doctors.select("work_date", "doctor_id", pl.col("department").cast(pl.String))
    return frames["patients"].join(
        keys,
        left_on=["census_date", "attending_doctor_id", "department"],
        right_on=["work_date", "doctor_id", "department"],
        how="anti",
    )


def _fitting_diagnoses(frames: Frames, parameters: Parameters) -> pl.DataFrame:
    known = pl.DataFrame(
        {
            "diagnosis_code": [one.code for one in parameters.diagnoses],
            "seen_in": [list(one.departments) for one in parameters.diagnoses],
            "min_age": [one.min_age for one in parameters.diagnoses],
            "max_age": [one.max_age for one in parameters.diagnoses],
            "only": pl.Series([one.sex for one in parameters.diagnoses], dtype=pl.String),
        }
    )
    sexes = frames["people"].select("record_date", "person_id", pl.col("sex").cast(pl.String))
    joined = (
        frames["patients"]
        .with_columns(pl.col("encounter_class", "disposition").cast(pl.String))
        .join(known, on="diagnosis_code", how="left")
        .join(
            sexes,
            left_on=["census_date", "person_id"],
            right_on=["record_date", "person_id"],
            how="left",
        )
    )
    # Whoever is admitted through the emergency department has the ward's diagnosis there already.
    to_be_admitted = (pl.col("encounter_class") == "emergency") & (
        pl.col("disposition").is_null() | (pl.col("disposition") == "admitted")
    )
    here = pl.col("seen_in").list.contains(pl.col("department")) | to_be_admitted
    fits = (
        here
        & pl.col("age_years").is_between(pl.col("min_age"), pl.col("max_age"))
        & (pl.col("only").is_null() | (pl.col("only") == pl.col("sex")))
    )
    return joined.filter(~fits.fill_null(False))


def _transfers_a_day(frames: Frames, parameters: Parameters) -> pl.DataFrame:
    wanted = parameters.transfers.slots_per_day * parameters.transfers.per_slot
    return (
        frames["patients"]
        .group_by("census_date")
        .agg((pl.col("disposition").cast(pl.String) == "transferred").sum().alias("transfers"))
        .filter(pl.col("transfers") != wanted)
    )


PATIENT_LAWS = (
    Law("one_patient_a_bed", "No bed has two patients at once.",
        ("patients",), _one_patient_a_bed, days_before=1),
    Law("one_place_a_patient", "No patient is in two places at once.",
        ("patients",), _one_place_a_patient, days_before=1),
    Law("no_patient_on_shift", "Nobody is a patient on a day of work.",
        ("patients", "staff_assignments"), _no_patient_on_shift),
    Law("alive", "No encounter begins before birth or goes on after death.",
        ("patients", "people"), _alive),
    Law("attending_on_duty", "The attending doctor is of the department and on duty that day.",
        ("patients", "staff_assignments"), _attending_on_duty),
    Law("fitting_diagnoses", "The diagnosis fits the department, the age and the sex.",
        ("patients", "people"), _fitting_diagnoses),
    Law("transfers_a_day", "As many patients as planned are transferred every day.",
        ("patients",), _transfers_a_day),
)  # fmt: skip
