"""The record `absences`: every planned shift of a day that its holder does not work."""

import numpy as np
import polars as pl

from hospital_assets.calendar.period import Period
from hospital_assets.simulation.dates import MINUTES_PER_DAY, as_dates, as_instants
from hospital_assets.simulation.frames import Frames
from hospital_assets.simulation.hospital import Hospital
from hospital_assets.simulation.population.person_numbers import NOBODY
from hospital_assets.simulation.records.shift_numbers import shift_numbers
from hospital_assets.simulation.rosters import roster
from hospital_assets.simulation.workforce.leave_grid import Kind


def records(hospital: Hospital, days: Period, frames: Frames) -> pl.DataFrame:
    """Return a row for each planned shift of the days that its holder does not work.

    Who works it instead is looked up in `staff_assignments`.
    """
    posts = hospital.workforce.posts
    missed = roster(hospital, *hospital.numbers(days)).missed
    staffing, grades = hospital.parameters.staffing, hospital.parameters.workforce.grades
    hours = np.array([(one.start_hour, one.hours) for one in staffing.shifts])[missed.shift]
    starts = missed.day * MINUTES_PER_DAY + hours[:, 0] * 60
    held = missed.person != NOBODY
    person_ids = hospital.population.registration.person_ids(np.where(held, missed.person, 0))
    frame = pl.DataFrame(
        {
            "absence_date": as_dates(missed.day),
            "absence_id": shift_numbers(missed.day, missed.post),
            "staff_id": missed.staff,
            "person_id": person_ids,
            "department": pl.Series([one.department for one in staffing.departments]).gather(
                posts.department[missed.post]
            ),
            "role": pl.Series([one.name for one in staffing.roles]).gather(posts.role[missed.post]),
            "grade": pl.Series([one.name for one in grades]).gather(posts.grade[missed.post]),
            "shift": pl.Series([one.name for one in staffing.shifts]).gather(missed.shift),
            "starts_at": as_instants(starts),
            "ends_at": as_instants(starts + hours[:, 1] * 60),
            "kind": pl.Series([kind.name.lower() for kind in Kind]).gather(missed.kind),
            "held": held,
        }
    ).with_columns(pl.when("held").then(name).alias(name) for name in ("staff_id", "person_id"))
    cover = frames["staff_assignments"].select(
        pl.col("assignment_id").alias("absence_id"),
        pl.col("staff_id").alias("covered_by_staff_id"),
    )
    return frame.join(cover, on="absence_id", how="left", maintain_order="left").drop("held")
