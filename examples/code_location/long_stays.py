"""An asset of one's own: of each day, who has been in a bed for three weeks or more.

It comes after `patients` in the lineage, reads the file of its day from the hospital's lake, and is
made on a schedule for every day that arrives.
"""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import dagster as dg
import polars as pl

HERE = Path(__file__).resolve().parent
LAKE = Path(os.environ.get("HOSPITAL_LAKE", HERE.parents[1] / "lake"))
OUTPUT = HERE / "output"
PATIENTS = dg.AssetKey("patients")
DAYS_OF_A_LONG_STAY = 21
MOST_RUNS_AT_ONCE = 7

# Days as the hospital has them; the end is the day after the last one.
daily = dg.DailyPartitionsDefinition("2020-12-01", end_date="2025-04-01")


def long_stays_of(patients: pl.DataFrame) -> pl.DataFrame:
    """Return who is in a bed at the end of the day, and has been for three weeks or more."""
    days = (pl.col("census_date") - pl.col("admitted_at").dt.date()).dt.total_days()
    return (
        patients.filter(pl.col("bed").is_not_null(), pl.col("discharged_at").is_null())
        .select("encounter_id", "department", "bed", "diagnosis", days=days)
        .filter(pl.col("days") >= DAYS_OF_A_LONG_STAY)
        .sort("days", "encounter_id", descending=[True, False])
    )


@dg.asset(deps=[PATIENTS], partitions_def=daily, group_name="mine", kinds={"polars", "parquet"})
def long_stays(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    """One row is a patient who has been in a bed for three weeks or more."""
    day = date.fromisoformat(context.partition_key)
    file = LAKE / "batch" / "patients" / "parquet" / f"patients-{day}.parquet"
    found = long_stays_of(pl.read_parquet(file))
    OUTPUT.mkdir(exist_ok=True)
    found.write_parquet(OUTPUT / f"{day}.parquet")
    longest = found["days"].max() if found.height else 0
    return dg.MaterializeResult(metadata={"dagster/row_count": found.height, "longest": longest})


@dg.schedule(
    target=long_stays,
    cron_schedule="* * * * *",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def each_new_day(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest]:
    """Ask for each day of patients that has no long stays yet; a run key is launched once."""
    there = context.instance.get_materialized_partitions(PATIENTS)
    made = context.instance.get_materialized_partitions(long_stays.key)
    for day in sorted(there - made)[-MOST_RUNS_AT_ONCE:]:
        yield dg.RunRequest(run_key=day, partition_key=day)


defs = dg.Definitions(
    assets=[long_stays], schedules=[each_new_day], executor=dg.in_process_executor
)
