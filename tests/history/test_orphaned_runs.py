"""Runs without a process: which are marked as failed, and which are spared."""

import subprocess
import sys
from collections.abc import Iterator

import dagster as dg
import psutil
import pytest
from dagster import DagsterInstance, DagsterRunStatus
from dagster._core.remote_origin import GrpcServerCodeLocationOrigin, RemoteRepositoryOrigin
from dagster._core.test_utils import create_run_for_test

from hospital_assets.history.orphaned_runs import (
    PID_CREATED_TAG,
    PID_TAG,
    fail_orphaned_runs,
    process_tags,
)


@pytest.fixture
def instance() -> Iterator[DagsterInstance]:
    """An instance of Dagster without a past."""
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


@dg.job
def nothing() -> None:
    """A job whose runs exist on paper only."""


def run_on_paper(
    instance: DagsterInstance, status: DagsterRunStatus, tags: dict[str, str] | None = None
) -> str:
    """Record a run with a status that no process stands behind."""
    return instance.create_run_for_job(nothing, status=status, tags=tags).run_id


@pytest.mark.parametrize(
    "status", [DagsterRunStatus.STARTING, DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING]
)
def test_a_run_of_the_stack_before_is_dead(
    instance: DagsterInstance, status: DagsterRunStatus
) -> None:
    run_id = run_on_paper(instance, status)
    assert fail_orphaned_runs(instance) == [run_id]
    run = instance.get_run_by_id(run_id)
    assert run is not None
    assert run.status is DagsterRunStatus.FAILURE


@pytest.mark.parametrize(
    "status", [DagsterRunStatus.NOT_STARTED, DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE]
)
def test_a_run_that_waits_or_has_ended_is_left_alone(
    instance: DagsterInstance, status: DagsterRunStatus
) -> None:
    run_on_paper(instance, status)
    assert fail_orphaned_runs(instance) == []


def test_a_run_of_a_living_command_is_spared(instance: DagsterInstance) -> None:
    run_on_paper(instance, DagsterRunStatus.STARTED, process_tags())
    assert fail_orphaned_runs(instance) == []


def test_a_run_of_an_ended_command_is_dead(instance: DagsterInstance) -> None:
    command = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    created = psutil.Process(command.pid).create_time()
    tags = {PID_TAG: str(command.pid), PID_CREATED_TAG: repr(created)}
    run_id = run_on_paper(instance, DagsterRunStatus.STARTED, tags)
    assert fail_orphaned_runs(instance) == []
    command.kill()
    command.communicate()
    assert fail_orphaned_runs(instance) == [run_id]


def test_a_stranger_with_the_same_pid_is_no_sign_of_life(instance: DagsterInstance) -> None:
    run_id = run_on_paper(
        instance, DagsterRunStatus.STARTED, {**process_tags(), PID_CREATED_TAG: "1.0"}
    )
    assert fail_orphaned_runs(instance) == [run_id]


@pytest.mark.parametrize(
    ("tags", "retries"),
    [({}, None), ({"dagster/schedule_name": "days"}, "0"), ({"dagster/sensor_name": "s"}, "0")],
)
def test_only_a_run_from_the_page_is_left_to_dagsters_retry(
    instance: DagsterInstance, tags: dict[str, str], retries: str | None
) -> None:
    run_id = run_on_paper(instance, DagsterRunStatus.STARTED, tags)
    fail_orphaned_runs(instance)
    run = instance.get_run_by_id(run_id)
    assert run is not None
    assert run.tags.get("dagster/max_retries") == retries


def test_a_location_that_starts_marks_its_own_runs_alone(instance: DagsterInstance) -> None:
    runs = {}
    for name in ("producer", "batch_ingestor"):
        repository = RemoteRepositoryOrigin(
            GrpcServerCodeLocationOrigin("localhost", 4000, location_name=name), "__repository__"
        )
        run = create_run_for_test(
            instance,
            "nothing",
            status=DagsterRunStatus.STARTED,
            remote_job_origin=repository.get_job_origin("nothing"),
        )
        runs[name] = run.run_id
    assert fail_orphaned_runs(instance, location="producer") == [runs["producer"]]
