"""Moves: how often a stay changes its bed, where it goes, and what happens in the ICU."""

from collections.abc import Callable

import polars as pl

from hospital_assets.insight.scorecard.evidence import Evidence, minutes
from hospital_assets.insight.scorecard.measure import Measure
from hospital_assets.insight.scorecard.measured import (
    Measured,
    exactly,
    mean,
    quantile,
    share_of,
)

_ICU = pl.col("department") == "ICU"


def _beds(seen: Evidence) -> pl.DataFrame:
    """Return the times in beds of the stays that begin and end in the days, with how they end."""
    stays = seen.stays.filter(pl.col("admitted_at").dt.date() >= seen.days.first_day)
    return seen.tables["bed_movements"].join(
        stays.select("encounter_id", "died"), on="encounter_id"
    ).with_columns(
        days=minutes(pl.col("ended_at") - pl.col("started_at")) / 1440,
        is_last=pl.col("sequence") == pl.col("sequence").max().over("encounter_id"),
    )  # fmt: skip


def _moved(condition: pl.Expr) -> Callable[[Evidence], Measured | None]:
    def measure(seen: Evidence) -> Measured | None:
        stays = _beds(seen).group_by("encounter_id").agg(moves=pl.len().cast(pl.Int64) - 1)
        return share_of(stays, condition)

    return measure


def _overlapping(seen: Evidence) -> Measured | None:
    beds = seen.tables["bed_movements"].sort("bed", "started_at")
    before = pl.col("ended_at").shift(1).over("bed")
    return exactly(beds.filter(before > pl.col("started_at")).height)


def _stepping_down(seen: Evidence) -> Measured | None:
    return share_of(_beds(seen).filter(_ICU, ~(pl.col("died") & pl.col("is_last"))),
                    ~pl.col("is_last"))  # fmt: skip


MEASURES = (
    Measure("moved_once", _moved(pl.col("moves") == 1)),
    Measure("moved_twice", _moved(pl.col("moves") == 2)),
    Measure("moved_more_often", _moved(pl.col("moves") >= 3)),
    Measure("beds_with_two", _overlapping),
    Measure("icu_mean", lambda seen: mean(_beds(seen).filter(_ICU)["days"])),
    Measure("icu_median", lambda seen: quantile(_beds(seen).filter(_ICU)["days"], 0.5)),
    Measure(
        "icu_mortality",
        lambda seen: share_of(_beds(seen).filter(_ICU), pl.col("died") & pl.col("is_last")),
    ),
    Measure("icu_steps_down", _stepping_down),
)
