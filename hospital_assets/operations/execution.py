"""Running assets in this process: days of them, as Dagster runs with their history."""

from collections.abc import Iterable, Mapping
from typing import Any

import dagster as dg
from dagster._core.events import RunFailureReason

from hospital_assets.assets.tables import table_key
from hospital_assets.calendar.period import Period
from hospital_assets.definitions import hospital_definitions
from hospital_assets.errors import HospitalError, one_line
from hospital_assets.history.days import range_tags
from hospital_assets.history.orphaned_runs import process_tags
from hospital_assets.registry import EXTRACTS

_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


class RunFailedError(HospitalError):
    """A run ended in failure; the message names the step and its error in one line."""


def with_upstream(name: str) -> list[dg.AssetKey]:
    """Return a record of the lake, the extracts that one is made from, and the tables of them all.

    A mart is counted from what is there.
    """
    selection: dg.AssetSelection = dg.AssetSelection.assets(dg.AssetKey(name))
    if name in {row.name for row in EXTRACTS}:
        selection = selection.upstream()
    records = selection.resolve(hospital_definitions().resolve_asset_graph())
    return sorted(records | {table_key(key.path[-1]) for key in records})


def run(
    instance: dg.DagsterInstance,
    days: Period,
    keys: Iterable[dg.AssetKey],
    config: Mapping[str, Any] | None = None,
) -> None:
    """Materialize assets for a range of days in one run in this process.

    `config` is that of the assets, by name. Raises RunFailedError if it fails, KeyboardInterrupt
    if it was interrupted.
    """
    ops = {name: {"config": values} for name, values in (config or {}).items()}
    result = (
        hospital_definitions()
        .resolve_implicit_global_asset_job_def()
        .execute_in_process(
            instance=instance,
            run_config={**_QUIET, "ops": ops},
            asset_selection=list(keys),
            tags={**range_tags(days), **process_tags()},
            raise_on_error=False,
        )
    )
    if not result.success:
        if _was_interrupted(result):
            raise KeyboardInterrupt
        raise RunFailedError(f"run {result.run_id} failed: {_reason(result)}")


def _was_interrupted(result: dg.ExecuteInProcessResult) -> bool:
    # Dagster takes Ctrl-C for a failure of the run.
    return any(
        event.event_type is dg.DagsterEventType.RUN_FAILURE
        and event.job_failure_data.failure_reason is RunFailureReason.UNEXPECTED_TERMINATION
        for event in result.all_events
    )


def _reason(result: dg.ExecuteInProcessResult) -> str:
    """Return the sentence of the first step that failed, or the innermost cause, in one line."""
    for event in result.all_events:
        if event.is_step_failure or event.is_failure:
            told = event.is_step_failure and event.step_failure_data.user_failure_data
            if told and told.description:
                return f"{event.step_key}: {one_line(told.description)}"
            error = getattr(event.event_specific_data, "error", None)
            while error is not None and error.cause is not None:
                error = error.cause
            text = error.message if error is not None else event.message
            return f"{event.step_key or 'the run'}: {one_line(str(text))}"
    return "see its log in Dagster"
