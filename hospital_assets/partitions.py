"""The daily partitions of every asset: one for each simulated day."""

from datetime import date, timedelta

import dagster as dg

from hospital_assets.clock import Calendar
from hospital_assets.settings import FIRST_DAY, LAST_DAY

CALENDAR = Calendar(FIRST_DAY, LAST_DAY)

# `end_date` is exclusive.
DAILY = dg.DailyPartitionsDefinition(
    start_date=FIRST_DAY.isoformat(), end_date=(LAST_DAY + timedelta(days=1)).isoformat()
)


def days_of(context: dg.AssetExecutionContext) -> list[date]:
    """Return the days that a run is about, in order."""
    return [date.fromisoformat(key) for key in context.partition_keys]
