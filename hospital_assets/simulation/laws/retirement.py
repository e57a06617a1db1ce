"""Nobody works past the age of retirement: what two records' laws share."""

from collections.abc import Callable

import polars as pl

from hospital_assets.simulation.frames import Frames
from hospital_assets.simulation.parameters import Parameters


def younger_than_retirement(record: str, day: str) -> Callable[[Frames, Parameters], pl.DataFrame]:
    """Return what finds the rows of a record whose person has reached the age on the day."""

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
