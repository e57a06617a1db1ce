"""Which runs the queue starts, with the settings of `dagster.yaml` and the daemon's own choice."""

from collections.abc import Iterator

import dagster as dg
import pytest
from dagster._core.remote_origin import GrpcServerCodeLocationOrigin, RemoteRepositoryOrigin
from dagster._core.run_coordinator import SubmitRunContext
from dagster._core.test_utils import create_run_for_test
from dagster._daemon.run_coordinator.queued_run_coordinator_daemon import (
    QueuedRunCoordinatorDaemon,
)

from hospital_assets.configuration.settings import Settings
from hospital_assets.history.instance import dagster_instance

BACKFILL = {"dagster/backfill": "the whole period"}
SCHEDULE = {"dagster/schedule_name": "batch_schedule"}
SENSOR = {"dagster/sensor_name": "transfer_sensor"}
CLICK = {"dagster/partition": "2021-03-01"}
COMMAND = {"hospital/pid": "1"}
ORIGIN = RemoteRepositoryOrigin(
    GrpcServerCodeLocationOrigin("localhost", 4000, location_name="hospital"), "__repository__"
).get_job_origin("batch_job")


class Queue:
    """The queue of an instance, and what a daemon would start of it."""

    def __init__(self, instance: dg.DagsterInstance) -> None:
        self.instance = instance

    def submit(self, tags: dict[str, str], times: int = 1) -> list[str]:
        """Put runs into the queue, as the page and the daemon do, and return their ids."""
        runs = [
            create_run_for_test(self.instance, tags=tags, remote_job_origin=ORIGIN)
            for _ in range(times)
        ]
        for run in runs:
            self.instance.run_coordinator.submit_run(SubmitRunContext(run, workspace=None))
        return [run.run_id for run in runs]

    def start(self) -> list[str]:
        """Start what the daemon would start now, and return the ids in its order."""
        config = self.instance.get_concurrency_config()
        with QueuedRunCoordinatorDaemon(interval_seconds=1) as daemon:
            chosen = [
                run.run_id for run in daemon._get_runs_to_dequeue(self.instance, config, None)
            ]
        for run_id in chosen:
            self.report(run_id, dg.DagsterEventType.RUN_START)
        return chosen

    def report(self, run_id: str, kind: dg.DagsterEventType) -> None:
        """Report that a run has begun or ended."""
        self.instance.report_dagster_event(dg.DagsterEvent(kind.value, "any"), run_id=run_id)


@pytest.fixture
def queue(postgres_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Queue]:
    monkeypatch.setenv("HOSPITAL_STATE", str(postgres_settings.state))
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    with dagster_instance() as instance:
        instance.wipe()
        yield Queue(instance)
        instance.wipe()


def test_a_click_is_started_beside_a_backfill_that_came_before(queue: Queue) -> None:
    backfill = queue.submit(BACKFILL, times=9)
    assert queue.start() == backfill[:2]
    click = queue.submit(CLICK)
    assert queue.start() == click


def test_a_click_waits_for_no_run_of_the_command_line(queue: Queue) -> None:
    for _ in range(4):
        create_run_for_test(queue.instance, tags=COMMAND, status=dg.DagsterRunStatus.STARTED)
    click = queue.submit(CLICK)
    assert queue.start() == click


@pytest.mark.parametrize("automatic", [SCHEDULE, SENSOR])
def test_the_clock_goes_before_backfills_and_a_click_before_both(
    automatic: dict[str, str], queue: Queue
) -> None:
    backfill = queue.submit(BACKFILL, times=3)
    clock = queue.submit(automatic)
    click = queue.submit(CLICK)
    assert queue.start() == [*click, *clock, backfill[0]]


def test_all_that_nobody_waits_for_shares_two_places(queue: Queue) -> None:
    started = [*queue.submit(SCHEDULE), *queue.submit(SENSOR)]
    waiting = [*queue.submit(SCHEDULE), *queue.submit(BACKFILL)]
    assert queue.start() == started
    assert queue.start() == []
    queue.report(started[0], dg.DagsterEventType.RUN_SUCCESS)
    assert queue.start() == waiting[:1]


def test_clicks_are_two_at_a_time(queue: Queue) -> None:
    clicks = queue.submit(CLICK, times=3)
    assert queue.start() == clicks[:2]


def test_a_priority_that_somebody_has_set_stays(queue: Queue) -> None:
    last, first = queue.submit(CLICK), queue.submit({**CLICK, "dagster/priority": "3"})
    assert queue.start() == [*first, *last]


def test_a_retry_by_dagster_stays_what_the_run_was(queue: Queue) -> None:
    """Dagster leaves the backfill's tag out once the backfill was cancelled."""
    (first,) = queue.submit(BACKFILL)
    run = queue.instance.get_run_by_id(first)
    assert run is not None
    kept = {name: value for name, value in run.tags.items() if name not in BACKFILL}
    retry = queue.submit({**kept, "dagster/retry_number": "1"})
    others = queue.submit(SCHEDULE, times=2)
    click = queue.submit(CLICK)
    assert queue.start() == [*click, *others]
    assert retry[0] not in queue.start()
