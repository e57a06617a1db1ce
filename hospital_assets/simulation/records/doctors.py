"""The record `doctors`: every doctor in post on a day, or on a shift that touches it."""

import numpy as np
import polars as pl

from hospital_assets.calendar.period import Period
from hospital_assets.simulation.dates import as_dates, completed_years
from hospital_assets.simulation.frames import Frames
from hospital_assets.simulation.hospital import Hospital
from hospital_assets.simulation.medical_staff import NOT_IN_POST, medical_staff


def records(hospital: Hospital, days: Period, frames: Frames) -> pl.DataFrame:
    """Return a row for each doctor of each of the days.

    Names come from `people`; a doctor whom it lacks raises ValueError.
    """
    staff = medical_staff(hospital, *hospital.numbers(days))
    departments = hospital.parameters.staffing.departments
    grades = hospital.parameters.workforce.grades
    hired = as_dates(staff.hired)
    hired[staff.hired == NOT_IN_POST] = np.datetime64("NaT")
    frame = pl.DataFrame(
        {
            "roster_date": as_dates(staff.day),
            "doctor_id": staff.staff,
            "person_id": hospital.population.registration.person_ids(staff.person),
            "specialty": pl.Series([one.specialty for one in departments]).gather(staff.department),
            "department": pl.Series([one.department for one in departments]).gather(
                staff.department
            ),
            "grade": pl.Series([one.name for one in grades]).gather(staff.grade),
            "years_of_service": completed_years(staff.qualified, staff.day).astype(np.int32),
            "hire_date": hired,
        }
    )
    named = frame.join(
        frames["people"].select("record_date", "person_id", "first_name", "last_name"),
        left_on=["roster_date", "person_id"],
        right_on=["record_date", "person_id"],
        how="left",
        maintain_order="left",
    )
    unnamed = named.filter(pl.col("first_name").is_null())
    if len(unnamed):
        raise ValueError(
            f"people of {unnamed['roster_date'][0]} lacks {len(unnamed)} doctors of that day"
        )
    return named.sort("roster_date", "doctor_id")
