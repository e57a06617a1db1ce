"""What Dagster's history says of days: which are under way, and which the page shows as made.

It doesn't say which days are there: `presence.py` looks.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

import dagster as dg

from hospital_assets.calendar.period import Period
from hospital_assets.history.orphaned_runs import is_abandoned

RANGE_START = "dagster/asset_partition_range_start"
RANGE_END = "dagster/asset_partition_range_end"
PARTITION = "dagster/partition"
BACKFILL = "dagster/backfill"

_UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def shown_days(instance: dg.DagsterInstance, keys: Iterable[dg.AssetKey]) -> set[date]:
    """Return the days on which the page shows every one of the assets as materialized."""
    partitions = [instance.get_materialized_partitions(key) for key in keys]
    return {date.fromisoformat(key) for key in set.intersection(*partitions)}


def materialized_after(
    instance: dg.DagsterInstance, key: dg.AssetKey, other: dg.AssetKey
) -> set[date]:
    """Return the days on which an asset was materialized later than the other one was."""
    event = dg.DagsterEventType.ASSET_MATERIALIZATION
    last, before = (
        instance.get_latest_storage_id_by_partition(each, event) for each in (key, other)
    )
    return {date.fromisoformat(day) for day, number in last.items() if number > before.get(day, -1)}


def days_under_way(
    instance: dg.DagsterInstance, job: str, keys: Collection[dg.AssetKey]
) -> set[date]:
    """Return the days that unfinished runs of a job, or of any of its assets, are about.

    A run of a command that was killed is not under way, whatever Dagster still takes it for.
    """
    return {
        day
        for run in unfinished_runs(instance)
        if run.job_name == job or not (run.asset_selection or set()).isdisjoint(keys)
        for day in days_of_tags(run.tags)
    }


def unfinished_runs(instance: dg.DagsterInstance) -> list[dg.DagsterRun]:
    """Return the runs that are queued or executed, without those of a command that was killed."""
    runs = instance.get_runs(filters=dg.RunsFilter(statuses=_UNDER_WAY))
    return [run for run in runs if not is_abandoned(run)]


def range_tags(days: Period) -> dict[str, str]:
    """Return the tags that make a run about a range of days."""
    return {RANGE_START: days.first_day.isoformat(), RANGE_END: days.last_day.isoformat()}


def request(days: Period, run_key: str | None = None) -> dg.RunRequest:
    """Return the request for a run about a day or a range of days."""
    if days.length == 1:
        return dg.RunRequest(run_key=run_key, partition_key=days.first_day.isoformat())
    return dg.RunRequest(run_key=run_key, tags=range_tags(days))


def asked_for(days: Period, reason: str, lacking: str) -> str:
    """Return what a tick's log says of a run that it asks for."""
    which = str(days.first_day) if days.length == 1 else f"{days}, {days.length} days"
    return f"asks for {which}: {reason}, not {lacking} and not under way"


def days_of_tags(tags: Mapping[str, str]) -> list[date]:
    """Return the days that a run with these tags is about, none where it is about no day."""
    first = tags.get(RANGE_START, tags.get(PARTITION))
    last = tags.get(RANGE_END, first)
    if first is None or last is None:
        return []
    return Period(date.fromisoformat(first), date.fromisoformat(last)).days
