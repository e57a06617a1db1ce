"""The laws on doctors: posts, grades and retirement."""

import polars as pl

from hospital_assets.simulation.frames import Frames
from hospital_assets.simulation.laws.law import Law
from hospital_assets.simulation.laws.retirement import younger_than_retirement
from hospital_assets.simulation.parameters import Parameters


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


DOCTOR_LAWS = (
    Law("posts_filled", "Every department has all its doctors.",
        ("doctors",), _posts_filled),
    Law("grades_follow_service", "A doctor's grade follows from the years of service.",
        ("doctors",), _grades),
    Law("doctors_retire", "No doctor has reached the age of retirement.",
        ("doctors", "people"), younger_than_retirement("doctors", "roster_date")),
)  # fmt: skip
