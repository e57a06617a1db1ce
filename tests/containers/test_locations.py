"""The three code locations, together as Dagster joins them and each by itself."""

import logging
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg
import pytest
import yaml
from dagster._core.execution.backfill import PartitionBackfill
from dagster._core.test_utils import instance_for_test
from dagster._core.utils import make_new_backfill_id
from dagster._core.workspace.context import WorkspaceProcessContext, WorkspaceRequestContext
from dagster._core.workspace.load_target import WorkspaceFileTarget
from dagster._daemon.backfill import execute_backfill_iteration

from hospital_assets.configuration.settings import ROOT
from hospital_assets.containers.serving import WORKSPACE
from hospital_assets.definitions import hospital_definitions
from hospital_assets.locations import LOCATIONS, module_of
from hospital_assets.locations.batch_ingestor import batch_ingestor
from hospital_assets.locations.producer import producer
from hospital_assets.locations.stream_processor import stream_processor

PARTS = {
    "producer": producer,
    "stream_processor": stream_processor,
    "batch_ingestor": batch_ingestor,
}
AUTOMATIC = {
    "producer": {"publishing_sensor"},
    "stream_processor": {"landing_sensor"},
    "batch_ingestor": {"batch_schedule", "patient_flow_sensor", "pictures_sensor"},
}


@pytest.fixture(scope="module")
def workspace_process(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[WorkspaceProcessContext]:
    """The workspace of the three, loaded by the servers that load it in containers."""
    file = tmp_path_factory.mktemp("workspace") / "workspace.yaml"
    modules = [
        {"python_module": {"module_name": module_of(name), "location_name": name}}
        for name in LOCATIONS
    ]
    file.write_text(yaml.safe_dump({"load_from": modules}))
    target = WorkspaceFileTarget([str(file)])
    # A run that is asked for waits in the queue: nobody is there to take it.
    queue = {"module": "dagster._core.run_coordinator", "class": "QueuedRunCoordinator"}
    with (
        instance_for_test(overrides={"run_coordinator": queue}) as instance,
        WorkspaceProcessContext(instance, target) as process,
    ):
        yield process


@pytest.fixture(scope="module")
def workspace(workspace_process: WorkspaceProcessContext) -> WorkspaceRequestContext:
    """What the page knows of it."""
    return workspace_process.create_request_context()


def graph_of(definitions: dg.Definitions) -> dict[str, set[str]]:
    graph = definitions.resolve_asset_graph()
    return {
        key.to_user_string(): {up.to_user_string() for up in graph.get(key).parent_keys}
        for key in graph.materializable_asset_keys
    }


def test_every_asset_is_in_one_location_and_none_is_lost() -> None:
    found = Counter(name for part in PARTS.values() for name in graph_of(part()))
    assert set(found.values()) == {1}
    assert set(found) == set(graph_of(hospital_definitions()))


@pytest.mark.parametrize("name", LOCATIONS)
def test_a_location_is_loadable_alone(name: str) -> None:
    dg.Definitions.validate_loadable(PARTS[name]())


def test_the_lineage_is_whole_across_the_locations(workspace: WorkspaceRequestContext) -> None:
    graph = workspace.asset_graph
    joined = {
        key.to_user_string(): {up.to_user_string() for up in graph.get(key).parent_keys}
        for key in graph.materializable_asset_keys
    }
    assert joined == graph_of(hospital_definitions())
    assert joined["patient_flow"] == {"patients", "bed_movements", "transfers"}
    assert joined["transfers"] == {"transfer_events"}
    assert joined["transfer_events"] == {"simulation"}


def test_every_check_is_in_one_location_and_none_is_lost() -> None:
    found = Counter(
        key for part in PARTS.values() for key in part().resolve_asset_graph().asset_check_keys
    )
    assert set(found.values()) == {1}
    assert set(found) == set(hospital_definitions().resolve_asset_graph().asset_check_keys)


def test_what_is_automatic_is_on_from_the_start_and_in_one_location(
    workspace: WorkspaceRequestContext,
) -> None:
    found: dict[str, set[str]] = {}
    for location in workspace.code_locations:
        for repository in location.get_repositories().values():
            each = [*repository.get_schedules(), *repository.get_sensors()]
            assert all(one.default_status.value == "RUNNING" for one in each)
            found[location.name] = {one.name for one in each}
    assert found == AUTOMATIC


def test_what_a_sensor_or_schedule_runs_is_in_its_own_location(
    workspace: WorkspaceRequestContext,
) -> None:
    for location in workspace.code_locations:
        for repository in location.get_repositories().values():
            jobs = {job.name for job in repository.get_all_jobs()}
            targets = {schedule.job_name for schedule in repository.get_schedules()}
            for sensor in repository.get_sensors():
                targets |= {target.job_name for target in sensor.get_targets()}
            assert targets <= jobs


def test_locally_nothing_is_on_before_it_is_turned_on() -> None:
    repository = hospital_definitions().get_repository_def()
    each = [*repository.schedule_defs, *repository.sensor_defs]
    assert {one.default_status.value for one in each} == {"STOPPED"}


def test_the_workspace_names_each_location_and_the_container_that_serves_it() -> None:
    servers = [entry["grpc_server"] for entry in yaml.safe_load(WORKSPACE.read_text())["load_from"]]
    assert [server["location_name"] for server in servers] == list(LOCATIONS)
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    for server in servers:
        command = compose[server["location_name"]]["command"]
        assert command[command.index("--host") + 1] == server["host"]
        assert command[:3] == ["hospital", "serve", server["location_name"]]
        assert command[command.index("--port") + 1] == str(server["port"])


def test_a_backfill_of_everything_asks_for_runs_of_one_location_each(
    workspace_process: WorkspaceProcessContext,
) -> None:
    """Dagster groups what a backfill begins with by policy, and not by location."""
    instance = workspace_process.instance
    graph = workspace_process.create_request_context().asset_graph
    backfill = PartitionBackfill.from_asset_partitions(
        backfill_id=make_new_backfill_id(),
        asset_graph=graph,
        partition_names=["2021-03-01", "2021-03-02"],
        asset_selection=list(graph.materializable_asset_keys),
        backfill_timestamp=datetime.now(UTC).timestamp(),
        tags={},
        dynamic_partitions_store=instance,
        all_partitions=False,
        title=None,
        description=None,
        run_config=None,
    )
    instance.add_backfill(backfill)
    list(execute_backfill_iteration(workspace_process, logging.getLogger("backfill")))
    begun = instance.get_backfill(backfill.backfill_id)
    assert begun is not None
    assert begun.error is None, begun.error.message
    asked = {
        frozenset(key.to_user_string() for key in run.asset_selection or ())
        for run in instance.get_runs()
    }
    assert asked
    owned = [set(graph_of(part())) for part in PARTS.values()]
    assert all(any(keys <= own for own in owned) for keys in asked)
