"""The definitions, loaded as Dagster's code server loads them."""

from pathlib import Path

import dagster as dg
import pytest
from dagster._core.test_utils import instance_for_test
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import WorkspaceFileTarget

from hospital_assets.calendar.planning import MAXIMUM_DAYS_A_RANGE
from hospital_assets.configuration.settings import ROOT
from hospital_assets.contracts.record_type import RecordType
from hospital_assets.definitions import hospital_definitions
from hospital_assets.jobs import ALL_ASSETS, BATCH_ASSETS, PICTURE_ASSETS, PUBLISHED_ASSETS
from hospital_assets.registry import (
    EXTRACTS,
    IN_BATCH_LAKE,
    REGISTRY,
    STREAMED,
    Origin,
    Registration,
)
from hospital_assets.resources.warehouse.schema import LOADED_AT

# The records of the brief, as they come from each other.
BRIEF = {
    "people": {"simulation"},
    "doctors": {"simulation", "people"},
    "staff_assignments": {"simulation", "people", "doctors"},
    "patients": {"simulation", "people", "doctors", "staff_assignments"},
    "warehouse/people": {"people"},
    "warehouse/doctors": {"doctors", "warehouse/people"},
    "warehouse/staff_assignments": {"staff_assignments", "warehouse/people", "warehouse/doctors"},
    "warehouse/patients": {"patients", "warehouse/people", "warehouse/doctors"},
}
# Every extract as its row in the registry has it: after the simulation and what it reads, its table
# after those that it refers to.
UPSTREAM = {row.name: {"simulation", *(one.name for one in row.reads)} for row in EXTRACTS} | {
    f"warehouse/{row.name}": {
        row.name,
        *(f"warehouse/{reference.table}" for reference in row.contract.references),
    }
    for row in EXTRACTS
}
NAMES = sorted(UPSTREAM)
RECORDS = [row.contract for row in EXTRACTS]
LAKE_NAMES = [record.name for record in RECORDS]


@pytest.fixture(scope="module")
def definitions() -> dg.Definitions:
    return hospital_definitions()


@pytest.fixture(scope="module")
def specs(definitions: dg.Definitions) -> dict[str, dg.AssetSpec]:
    return {spec.key.to_user_string(): spec for spec in definitions.resolve_all_asset_specs()}


def test_the_definitions_are_loadable(definitions: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(definitions)


def test_the_code_server_loads_the_workspace_without_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Loading starts no service and makes no folder."""
    state, lake = tmp_path / "state", tmp_path / "lake"
    monkeypatch.setenv("HOSPITAL_STATE", str(state))
    monkeypatch.setenv("HOSPITAL_LAKE", str(lake))
    monkeypatch.chdir(ROOT)
    target = WorkspaceFileTarget([str(ROOT / "workspace.yaml")])
    with instance_for_test() as instance, WorkspaceProcessContext(instance, target) as process:
        context = process.create_request_context()
        errors = {
            name: entry.load_error
            for name, entry in context.get_code_location_entries().items()
            if entry.load_error
        }
        assert errors == {}
        found = {node.key.to_user_string(): node for node in context.asset_graph.asset_nodes}
        assert set(UPSTREAM) <= set(found)
        schedules = [
            schedule.name
            for location in context.code_locations
            for repository in location.get_repositories().values()
            for schedule in repository.get_schedules()
        ]
        assert "batch_schedule" in schedules
    assert not state.exists()
    assert not lake.exists()


@pytest.mark.parametrize("name", NAMES)
def test_an_asset_has_the_upstream_that_it_reads(name: str, specs: dict[str, dg.AssetSpec]) -> None:
    assert {dep.asset_key.to_user_string() for dep in specs[name].deps} == UPSTREAM[name]


@pytest.mark.parametrize("name", BRIEF)
def test_the_records_of_the_brief_come_from_each_other(
    name: str, specs: dict[str, dg.AssetSpec]
) -> None:
    assert {dep.asset_key.to_user_string() for dep in specs[name].deps} == BRIEF[name]


@pytest.mark.parametrize("name", NAMES)
def test_an_asset_has_a_partition_for_each_of_the_1582_days(
    name: str, specs: dict[str, dg.AssetSpec]
) -> None:
    partitions = specs[name].partitions_def
    assert partitions is not None
    keys = partitions.get_partition_keys()
    assert (len(keys), keys[0], keys[-1]) == (1582, "2020-12-01", "2025-03-31")


@pytest.mark.parametrize("name", NAMES)
def test_an_asset_says_what_it_is_and_whose(name: str, specs: dict[str, dg.AssetSpec]) -> None:
    spec = specs[name]
    in_lake = name in LAKE_NAMES
    assert spec.group_name == ("2_lake" if in_lake else "3_warehouse")
    assert spec.kinds == ({"polars", "csv", "parquet"} if in_lake else {"postgres", "table"})
    assert list(spec.owners) == ["team:health-records"]
    assert spec.description is not None
    assert spec.description.startswith("One row is ")


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
@pytest.mark.parametrize("prefix", ["", "warehouse/"])
def test_an_asset_has_the_columns_of_its_contract(
    prefix: str, record: RecordType, specs: dict[str, dg.AssetSpec]
) -> None:
    metadata = specs[f"{prefix}{record.name}"].metadata
    schema = metadata["dagster/column_schema"]
    assert isinstance(schema, dg.TableSchema)
    own = [LOADED_AT] if prefix else []
    assert [column.name for column in schema.columns] == [*record.schema.column_names(), *own]
    assert all(column.type for column in schema.columns)
    if prefix:
        assert metadata["dagster/table_name"] == f"hospital.{record.name}"


def test_the_page_shows_every_asset_with_what_a_stranger_asks(
    specs: dict[str, dg.AssetSpec],
) -> None:
    """What it is, whose, where it lies, what one learns from it, and where its code stands."""
    outside = {"configs", "simulation", "dead_letters"}
    pictures = {key.to_user_string() for key in PICTURE_ASSETS}
    assert set(specs) == outside | pictures | {key.to_user_string() for key in ALL_ASSETS}
    for name in specs.keys() - pictures:
        spec = specs[name]
        text = spec.description or ""
        assert text.startswith(("One ", "The hospital itself")), name
        assert "**What one learns from it**" in text, name
        assert "```" in text or name == "configs", name
        assert spec.group_name is not None
        assert spec.group_name[0].isdigit(), name
        assert list(spec.owners) == ["team:health-records"], name
        assert spec.kinds, name
        if name not in outside:
            assert "*Latest* is the last day of the period, 2025-03-31" in text, name
            assert "`[2020-12-01...2020-12-07]`" in text, name
        if name != "dead_letters":
            references = spec.metadata["dagster/code_references"].code_references
            for reference in references:
                assert Path(reference.source).is_file() or "://" in reference.source, name


def test_a_stranger_sees_where_the_files_and_rows_lie(specs: dict[str, dg.AssetSpec]) -> None:
    for row in IN_BATCH_LAKE:
        folder = Path(str(specs[row.name].metadata["dagster/uri"]))
        assert folder.parts[-3:] == ("batch", row.name, "parquet")
        assert folder.is_absolute()
        assert str(folder) in (specs[row.name].description or "")
    tables = {name for name, spec in specs.items() if "dagster/table_name" in spec.metadata}
    assert tables == {"dead_letters", *(_table(row) for row in REGISTRY)}


def test_every_column_that_the_page_shows_is_described(specs: dict[str, dg.AssetSpec]) -> None:
    shown = {
        (name, column.name): column.description
        for name, spec in specs.items()
        if "dagster/column_schema" in spec.metadata
        for column in spec.metadata["dagster/column_schema"].columns
    }
    assert len({name for name, _ in shown}) == 2 * len(IN_BATCH_LAKE) + len(STREAMED) + 1
    assert [place for place, text in shown.items() if not text] == []


def test_what_is_outside_of_dagster_stands_where_it_belongs(
    specs: dict[str, dg.AssetSpec],
) -> None:
    assert [dep.asset_key.to_user_string() for dep in specs["simulation"].deps] == ["configs"]
    assert [dep.asset_key for dep in specs["dead_letters"].deps] == PUBLISHED_ASSETS
    for key in PUBLISHED_ASSETS:
        deps = [dep.asset_key.to_user_string() for dep in specs[key.to_user_string()].deps]
        assert deps == ["simulation"]


def _table(row: Registration) -> str:
    return row.name if row.origin is Origin.STREAM else f"warehouse/{row.name}"


def test_every_asset_takes_a_range_in_one_run(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    for key in ALL_ASSETS:
        policy = graph.get(key).backfill_policy
        assert policy is not None
        assert policy.max_partitions_per_run >= MAXIMUM_DAYS_A_RANGE


def test_every_law_is_a_blocking_check_of_its_record(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    checks = {
        (key.asset_key.to_user_string(), key.name): graph.get_check_spec(key)
        for key in graph.asset_check_keys
    }
    laws = {(row.name, law.name): law for row in REGISTRY for law in row.laws}
    for place, law in laws.items():
        assert checks[place].blocking
        assert checks[place].description == law.description


def test_the_job_makes_every_extract_and_its_table(definitions: dg.Definitions) -> None:
    job = definitions.resolve_job_def("batch_job")
    made = {key.to_user_string() for key in job.asset_layer.selected_asset_keys}
    assert set(BRIEF) <= made
    assert made == set(UPSTREAM)
    assert {key.to_user_string() for key in BATCH_ASSETS} == set(UPSTREAM)
