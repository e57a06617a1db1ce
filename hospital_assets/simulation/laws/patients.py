"""The laws on patients: one place, one life, a doctor in charge and a fitting diagnosis."""

import polars as pl

from hospital_assets.simulation.frames import Frames
from hospital_assets.simulation.laws.law import Law
from hospital_assets.simulation.laws.overlaps import known_end, latest, overlapping
from hospital_assets.simulation.parameters import Parameters
from hospital_assets.simulation.parameters.beds import NEWBORNS

_WARD_ROUND_HOUR = 10
_CHILDBEARING_AGES = (10, 60)


def _spans(patients: pl.DataFrame) -> pl.DataFrame:
    return latest(patients, ["encounter_id"]).with_columns(
        starts="admitted_at", ends=known_end("discharged_at")
    )


def _one_patient_a_bed(frames: Frames, _: Parameters) -> pl.DataFrame:
    """Return who lies, at the end of a day, in a bed that somebody else lies in."""
    lying = frames["patients"].filter(
        pl.col("bed").is_not_null() & pl.col("discharged_at").is_null()
    )
    return lying.filter(pl.len().over("census_date", "bed") > 1)


def _one_place_a_patient(frames: Frames, _: Parameters) -> pl.DataFrame:
    return overlapping(_spans(frames["patients"]), "person_id")


def _no_patient_on_shift(frames: Frames, _: Parameters) -> pl.DataFrame:
    shifts = frames["staff_assignments"].select("person_id", "starts_at", "ends_at")
    return (
        _spans(frames["patients"])
        .join(shifts, on="person_id", how="inner")
        .filter((pl.col("starts_at") < pl.col("ends")) & (pl.col("starts") < pl.col("ends_at")))
    )


def _alive(frames: Frames, _: Parameters) -> pl.DataFrame:
    lives = frames["people"].select("record_date", "person_id", "date_of_birth", "deceased_on")
    death = pl.col("deceased_on")
    died = pl.col("disposition").cast(pl.String) == "died"
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
            | (pl.col("admitted_at").dt.date() < pl.col("date_of_birth"))
            | (pl.col("admitted_at").dt.date() > death)
            | (pl.col("discharged_at").dt.date() > death)
            | (pl.col("census_date") > death)
            | (died & (pl.col("discharged_at").dt.date() != death).fill_null(True))
        )
    )


def _in_charge(frames: Frames, parameters: Parameters) -> pl.DataFrame:
    """Return rows whose doctor isn't on a shift of the department at the minute.

    The minute is the beginning on its day, on later ones the ward round or an earlier end. Of the
    first day's small hours nothing is said: who works then began the day before.
    """
    start_of_day = pl.col("census_date").cast(pl.Datetime("us"))
    round_ = start_of_day + pl.duration(hours=_WARD_ROUND_HOUR)
    minute = (
        pl.when(pl.col("admitted_at") >= start_of_day)
        .then("admitted_at")
        .otherwise(pl.min_horizontal(round_, pl.col("discharged_at").fill_null(round_)))
    )
    rows = frames["patients"].with_row_index().with_columns(minute=minute)
    shifts = frames["staff_assignments"].filter(pl.col("doctor_id").is_not_null())
    on_shift = rows.join(
        shifts.select("doctor_id", pl.col("department").alias("where"), "starts_at", "ends_at"),
        left_on="attending_doctor_id",
        right_on="doctor_id",
    ).filter(
        (pl.col("starts_at") <= pl.col("minute"))
        & (pl.col("minute") < pl.col("ends_at"))
        & (pl.col("where") == pl.col("department"))
    )
    overrun = max(shift.start_hour + shift.hours - 24 for shift in parameters.staffing.shifts)
    known_from = shifts["work_date"].cast(pl.Datetime("us")).min()
    known = pl.col("minute") >= pl.lit(known_from) + pl.duration(hours=overrun)
    return rows.join(on_shift, on="index", how="anti").filter(known)


def _fitting_diagnoses(frames: Frames, parameters: Parameters) -> pl.DataFrame:
    """Return women's diagnoses of men and the like, deliveries outside of age, grown newborns."""
    mix = parameters.inpatients.case_mix.diagnoses
    of_women = sorted({one.code for one in mix if one.female_share == 1})
    of_men = sorted({one.code for one in mix if one.female_share == 0})
    births = sorted({one.code for one in mix if one.family in ("delivery", "pregnancy")})
    newborns = {pool.name for pool in parameters.inpatients.beds.pools if pool.kind == NEWBORNS}
    of_newborns = sorted({one.code for one in mix if newborns & set(one.admissions)})
    sexes = frames["people"].select("record_date", "person_id", pl.col("sex").cast(pl.String))
    code, age = pl.col("diagnosis_code"), pl.col("age_years")
    joined = frames["patients"].join(
        sexes,
        left_on=["census_date", "person_id"],
        right_on=["record_date", "person_id"],
        how="left",
    )
    return joined.filter(
        pl.col("sex").is_null()
        | (code.is_in(of_women) & (pl.col("sex") != "female"))
        | (code.is_in(of_men) & (pl.col("sex") != "male"))
        | (code.is_in(births) & ~age.is_between(*_CHILDBEARING_AGES))
        | (code.is_in(of_newborns) & (age > 0))
    )


def _deliveries(frames: Frames, parameters: Parameters) -> pl.DataFrame:
    deliveries = sorted(
        {one.code for one in parameters.inpatients.case_mix.diagnoses if one.family == "delivery"}
    )
    outpatient = pl.col("encounter_class").cast(pl.String) != "inpatient"
    came = pl.col("admission_type").cast(pl.String)
    delivery = pl.col("diagnosis_code").is_in(deliveries)
    newborn = came == "newborn"
    return frames["patients"].filter(
        ((came == "maternity") & ~delivery)
        | (delivery & outpatient)
        | (newborn != pl.col("gestation_weeks").is_not_null())
        | (newborn != pl.col("birth_weight_g").is_not_null())
    )


def _transfers_a_day(frames: Frames, parameters: Parameters) -> pl.DataFrame:
    inpatient = pl.col("encounter_class").cast(pl.String) == "inpatient"
    transferred = pl.col("disposition").cast(pl.String) == "transferred"
    return (
        frames["patients"]
        .group_by("census_date")
        .agg((inpatient & transferred).sum().alias("transfers"))
        .filter(pl.col("transfers") != parameters.transfers_a_day)
    )


def _emergency_clock(frames: Frames, _: Parameters) -> pl.DataFrame:
    """Return visits whose times run backwards, or who were seen and left unseen."""
    times = ["admitted_at", "triaged_at", "seen_at", "decided_at", "discharged_at"]
    backwards = pl.any_horizontal(
        pl.col(later) < pl.col(earlier)
        for place, earlier in enumerate(times)
        for later in times[place + 1 :]
    )
    unseen = pl.col("disposition").cast(pl.String) == "left_unseen"
    return frames["patients"].filter(
        backwards.fill_null(False) | (unseen & pl.col("seen_at").is_not_null())
    )


PATIENT_LAWS = (
    Law("one_patient_a_bed", "No two patients lie in one bed at the end of a day.",
        ("patients",), _one_patient_a_bed),
    Law("one_place_a_patient", "No patient is in two places at once.",
        ("patients",), _one_place_a_patient, days_before=2),
    Law("no_patient_on_shift", "Nobody is a patient and on shift at once.",
        ("patients", "staff_assignments"), _no_patient_on_shift, days_before=1),
    Law("alive",
        "No encounter begins before birth or goes on after death; who dies in one dies that day.",
        ("patients", "people"), _alive),
    Law("doctor_on_duty",
        "The attending doctor is on a shift of the department at the minute of the beginning, on"
        " later days at the ward round.",
        ("patients", "staff_assignments"), _in_charge, days_before=1),
    Law("fitting_diagnoses", "The diagnosis fits the sex and the age.",
        ("patients", "people"), _fitting_diagnoses),
    Law("births_in_beds",
        "Inpatients alone have a delivery, and newborns alone a gestation and a birth weight.",
        ("patients",), _deliveries),
    Law("emergency_clock", "In the emergency department time runs forward.",
        ("patients",), _emergency_clock),
    Law("transfers_a_day", "As many inpatients as planned are transferred every day.",
        ("patients",), _transfers_a_day),
)  # fmt: skip
