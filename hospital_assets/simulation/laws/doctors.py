"""The laws on doctors: grades and retirement."""

import polars as pl

from hospital_assets.simulation.frames import Frames
from hospital_assets.simulation.laws.law import Law
from hospital_assets.simulation.laws.retirement import younger_than_retirement
from hospital_assets.simulation.parameters import Parameters


def _grades(frames: Frames, parameters: Parameters) -> pl.DataFrame:
    least = pl.DataFrame(
        {
            "grade": [one.name for one in parameters.workforce.grades],
            "least": [one.least_service_years for one in parameters.workforce.grades],
        }
    )
    return (
        frames["doctors"]
        .with_columns(pl.col("grade").cast(pl.String))
        .join(least, on="grade", how="left")
        .filter(
            pl.col("least").is_null()
            | (pl.col("years_of_service") < pl.col("least"))
            | (pl.col("hire_date") > pl.col("roster_date"))
        )
    )


def _one_at_a_time(frames: Frames, _: Parameters) -> pl.DataFrame:
    return frames["doctors"].filter(pl.len().over("roster_date", "person_id") > 1)


DOCTOR_LAWS = (
    Law("grades_need_service", "Every doctor has the years of service that the grade needs.",
        ("doctors",), _grades),
    Law("one_post_a_doctor", "Nobody is two doctors on a day.",
        ("doctors",), _one_at_a_time),
    Law("doctors_retire", "No doctor has reached the age of retirement.",
        ("doctors", "people"), younger_than_retirement("doctors", "roster_date")),
)  # fmt: skip
