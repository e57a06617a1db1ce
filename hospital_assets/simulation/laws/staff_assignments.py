"""The laws on staff assignments: cover, rest, hours and retirement."""

import polars as pl

from hospital_assets.simulation.frames import Frames
from hospital_assets.simulation.laws.law import Law
from hospital_assets.simulation.laws.retirement import younger_than_retirement
from hospital_assets.simulation.parameters import SHIFT_PATTERN_FREE, Parameters

SENIOR_GRADES = ("specialist", "consultant")
MINIMUM_REST_HOURS = 11
MAXIMUM_WEEKLY_HOURS = 48
WEEKS_OF_AVERAGE = 4


def _senior_cover(frames: Frames, parameters: Parameters) -> pl.DataFrame:
    staffing = parameters.staffing
    cover = next(one for one in staffing.cycles if one.name == staffing.cover_cycle)
    letters = set(cover.pattern) - {SHIFT_PATTERN_FREE}
    shifts = [shift.name for shift in staffing.shifts if shift.letter in letters]
    assignments = frames["staff_assignments"].with_columns(
        pl.col("department", "shift", "grade").cast(pl.String)
    )
    wanted = (
        assignments.select(pl.col("work_date").unique())
        .join(
            pl.DataFrame({"department": [one.department for one in staffing.departments]}),
            how="cross",
        )
        .join(pl.DataFrame({"shift": shifts}), how="cross")
    )
    seniors = assignments.filter(pl.col("grade").is_in(SENIOR_GRADES))
    return wanted.join(seniors, on=["work_date", "department", "shift"], how="anti")


def _rest(frames: Frames, _: Parameters) -> pl.DataFrame:
    rest = pl.col("starts_at") - pl.col("ends_at").shift(1).over("staff_id", order_by="starts_at")
    return frames["staff_assignments"].filter(rest < pl.duration(hours=MINIMUM_REST_HOURS))


def _weekly_hours(frames: Frames, _: Parameters) -> pl.DataFrame:
    hours = (pl.col("ends_at") - pl.col("starts_at")).dt.total_hours()
    return (
        frames["staff_assignments"]
        .select("staff_id", "work_date", hours=hours)
        .sort("staff_id", "work_date")
        .rolling("work_date", period=f"{WEEKS_OF_AVERAGE}w", group_by="staff_id")
        .agg(pl.col("hours").sum())
        .filter(pl.col("hours") > MAXIMUM_WEEKLY_HOURS * WEEKS_OF_AVERAGE)
    )


ASSIGNMENT_LAWS = (
    Law("staff_retire", "Nobody who works has reached the age of retirement.",
        ("staff_assignments", "people"),
        younger_than_retirement("staff_assignments", "work_date")),
    Law("senior_cover",
        "Every department has a senior doctor on each shift of the cover cycle, day and night.",
        ("staff_assignments",), _senior_cover),
    Law("rest", "Between two shifts lie at least 11 hours.",
        ("staff_assignments",), _rest, days_before=3),
    Law("weekly_hours", "Nobody works more than 48 hours a week on average over four weeks.",
        ("staff_assignments",), _weekly_hours, days_before=WEEKS_OF_AVERAGE * 7 - 1),
)  # fmt: skip
