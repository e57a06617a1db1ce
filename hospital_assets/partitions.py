"""The daily partitions of every asset: one for each simulated day."""

from datetime import date, timedelta

import dagster as dg

from hospital_assets.clock import PERIOD

# `end_date` is exclusive.
DAILY = dg.DailyPartitionsDefinition(
    start_date=PERIOD.first_day.isoformat(),
    end_date=(PERIOD.last_day + timedelta(days=1)).isoformat(),
)

# A backfill by a click: runs of half a year, and as many at once as the instance allows.
BACKFILLS = dg.BackfillPolicy.multi_run(max_partitions_per_run=184)


def days_of(context: dg.AssetExecutionContext) -> list[date]:
    """Return the days that a run is about, in order."""
    return [date.fromisoformat(key) for key in context.partition_keys]
