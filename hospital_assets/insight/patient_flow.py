"""The flow of patients through the departments, and whether batch and stream tell the same."""

import polars as pl

from hospital_assets.calendar.period import Period
from hospital_assets.simulation import Frames, Hospital, Parameters
from hospital_assets.simulation.laws.law import Law

_STAY = ["encounter_id", "person_id", "department", "bed", "departed_at"]


def records(hospital: Hospital, _: Period, frames: Frames) -> pl.DataFrame:
    """Return a row a day and department, counted from `patients` and `transfers` of the days."""
    departments = [one.name for one in hospital.parameters.departments]
    return count(frames["patients"], frames["transfers"], departments)


def count(patients: pl.DataFrame, transfers: pl.DataFrame, departments: list[str]) -> pl.DataFrame:
    """Return a row a day and department: census, admissions, discharges, transfers, attendances."""
    today = pl.col("flow_date")
    inpatient = pl.col("encounter_class") == "inpatient"
    left = pl.col("discharged_at").is_not_null()
    began = pl.col("admitted_at").dt.date() == today
    counted = (
        _plain(patients, "census_date")
        .group_by("flow_date", "department")
        .agg(
            census=(inpatient & ~left).sum(),
            admissions=(inpatient & began).sum(),
            discharges=(inpatient & left).sum(),
            deaths=(inpatient & (pl.col("disposition") == "died")).sum(),
            transfers=(inpatient & (pl.col("disposition") == "transferred")).sum(),
            attendances=(~inpatient & began).sum(),
        )
    )
    streamed = _plain(transfers, "transfer_date").group_by("flow_date", "department").len()
    return (
        counted.select("flow_date")
        .unique()
        .join(pl.DataFrame({"department": departments}), how="cross")
        .join(counted, on=["flow_date", "department"], how="left")
        .join(streamed, on=["flow_date", "department"], how="left")
        .with_columns(pl.col(pl.UInt32).fill_null(0).cast(pl.Int64))
        .select(
            "flow_date",
            "department",
            "census",
            "admissions",
            "discharges",
            "deaths",
            "transfers",
            pl.col("len").alias("streamed_transfers"),
            "attendances",
        )
        .sort("flow_date", "department")
    )


def disagreements(
    patients: pl.DataFrame, transfers: pl.DataFrame, transfers_a_day: int
) -> pl.DataFrame:
    """Return the transfers on which batch and stream differ, with what is wrong in `problem`.

    Days whose slots are not all in yet are left out: there the stream is not expected to agree.
    """
    complete = (
        transfers.group_by("transfer_date")
        .len()
        .filter(pl.col("len") >= transfers_a_day)
        .select(flow_date="transfer_date")
    )
    batch = (
        _plain(patients, "census_date")
        .filter(
            (pl.col("encounter_class") == "inpatient") & (pl.col("disposition") == "transferred")
        )
        .rename({"discharged_at": "departed_at"})
        .select("flow_date", *_STAY)
    )
    stream = _plain(transfers, "transfer_date").select("flow_date", *_STAY)
    keys = ["flow_date", "encounter_id"]
    both = batch.join(stream, on=keys, how="full", coalesce=True, suffix="_streamed").join(
        complete, on="flow_date", how="semi"
    )
    differs = pl.any_horizontal(
        pl.col(name) != pl.col(f"{name}_streamed") for name in _STAY if name not in keys
    )
    problem = (
        pl.when(pl.col("person_id_streamed").is_null())
        .then(pl.lit("only in batch"))
        .when(pl.col("person_id").is_null())
        .then(pl.lit("only in stream"))
        .when(differs)
        .then(pl.lit("differs"))
    )
    return both.with_columns(problem=problem).filter(pl.col("problem").is_not_null())


def _plain(frame: pl.DataFrame, day: str) -> pl.DataFrame:
    """Return the frame with the day as `flow_date` and texts in place of enumerations."""
    return frame.rename({day: "flow_date"}).with_columns(pl.col(pl.Enum).cast(pl.String))


def _differing(frames: Frames, parameters: Parameters) -> pl.DataFrame:
    return disagreements(frames["patients"], frames["transfers"], parameters.transfers_a_day)


FLOW_LAWS = (
    Law("batch_and_stream_agree",
        "Once all slots of a day are in, patients and transfers name the same people, encounters,"
        " beds and times.",
        ("patients", "transfers"), _differing),
)  # fmt: skip
