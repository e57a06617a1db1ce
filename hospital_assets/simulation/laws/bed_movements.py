"""The laws on bed movements: one patient a bed, one bed a patient, without a gap."""

import polars as pl

from hospital_assets.simulation.frames import Frames
from hospital_assets.simulation.laws.law import Law
from hospital_assets.simulation.laws.overlaps import known_end, latest, overlapping
from hospital_assets.simulation.parameters import Parameters


def _spans(movements: pl.DataFrame) -> pl.DataFrame:
    return latest(movements, ["encounter_id", "sequence"]).with_columns(
        starts="started_at", ends=known_end("ended_at")
    )


def _bed_holds_one(frames: Frames, _: Parameters) -> pl.DataFrame:
    return overlapping(_spans(frames["bed_movements"]), "bed")


def _stay_in_one_bed(frames: Frames, _: Parameters) -> pl.DataFrame:
    return overlapping(_spans(frames["bed_movements"]), "encounter_id")


def _no_gap(frames: Frames, _: Parameters) -> pl.DataFrame:
    """Return times in a bed that don't begin as the one before them ends."""
    spans = _spans(frames["bed_movements"]).sort("encounter_id", "sequence")
    before = pl.col("ended_at").shift(1).over("encounter_id")
    follows = pl.col("sequence").shift(1).over("encounter_id") == pl.col("sequence") - 1
    return spans.filter(follows & (before != pl.col("started_at")).fill_null(True))


def _as_patients_says(frames: Frames, _: Parameters) -> pl.DataFrame:
    """Return inpatients whose last bed of the day isn't the one that `patients` names."""
    place = ["department", "ward", "bed"]
    last = (
        frames["bed_movements"]
        .sort("sequence")
        .unique(["census_date", "encounter_id"], keep="last")
        .select("census_date", "encounter_id", *place)
    )
    lying = frames["patients"].filter(pl.col("bed").is_not_null())
    both = lying.join(
        last, on=["census_date", "encounter_id"], how="full", coalesce=True, suffix="_moved"
    )
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"{name}_moved")) for name in place)
    return both.filter(~same)


BED_MOVEMENT_LAWS = (
    Law("bed_holds_one", "No bed holds two patients at once.",
        ("bed_movements",), _bed_holds_one, days_before=1),
    Law("stay_in_one_bed", "No patient is in two beds at once.",
        ("bed_movements",), _stay_in_one_bed, days_before=1),
    Law("beds_without_gap", "A patient goes from one bed straight into the next.",
        ("bed_movements",), _no_gap),
    Law("beds_as_in_patients", "The day's last bed is the one that `patients` names.",
        ("bed_movements", "patients"), _as_patients_says),
)  # fmt: skip
