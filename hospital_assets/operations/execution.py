"""Running assets from this process: days of them, as Dagster runs with their history."""

from collections.abc import Iterable, Iterator

import dagster as dg

from hospital_assets.assets.tables import table_key
from hospital_assets.definitions import hospital_definitions
from hospital_assets.errors import HospitalError
from hospital_assets.jobs import BATCH_ASSETS, batch_job
from hospital_assets.local.orphans import process_tags
from hospital_assets.planning import DayRange, by_month, consecutive
from hospital_assets.progress import materialized_days, range_tags

_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


class RunFailedError(HospitalError):
    """A run ended in failure; the message names the step and its error in one line."""


def with_upstream(name: str) -> list[dg.AssetKey]:
    """Return a record's extract, the extracts that it is made from, and the tables of them all."""
    graph = hospital_definitions().resolve_asset_graph()
    extracts = dg.AssetSelection.assets(dg.AssetKey(name)).upstream().resolve(graph)
    return sorted(extracts | {table_key(key.path[-1]) for key in extracts})


def run(instance: dg.DagsterInstance, days: DayRange, keys: Iterable[dg.AssetKey]) -> None:
    """Materialize assets for a range of days in one run in this process.

    Raises RunFailedError if it fails.
    """
    result = (
        hospital_definitions()
        .resolve_job_def(batch_job.name)
        .execute_in_process(
            instance=instance,
            run_config=_QUIET,
            asset_selection=list(keys),
            tags={**range_tags(days), **process_tags()},
            raise_on_error=False,
        )
    )
    if not result.success:
        raise RunFailedError(f"run {result.run_id} failed: {_reason(result)}")


def backfill(instance: dg.DagsterInstance, days: DayRange) -> Iterator[int]:
    """Materialize everything for the days that are missing, a run a month.

    Yields first how many days are there already, then after each run how many it did.
    """
    present = materialized_days(instance, BATCH_ASSETS)
    missing = [day for day in days.days if day not in present]
    yield len(days.days) - len(missing)
    for month in by_month(missing):
        for part in consecutive(month):
            run(instance, part, BATCH_ASSETS)
            yield len(part.days)


def _reason(result: dg.ExecuteInProcessResult) -> str:
    """Return the innermost cause of the first failure, in one line."""
    for event in result.all_events:
        if event.is_step_failure or event.is_failure:
            error = getattr(event.event_specific_data, "error", None)
            while error is not None and error.cause is not None:
                error = error.cause
            text = error.message if error is not None else event.message
            return f"{event.step_key or 'the run'}: {' '.join(str(text).split())}"
    return "see its log in Dagster"
