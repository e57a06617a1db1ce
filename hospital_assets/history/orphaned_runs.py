"""Runs that Dagster still takes for alive although their process is gone."""

import psutil
from dagster import DagsterInstance, DagsterRun, DagsterRunStatus, RunsFilter

from hospital_assets.processes.members import is_same

PID_TAG = "hospital/pid"
PID_CREATED_TAG = "hospital/pid_created"

_ALIVE = [DagsterRunStatus.STARTING, DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING]
_LAUNCHED_BY = ("dagster/schedule_name", "dagster/sensor_name", PID_TAG)


def fail_orphaned_runs(instance: DagsterInstance, location: str | None = None) -> list[str]:
    """Mark runs whose process is gone as failed, and return their ids.

    Call it while no stack runs, or not that part of it that executes the runs of `location`: a run
    without a process of its own then has none at all. A run of the command line names its process
    in two tags and is spared while that process lives.
    """
    orphans = [
        run
        for run in instance.get_runs(filters=RunsFilter(statuses=_ALIVE))
        if location in (None, _location(run)) and not has_process(run)
    ]
    for run in orphans:
        if any(tag in run.tags for tag in _LAUNCHED_BY):
            # The schedule asks for missing days by itself, and a command for its user: a retry
            # by Dagster would do the same work twice. A run from the page has only the retry.
            instance.add_run_tags(run.run_id, {"dagster/max_retries": "0"})
        instance.report_run_failed(run, "The process of this run is gone; the stack was stopped.")
    return [run.run_id for run in orphans]


def process_tags() -> dict[str, str]:
    """Return the tags by which a run names this process as the one that executes it."""
    process = psutil.Process()
    return {PID_TAG: str(process.pid), PID_CREATED_TAG: repr(process.create_time())}


def is_abandoned(run: DagsterRun) -> bool:
    """Return whether the run is a command's whose process is gone."""
    return PID_TAG in run.tags and not has_process(run)


def has_process(run: DagsterRun) -> bool:
    """Return whether the run names a process that is alive."""
    try:
        return is_same(int(run.tags[PID_TAG]), float(run.tags[PID_CREATED_TAG]))
    except (KeyError, ValueError):
        return False


def _location(run: DagsterRun) -> str | None:
    origin = run.remote_job_origin
    return None if origin is None else origin.repository_origin.code_location_origin.location_name
