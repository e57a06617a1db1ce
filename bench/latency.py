"""Latency: one day, from its place in the queue to success, against an asset that does nothing.

`python -m bench.latency`. Code server, page and daemon run as `hospital up` runs them, on the
hospital's own code location with the empty asset in it. Runs are launched through the page, wait in
the daemon's queue and are executed in processes of their own; times are those of the event log.
"""

import time
from dataclasses import dataclass
from datetime import date

import dagster as dg

from bench.installation import installation
from bench.measure import Comparison, Goal, Side, differences, keep, same
from bench.stack import launch, stack, wait
from bench.with_empty_asset import EMPTY_JOB
from hospital_assets.calendar.period import Period
from hospital_assets.configuration.hospital_files import load_hospital
from hospital_assets.configuration.settings import Settings
from hospital_assets.contracts.transfers import TRANSFERS
from hospital_assets.from_settings import open_lake, open_warehouse
from hospital_assets.history.instance import dagster_instance
from hospital_assets.jobs import batch_job, transfer_stream_job
from hospital_assets.operations.verification import verify
from hospital_assets.registry import registration

RUNS = 7
FIRST_DAY = 100
RUN_SECONDS = 120
# The daemon looks at its queue every 5 seconds. Each run gets in line at the same time after a
# look, or chance would decide by up to 5 seconds who waits longer.
LOOK_SECONDS = 5
AFTER_A_LOOK = 4
# The clock of an installation this young has not come to the days yet.
CONFIG = {
    transfer_stream_job.name: {"ops": {"transfer_events": {"config": {"ahead_of_clock": True}}}}
}


@dataclass(frozen=True)
class Times:
    """When a run got in line, was launched from it, had landed transfers, and was done."""

    enqueued: float
    launched: float
    landed: float | None
    done: float

    @property
    def taken(self) -> float:
        """Seconds from the queue to success."""
        return self.done - self.enqueued


def follow(instance: dg.DagsterInstance, run_id: str) -> Times:
    """Wait for a run's end, and return its times; ends with an error if it fails."""

    def is_finished() -> bool:
        run = instance.get_run_by_id(run_id)
        return run is not None and run.is_finished

    wait(is_finished, RUN_SECONDS, f"the end of run {run_id}")
    logs = instance.all_logs(run_id)
    times = {
        entry.dagster_event.event_type: entry.timestamp
        for entry in logs
        if entry.dagster_event is not None
    }
    # The asset says so once the rows are committed.
    landed = [entry.timestamp for entry in logs if entry.user_message.startswith("landed ")]
    kind = dg.DagsterEventType
    if kind.RUN_SUCCESS not in times:
        raise SystemExit(f"run {run_id} did not succeed")
    return Times(
        enqueued=times[kind.RUN_ENQUEUED],
        launched=times[kind.RUN_STARTING],
        landed=max(landed, default=None),
        done=times[kind.RUN_SUCCESS],
    )


def pause(since_look: float, now: float) -> float:
    """Return for how long to wait, so that a run gets in line so long after a look."""
    return (AFTER_A_LOOK - (now - since_look)) % LOOK_SECONDS


def check(settings: Settings, day: date) -> None:
    """End with an error unless the day's records and transfers are there."""
    hospital, warehouse, days = load_hospital(), open_warehouse(settings), Period(day, day)
    same(f"records of {day}", list(verify(hospital, open_lake(settings), warehouse, days)), [])
    transfers = registration(TRANSFERS).rows(hospital, days, {})
    stored = warehouse.read(TRANSFERS, [day])
    same(
        f"transfers of {day}",
        stored.sort("transfer_id").equals(transfers.sort("transfer_id")),
        True,
    )


def main() -> None:
    """Measure, print and keep."""
    jobs = (batch_job.name, transfer_stream_job.name, EMPTY_JOB)
    times: dict[str, list[Times]] = {job: [] for job in jobs}
    with installation() as settings, stack(settings) as page, dagster_instance() as instance:
        look = time.time()
        for run in range(RUNS + 1):
            day = load_hospital().period.day(FIRST_DAY + run)
            for job in jobs:
                time.sleep(pause(look, time.time()))
                found = follow(instance, launch(page, job, day, CONFIG.get(job, {})))
                look = found.launched
                if run:
                    times[job].append(found)
            check(settings, day)
    taken = {job: [one.taken for one in found] for job, found in times.items()}
    empty = Side("an empty asset", taken[EMPTY_JOB])
    visible = [
        one.landed - one.enqueued
        for one in times[transfer_stream_job.name]
        if one.landed is not None
    ]
    comparisons = [
        Comparison(
            "one day of transfers, 15 events, queued to rows visible",
            Side(transfer_stream_job.name, visible),
            empty,
            differences(visible, empty.samples),
            Goal("<=", 1, "s more"),
        ),
        *(
            Comparison(
                f"{what}, queued to success",
                Side(job, taken[job]),
                empty,
                differences(taken[job], empty.samples),
                Goal("<=", 1, "s more"),
            )
            for job, what in (
                (batch_job.name, "one day of records"),
                (transfer_stream_job.name, "one day of transfers, 15 events"),
            )
        ),
    ]
    keep(
        "latency",
        comparisons,
        waited={
            job: [one.launched - one.enqueued for one in found] for job, found in times.items()
        },
    )


if __name__ == "__main__":
    main()
