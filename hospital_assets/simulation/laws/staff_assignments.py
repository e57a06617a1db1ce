"""The laws on staff assignments: cover, rest, hours and retirement."""

import polars as pl

from hospital_assets.simulation.frames import Frames
from hospital_assets.simulation.laws.law import Law
from hospital_assets.simulation.laws.retirement import younger_than_retirement
from hospital_assets.simulation.parameters import Parameters
from hospital_assets.simulation.parameters.staffing import SHIFT_PATTERN_FREE
from hospital_assets.simulation.parameters.workforce import NURSE
from hospital_assets.simulation.workforce.reserve import FIRST_STAFF_NUMBER

MINIMUM_REST_HOURS = 11
MAXIMUM_WEEKLY_HOURS = 48
WEEKS_OF_AVERAGE = 4


def _watches(frames: Frames, parameters: Parameters, who: pl.Expr) -> pl.DataFrame:
    """Return the watches of every department and day on which nobody is who should be."""
    staffing = parameters.staffing
    cover = next(one for one in staffing.cycles if one.name == staffing.cover_cycle)
    letters = set(cover.pattern) - {SHIFT_PATTERN_FREE}
    shifts = [shift.name for shift in staffing.shifts if shift.letter in letters]
    assignments = frames["staff_assignments"].with_columns(
        pl.col("department", "shift", "grade", "role").cast(pl.String)
    )
    wanted = (
        assignments.select(pl.col("work_date").unique())
        .join(
            pl.DataFrame({"department": [one.department for one in staffing.departments]}),
            how="cross",
        )
        .join(pl.DataFrame({"shift": shifts}), how="cross")
    )
    there = assignments.filter(who)
    return wanted.join(there, on=["work_date", "department", "shift"], how="anti")


def _senior_cover(frames: Frames, parameters: Parameters) -> pl.DataFrame:
    seniors = [one.name for one in parameters.workforce.grades if one.senior]
    return _watches(frames, parameters, pl.col("grade").is_in(seniors))


def _nurse_cover(frames: Frames, parameters: Parameters) -> pl.DataFrame:
    return _watches(frames, parameters, pl.col("role") == NURSE)


def _reserve(frames: Frames, _: Parameters) -> pl.DataFrame:
    """Return rows of the reserve that aren't cover, and cover by who holds a post."""
    covers = pl.col("arrangement").cast(pl.String) == "cover"
    return frames["staff_assignments"].filter(covers != (pl.col("staff_id") >= FIRST_STAFF_NUMBER))


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
    Law("nurse_cover", "Every department has a nurse on each shift of the cover cycle.",
        ("staff_assignments",), _nurse_cover),
    Law("reserve_covers", "The reserve works in others' places only, and nobody else does.",
        ("staff_assignments",), _reserve),
    Law("rest", "Between two shifts lie at least 11 hours.",
        ("staff_assignments",), _rest, days_before=3),
    Law("weekly_hours", "Nobody works more than 48 hours a week on average over four weeks.",
        ("staff_assignments",), _weekly_hours, days_before=WEEKS_OF_AVERAGE * 7 - 1),
)  # fmt: skip
