"""The daily partitions of every asset: one for each simulated day."""

from datetime import date, timedelta

import dagster as dg

from hospital_assets.calendar.period import Period

# A backfill by a click: runs of half a year, and as many at once as `dagster.yaml` allows.
BATCH_BACKFILLS = dg.BackfillPolicy.multi_run(max_partitions_per_run=184)
# Not equal: Dagster puts assets of equal policies into one run, also those of two code locations,
# and no run can be of two.
STREAM_BACKFILLS = dg.BackfillPolicy.multi_run(max_partitions_per_run=183)


def daily_partitions(period: Period) -> dg.DailyPartitionsDefinition:
    """Return a partition for each day of the period."""
    # `end_date` is exclusive.
    end = period.last_day + timedelta(days=1)
    return dg.DailyPartitionsDefinition(period.first_day.isoformat(), end.isoformat())


def period_of(daily: dg.PartitionsDefinition) -> Period:
    """Return the days of such partitions."""
    first, last = daily.get_first_partition_key(), daily.get_last_partition_key()
    return Period(date.fromisoformat(str(first)), date.fromisoformat(str(last)))


def days_of(context: dg.AssetExecutionContext) -> list[date]:
    """Return the days that a run is about, in order."""
    return [date.fromisoformat(key) for key in context.partition_keys]
