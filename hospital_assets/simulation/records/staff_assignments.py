"""The record `staff_assignments`: every shift that starts on a day."""

import polars as pl

from hospital_assets.calendar.period import Period
from hospital_assets.simulation.dates import as_dates, as_instants
from hospital_assets.simulation.frames import Frames
from hospital_assets.simulation.hospital import Hospital
from hospital_assets.simulation.parameters.workforce import DOCTOR
from hospital_assets.simulation.records.shift_numbers import shift_numbers
from hospital_assets.simulation.rosters import roster
from hospital_assets.simulation.workforce.assignments import Cover


def records(hospital: Hospital, days: Period, frames: Frames) -> pl.DataFrame:
    """Return a row for each shift that starts on one of the days.

    The doctors among the staff come from `doctors`; one whom it lacks raises ValueError.
    """
    posts = hospital.workforce.posts
    worked = roster(hospital, *hospital.numbers(days)).assignments
    staffing, grades = hospital.parameters.staffing, hospital.parameters.workforce.grades
    frame = pl.DataFrame(
        {
            "work_date": as_dates(worked.day),
            "assignment_id": shift_numbers(worked.day, worked.post),
            "staff_id": worked.staff,
            "person_id": hospital.population.registration.person_ids(worked.person),
            "department": pl.Series([one.department for one in staffing.departments]).gather(
                posts.department[worked.post]
            ),
            "role": pl.Series([one.name for one in staffing.roles]).gather(posts.role[worked.post]),
            "grade": pl.Series([one.name for one in grades]).gather(posts.grade[worked.post]),
            "shift": pl.Series([one.name for one in staffing.shifts]).gather(worked.shift),
            "starts_at": as_instants(worked.starts),
            "ends_at": as_instants(worked.ends),
            "covers": pl.Series(worked.cover != Cover.NONE),
        }
    ).with_columns(doctor_id=pl.when(pl.col("role") == DOCTOR).then("staff_id"))
    known = frames["doctors"].select("roster_date", "doctor_id")
    unknown = frame.filter(pl.col("doctor_id").is_not_null()).join(
        known,
        left_on=["work_date", "doctor_id"],
        right_on=["roster_date", "doctor_id"],
        how="anti",
    )
    if len(unknown):
        raise ValueError(
            f"doctors of {unknown['work_date'][0]} lacks {len(unknown)} doctors who work that day"
        )
    arrangement = pl.when("covers").then(pl.lit("cover")).otherwise(pl.lit("rostered"))
    return frame.with_columns(arrangement=arrangement).drop("covers")
