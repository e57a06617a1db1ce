"""The flow of patients through the departments, and whether batch and stream tell the same."""

from collections.abc import Collection, Mapping
from datetime import date

import polars as pl

from hospital_assets.calendar.period import Period
from hospital_assets.simulation import Frames, Hospital, Parameters
from hospital_assets.simulation.laws.law import Law

_FACT = [
    "flow_date",
    "encounter_id",
    "person_id",
    "department",
    "ward",
    "bed",
    "departed_at",
]
# The first, second, ... time that a fact is told.
_NUMBER = pl.int_range(pl.len()).over(_FACT).alias("number")


def records(hospital: Hospital, _: Period, frames: Frames) -> pl.DataFrame:
    """Return a row a day and department, counted from what lies of the days."""
    beds = {one.name: 0 for one in hospital.parameters.departments}
    for pool in hospital.parameters.inpatients.beds.pools:
        beds[pool.department] += pool.beds
    return count(frames["patients"], frames["bed_movements"], frames["transfers"], beds)


def count(
    patients: pl.DataFrame,
    movements: pl.DataFrame,
    transfers: pl.DataFrame,
    beds: Mapping[str, int],
) -> pl.DataFrame:
    """Return a row a day and department: beds taken, given up and held, transfers, attendances.

    What a department has at the end of a day is what it had the day before, with admissions and
    moves in, without discharges and moves out. `beds` says how many each department has.
    """
    parts = [
        _of_beds(_plain(movements, "census_date")),
        _moved_out(_plain(movements, "census_date")),
        _of_encounters(_plain(patients, "census_date")),
        _plain(transfers, "transfer_date")
        .group_by("flow_date", "department")
        .agg(streamed_transfers=pl.len()),
    ]
    flow = (
        parts[2]
        .select("flow_date")
        .unique()
        .join(pl.DataFrame({"department": list(beds), "beds": list(beds.values())}), how="cross")
    )
    for part in parts:
        flow = flow.join(part, on=["flow_date", "department"], how="left")
    return (
        flow.with_columns(pl.col(pl.UInt32).fill_null(0).cast(pl.Int64))
        .select(
            "flow_date",
            "department",
            "beds",
            "census",
            "admissions",
            "moves_in",
            "moves_out",
            "discharges",
            "deaths",
            "transfers",
            "streamed_transfers",
            "attendances",
        )
        .sort("flow_date", "department")
    )


def _of_beds(movements: pl.DataFrame) -> pl.DataFrame:
    """Return how many lie in each department at the end of a day, and came into it on the day."""
    today = pl.col("started_at").dt.date() == pl.col("flow_date")
    first = pl.col("sequence") == 1
    return (
        movements.with_columns(before=_department_before())
        .group_by("flow_date", "department")
        .agg(
            census=pl.col("ended_at").is_null().sum(),
            admissions=(today & first).sum(),
            moves_in=(today & (pl.col("before") != pl.col("department"))).sum(),
        )
    )


def _moved_out(movements: pl.DataFrame) -> pl.DataFrame:
    """Return how many left each department for another one on the day."""
    moved = movements.with_columns(before=_department_before()).filter(
        (pl.col("started_at").dt.date() == pl.col("flow_date"))
        & (pl.col("before") != pl.col("department"))
    )
    return moved.group_by("flow_date", department="before").agg(moves_out=pl.len())


def _department_before() -> pl.Expr:
    """Return the department of a stay's bed before each one, as far as the day shows it."""
    key = ["flow_date", "encounter_id"]
    return pl.col("department").shift(1).over(key, order_by="sequence")


def _of_encounters(patients: pl.DataFrame) -> pl.DataFrame:
    """Return how many stays in a bed end, and how, and how many visits begin."""
    in_bed = pl.col("bed").is_not_null()
    left = in_bed & pl.col("discharged_at").is_not_null()
    visit = pl.col("encounter_class") != "inpatient"
    began = pl.col("admitted_at").dt.date() == pl.col("flow_date")
    return patients.group_by("flow_date", "department").agg(
        discharges=left.sum(),
        deaths=(in_bed & (pl.col("disposition") == "died")).sum(),
        transfers=(in_bed & (pl.col("disposition") == "transferred")).sum(),
        attendances=(visit & began).sum(),
    )


def disagreements(
    patients: pl.DataFrame,
    transfers: pl.DataFrame,
    complete: Collection[date],
    recorded: Collection[str],
) -> pl.DataFrame:
    """Return the transfers that one side has more often than the other, with the `problem`.

    A fact is what both sides tell of a transfer: day, encounter, person, place and time. What the
    batch alone has is looked at on `complete` days, whose events have all landed. Where the stream
    has a fact too often, its events are those whose id isn't `recorded`: nobody has published them.
    """
    batch = (
        _plain(patients, "census_date")
        .filter(
            (pl.col("encounter_class") == "inpatient") & (pl.col("disposition") == "transferred")
        )
        .rename({"discharged_at": "departed_at"})
        .select(*_FACT, _NUMBER)
    )
    ours = pl.col("transfer_id").is_in(list(recorded))
    stream = (
        _plain(transfers, "transfer_date")
        .sort(~ours, "transfer_id")
        .select(*_FACT, "transfer_id", _NUMBER)
    )
    both = [*_FACT, "number"]
    only_stream = stream.join(batch, on=both, how="anti", nulls_equal=True)
    only_batch = batch.join(stream, on=both, how="anti", nulls_equal=True).filter(
        pl.col("flow_date").is_in(list(complete))
    )
    return pl.concat(
        [
            only_stream.with_columns(problem=pl.lit("only in stream")),
            only_batch.with_columns(problem=pl.lit("only in batch")),
        ],
        how="diagonal",
    ).sort("flow_date", "encounter_id", "problem")


def _plain(frame: pl.DataFrame, day: str) -> pl.DataFrame:
    """Return the frame with the day as `flow_date` and texts in place of enumerations."""
    return frame.rename({day: "flow_date"}).with_columns(pl.col(pl.Enum).cast(pl.String))


def _too_many_ends(frames: Frames, _: Parameters) -> pl.DataFrame:
    ends = pl.col("deaths") + pl.col("transfers")
    return frames["patient_flow"].filter(ends > pl.col("discharges"))


def _overfull(frames: Frames, _: Parameters) -> pl.DataFrame:
    return frames["patient_flow"].filter(pl.col("census") > pl.col("beds"))


def _unbalanced(frames: Frames, _: Parameters) -> pl.DataFrame:
    """Return the departments whose beds hold more or fewer than came and went."""
    flow = frames["patient_flow"].sort("flow_date")
    before = pl.col("census").shift(1).over("department")
    yesterday = pl.col("flow_date").shift(1).over("department") + pl.duration(days=1)
    came = pl.col("admissions") + pl.col("moves_in")
    went = pl.col("discharges") + pl.col("moves_out")
    follows = yesterday == pl.col("flow_date")
    return flow.filter(follows & (pl.col("census") != before + came - went))


FLOW_LAWS = (
    Law("flow_balances",
        "A department holds at a day's end what it held before, with who came, without who went.",
        ("patient_flow",), _unbalanced, days_before=1),
    Law("patients_fit_the_beds",
        "No department holds more patients at a day's end than it has beds.",
        ("patient_flow",), _overfull),
    Law("ends_are_discharges",
        "Every death and every transfer of an inpatient is a discharge.",
        ("patient_flow",), _too_many_ends),
)  # fmt: skip
