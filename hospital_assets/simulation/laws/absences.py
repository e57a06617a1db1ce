"""The laws on absences: who is away doesn't work, and who covers does."""

import polars as pl

from hospital_assets.simulation.frames import Frames
from hospital_assets.simulation.laws.law import Law
from hospital_assets.simulation.parameters import Parameters


def _away_and_at_work(frames: Frames, _: Parameters) -> pl.DataFrame:
    return frames["absences"].join(
        frames["staff_assignments"],
        left_on=["absence_date", "staff_id"],
        right_on=["work_date", "staff_id"],
        how="semi",
    )


def _cover(frames: Frames, _: Parameters) -> pl.DataFrame:
    """Return absences and covering shifts that don't name each other."""
    worked = frames["staff_assignments"].select(
        pl.col("assignment_id").alias("absence_id"),
        "staff_id",
        pl.col("arrangement").cast(pl.String),
    )
    both = (
        frames["absences"]
        .select("absence_id", "covered_by_staff_id")
        .join(worked, on="absence_id", how="full", coalesce=True)
    )
    covers = pl.col("arrangement") == "cover"
    return both.filter(
        (pl.col("covered_by_staff_id").is_not_null() & ~covers.fill_null(False))
        | (covers & (pl.col("covered_by_staff_id") != pl.col("staff_id")).fill_null(True))
    )


def _vacant(frames: Frames, _: Parameters) -> pl.DataFrame:
    vacant = pl.col("kind").cast(pl.String) == "vacant"
    return frames["absences"].filter(
        (vacant != pl.col("staff_id").is_null()) | (vacant != pl.col("person_id").is_null())
    )


ABSENCE_LAWS = (
    Law("away_means_away", "Nobody who is absent works on the day.",
        ("absences", "staff_assignments"), _away_and_at_work),
    Law("cover_is_worked", "Who covers an absence works that shift, and covers nothing else.",
        ("absences", "staff_assignments"), _cover),
    Law("vacant_is_nobodys", "A vacant post has no holder, every other absence has one.",
        ("absences",), _vacant),
)  # fmt: skip
