"""The laws on doctors and staff assignments: posts, cover, rest, hours and retirement."""

from collections.abc import Callable

import polars as pl

from hospital_assets.simulation.laws.law import Frames, Law
from hospital_assets.simulation.parameters import SHIFT_PATTERN_FREE, Parameters

SENIOR_GRADES = ("specialist", "consultant")
MINIMUM_REST_HOURS = 11
MAXIMUM_WEEKLY_HOURS = 48
WEEKS_OF_AVERAGE = 4


def _posts_filled(frames: Frames, parameters: Parameters) -> pl.DataFrame:
    posts = pl.DataFrame(
        {
            "department": [entry.department for entry in parameters.staffing.departments],
            "posts": [entry.doctor for entry in parameters.staffing.departments],
        }
    )
    doctors = frames["doctors"].select("roster_date", pl.col("department").cast(pl.String))
    days = doctors.select(pl.col("roster_date").unique())
    filled = doctors.group_by("roster_date", "department").len()
    return (
        days.join(posts, how="cross")
        .join(filled, on=["roster_date", "department"], how="left")
        .filter(pl.col("len").fill_null(0) != pl.col("posts"))
    )


def _grades(frames: Frames, _: Parameters) -> pl.DataFrame:
    years = pl.col("years_of_service")
    expected = (
        pl.when(years < 2)
        .then(pl.lit("intern"))
        .when(years < 5)
        .then(pl.lit("medical_officer"))
        .when(years < 10)
        .then(pl.lit("registrar"))
        .when(years < 18)
        .then(pl.lit("specialist"))
        .otherwise(pl.lit("consultant"))
    )
    return frames["doctors"].filter(
        (pl.col("grade").cast(pl.String) != expected)
        | (pl.col("hire_date") > pl.col("roster_date"))
    )


def _younger_than_retirement(record: str, day: str) -> Callable[[Frames, Parameters], pl.DataFrame]:
    def violations(frames: Frames, parameters: Parameters) -> pl.DataFrame:
        births = frames["people"].select("record_date", "person_id", "date_of_birth")
        birthday = pl.col("date_of_birth").dt.offset_by(f"{parameters.staffing.retirement_age}y")
        return (
            frames[record]
            .select(day, "person_id")
            .join(
                births,
                left_on=[day, "person_id"],
                right_on=["record_date", "person_id"],
                how="left",
            )
            .filter(pl.col("date_of_birth").is_null() | (birthday <= pl.col(day)))
        )

    return violations


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


LAWS = (
    Law("posts_filled", "doctors", "Every department has all its doctors.",
        ("doctors",), _posts_filled),
    Law("grades_follow_service", "doctors", "A doctor's grade follows from the years of service.",
        ("doctors",), _grades),
    Law("doctors_retire", "doctors", "No doctor has reached the age of retirement.",
        ("doctors", "people"), _younger_than_retirement("doctors", "roster_date")),
    Law("staff_retire", "staff_assignments", "Nobody who works has reached the age of retirement.",
        ("staff_assignments", "people"),
        _younger_than_retirement("staff_assignments", "work_date")),
    Law("senior_cover", "staff_assignments",
        "Every department has a senior doctor on each shift of the cover cycle, day and night.",
        ("staff_assignments",), _senior_cover),
    Law("rest", "staff_assignments", "Between two shifts lie at least 11 hours.",
        ("staff_assignments",), _rest, days_before=3),
    Law("weekly_hours", "staff_assignments",
        "Nobody works more than 48 hours a week on average over four weeks.",
        ("staff_assignments",), _weekly_hours, days_before=WEEKS_OF_AVERAGE * 7 - 1),
)  # fmt: skip
