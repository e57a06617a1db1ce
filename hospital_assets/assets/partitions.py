"""The partitions of assets: a simulated day each, and of pictures a whole month."""

from datetime import date, timedelta

import dagster as dg

from hospital_assets.calendar.period import Period, month_of

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


def days_text(context: dg.AssetExecutionContext) -> str:
    """Return in words which days a run is about, for results that are of all of them."""
    first, last = context.partition_key_range
    return first if first == last else f"{first} to {last}"


def whole_months(period: Period) -> list[date]:
    """Return the first day of each calendar month that lies in the period as a whole."""
    return [
        day for day in period.days if day.day == 1 and month_of(day).last_day <= period.last_day
    ]


def monthly_partitions(period: Period) -> dg.MonthlyPartitionsDefinition | None:
    """Return a partition for each whole month of the period, None if it has none."""
    months = whole_months(period)
    if not months:
        return None
    # `end_date` is exclusive.
    end = month_of(months[-1]).last_day + timedelta(days=1)
    return dg.MonthlyPartitionsDefinition(months[0].isoformat(), end_date=end.isoformat())


def days_of(context: dg.AssetExecutionContext) -> list[date]:
    """Return the days that a run is about, in order; of months their first days."""
    return [date.fromisoformat(key) for key in context.partition_keys]
