"""The laws on diagnoses: the main one first, causes of injuries after them, nothing twice."""

import polars as pl

from hospital_assets.simulation.frames import Frames
from hospital_assets.simulation.laws.law import Law
from hospital_assets.simulation.parameters import Parameters

_KEY = ["census_date", "encounter_id"]


def _main_first(frames: Frames, _: Parameters) -> pl.DataFrame:
    main = frames["diagnoses"].filter(pl.col("sequence") == 1).select(*_KEY, "icd10_code")
    return (
        frames["patients"]
        .join(main, on=_KEY, how="left")
        .filter(pl.col("diagnosis_code").ne_missing(pl.col("icd10_code")))
    )


def _causes(frames: Frames, _: Parameters) -> pl.DataFrame:
    """Return injuries that no external cause follows, and causes that stand elsewhere."""
    code = pl.col("icd10_code").str.slice(0, 1)
    cause = code.is_in(["V", "W", "X", "Y"])
    diagnoses = (
        frames["diagnoses"]
        .sort(*_KEY, "sequence")
        .with_columns(injured=code.first().over(_KEY).is_in(["S", "T"]), cause=cause)
    )
    return diagnoses.filter(
        (pl.col("cause") != (pl.col("injured") & (pl.col("sequence") == 2)))
        | (pl.col("injured") & (pl.len().over(_KEY) < 2))
    )


def _once(frames: Frames, _: Parameters) -> pl.DataFrame:
    return frames["diagnoses"].filter(pl.len().over(*_KEY, "icd10_code") > 1)


def _in_order(frames: Frames, _: Parameters) -> pl.DataFrame:
    """Return diagnoses of lists that skip a number."""
    return frames["diagnoses"].filter(pl.col("sequence").max().over(_KEY) != pl.len().over(_KEY))


DIAGNOSIS_LAWS = (
    Law("main_diagnosis_first", "The first diagnosis is the one that `patients` names.",
        ("diagnoses", "patients"), _main_first),
    Law("causes_after_injuries", "An external cause follows each injury, and nothing else.",
        ("diagnoses",), _causes),
    Law("coded_once", "No code stands twice in a list.",
        ("diagnoses",), _once),
    Law("coded_in_order", "The numbers of a list run from 1 without a gap.",
        ("diagnoses",), _in_order),
)  # fmt: skip
