"""The record `doctors`: every doctor in post on a day."""

import numpy as np
import polars as pl

from hospital_assets.calendar.period import Period
from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.dates import as_dates, completed_years
from hospital_assets.simulation.frames import Frames
from hospital_assets.simulation.hospital import Hospital
from hospital_assets.simulation.skeleton import Skeleton
from hospital_assets.simulation.staff.posts import DOCTOR

_GRADES = ("intern", "medical_officer", "registrar", "specialist", "consultant")
# Completed years of service at which each further grade begins; specialist is senior.
_GRADE_YEARS = (2, 5, 10, 18)


def records(hospital: Hospital, days: Period, frames: Frames) -> pl.DataFrame:
    """Return a row for each doctor in post on each of the days.

    Names come from `people`; a doctor whom it lacks raises ValueError.
    """
    skeleton, (first, last) = hospital.skeleton, hospital.numbers(days)
    staffing = skeleton.parameters.staffing
    holders = skeleton.holders
    day, post = in_post(skeleton, first, last)
    holder = holders.at(post, day)
    service = completed_years(holders.qualified[holder], day)
    department = skeleton.posts.department[post]
    frame = pl.DataFrame(
        {
            "roster_date": as_dates(day),
            "doctor_id": holders.staff[holder],
            "person_id": skeleton.people.person_id(holders.person[holder]),
            "specialty": pl.Series([one.specialty for one in staffing.departments]).gather(
                department
            ),
            "department": pl.Series([one.department for one in staffing.departments]).gather(
                department
            ),
            "grade": pl.Series(_GRADES).gather(np.searchsorted(_GRADE_YEARS, service, "right")),
            "years_of_service": service.astype(np.int32),
            "hire_date": as_dates(holders.hired[holder]),
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
    return named.select(
        "roster_date",
        "doctor_id",
        "person_id",
        "first_name",
        "last_name",
        "specialty",
        "department",
        "grade",
        "years_of_service",
        "hire_date",
    ).sort("roster_date", "doctor_id")


def in_post(skeleton: Skeleton, first: int, last: int) -> tuple[Integers, Integers]:
    """Return day and post of every doctor on each day of [first, last]; no post is ever empty."""
    roles = [role.name for role in skeleton.parameters.staffing.roles]
    medical = np.flatnonzero(skeleton.posts.role == roles.index(DOCTOR))
    days = np.arange(first, last + 1)
    return np.repeat(days, len(medical)), np.tile(medical, len(days))
