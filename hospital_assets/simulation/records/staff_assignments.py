"""The record `staff_assignments`: every shift that starts on a day."""

import numpy as np
import polars as pl

from hospital_assets.calendar.period import Period
from hospital_assets.simulation.dates import as_dates, as_instants, completed_years, year_month_day
from hospital_assets.simulation.frames import Frames
from hospital_assets.simulation.hospital import Hospital
from hospital_assets.simulation.skeleton import Skeleton
from hospital_assets.simulation.staff import rosters
from hospital_assets.simulation.staff.posts import DOCTOR

_JUNIOR_YEARS = 3
_GRADES = ("junior", "qualified", "senior")
_POSTS_BOUND = 100_000


def records(hospital: Hospital, days: Period, frames: Frames) -> pl.DataFrame:
    """Return a row for each shift that starts on one of the days.

    The doctors among the staff, with their grades, come from `doctors`; one whom it lacks raises
    ValueError.
    """
    frame = shifts(hospital.skeleton, *hospital.numbers(days))
    joined = frame.join(
        frames["doctors"].select("roster_date", "doctor_id", pl.col("grade").cast(pl.String)),
        left_on=["work_date", "staff_id"],
        right_on=["roster_date", "doctor_id"],
        how="left",
        maintain_order="left",
    )
    unknown = joined.filter(pl.col("role").eq(DOCTOR) & pl.col("grade").is_null())
    if len(unknown):
        raise ValueError(
            f"doctors of {unknown['work_date'][0]} lacks {len(unknown)} doctors who work that day"
        )
    return joined.select(
        "work_date",
        "assignment_id",
        "staff_id",
        "person_id",
        pl.when(pl.col("role") == DOCTOR).then("staff_id").alias("doctor_id"),
        "department",
        "role",
        pl.coalesce("grade", "own_grade").alias("grade"),
        "shift",
        "starts_at",
        "ends_at",
    )


def shifts(skeleton: Skeleton, first: int, last: int) -> pl.DataFrame:
    """Return a row for each shift, with the grade that every member of staff but a doctor has."""
    staffing = skeleton.parameters.staffing
    posts, holders = skeleton.posts, skeleton.holders
    worked = rosters.shifts(staffing, posts, first, last)
    holder = holders.at(worked.post, worked.day)
    service = completed_years(holders.qualified[holder], worked.day)
    role = posts.role[worked.post]
    senior_years = np.array([one.senior_years for one in staffing.roles])[role]
    step = (service >= _JUNIOR_YEARS).astype(np.int64) + (service >= senior_years)
    year, month, day = year_month_day(worked.day)
    return pl.DataFrame(
        {
            "work_date": as_dates(worked.day),
            "assignment_id": ((year * 100 + month) * 100 + day) * _POSTS_BOUND + worked.post + 1,
            "staff_id": holders.staff[holder],
            "person_id": skeleton.people.person_id(holders.person[holder]),
            "department": pl.Series([one.department for one in staffing.departments]).gather(
                posts.department[worked.post]
            ),
            "role": pl.Series([one.name for one in staffing.roles]).gather(role),
            "own_grade": pl.Series(_GRADES).gather(step),
            "shift": pl.Series([one.name for one in staffing.shifts]).gather(worked.shift),
            "starts_at": as_instants(worked.starts),
            "ends_at": as_instants(worked.ends),
        }
    )
