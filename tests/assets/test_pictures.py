"""The pictures of a month: drawn once its days are there, small, and never part of an event."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import dagster as dg
import pytest

from hospital_assets.assets.partitions import whole_months
from hospital_assets.assets.pictures import picture_assets, picture_key
from hospital_assets.calendar.period import Period, month_of
from hospital_assets.definitions import hospital_definitions
from hospital_assets.jobs import ALL_ASSETS, PICTURE_ASSETS
from hospital_assets.pictures.themes import THEMES
from hospital_assets.registry import IN_BATCH_LAKE, make_all
from hospital_assets.resources.lake.reports import Reports
from hospital_assets.resources.lake.resource import Lake
from hospital_assets.sensors.pictures import months_with_pictures, pictures_sensor
from hospital_assets.simulation import Hospital
from tests.hospitals import small_hospital

FEBRUARY = date(2023, 2, 1)
MOST_BYTES_OF_A_PICTURE, MOST_BYTES_OF_A_PREVIEW = 100_000, 20_000


@pytest.fixture(scope="module")
def hospital() -> Hospital:
    return small_hospital()


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory, hospital: Hospital) -> Lake:
    """A lake with February and the first of March."""
    lake = Lake(str(tmp_path_factory.mktemp("lake")))
    days = Period(FEBRUARY, date(2023, 3, 1))
    frames = make_all(hospital, days)
    for row in IN_BATCH_LAKE:
        lake.write(row.contract, frames[row.name], "a simulation")
    return lake


@pytest.fixture(scope="module")
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def draw(
    hospital: Hospital, lake: Lake, instance: dg.DagsterInstance, month: str, **options: bool
) -> dg.ExecuteInProcessResult:
    """Materialize every theme of a month."""
    return dg.materialize(
        picture_assets(hospital.period),
        resources={"hospital": lambda: hospital, "lake": lambda: lake},
        partition_key=month,
        instance=instance,
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        **options,
    )


def tick(hospital: Hospital, lake: Lake, instance: dg.DagsterInstance) -> list[str | None]:
    """Return the months that the sensor asks for."""
    with dg.build_sensor_context(
        instance=instance,
        resources={"hospital": lambda: hospital, "lake": lambda: lake},
        definitions=hospital_definitions(),
    ) as context:
        found = list(pictures_sensor()(context))
    return [one.partition_key for one in found if isinstance(one, dg.RunRequest)]


def test_a_month_is_asked_for_once_its_days_are_there_and_drawn_once(
    hospital: Hospital, lake: Lake, instance: dg.DagsterInstance
) -> None:
    """March has one day."""
    assert tick(hospital, lake, instance) == ["2023-02-01"]
    assert draw(hospital, lake, instance, "2023-02-01").success
    assert months_with_pictures(lake) == {FEBRUARY}
    assert tick(hospital, lake, instance) == []

    for theme in THEMES:
        for name in theme.pictures:
            file = Path(lake.root) / "reports" / theme.name / f"{name}-2023-02.svg"
            assert file.read_text(encoding="utf-8").startswith("<svg")
            assert file.stat().st_size <= MOST_BYTES_OF_A_PICTURE


def test_an_event_holds_links_and_one_small_preview(
    hospital: Hospital, lake: Lake, instance: dg.DagsterInstance
) -> None:
    result = draw(hospital, lake, instance, "2023-02-01")
    for theme in THEMES:
        (event,) = result.asset_materializations_for_node(f"pictures__{theme.name}")
        assert event.partition == "2023-02-01"
        paths = {name: event.metadata[name].value for name in theme.pictures}
        assert all(Path(str(path)).is_file() for path in paths.values())
        preview = str(event.metadata["preview"].value)
        assert preview.startswith(f"![{theme.pictures[0]}](data:image/jpeg;base64,")
        assert len(preview) <= MOST_BYTES_OF_A_PREVIEW
        assert not any("<svg" in str(value.value) for value in event.metadata.values())


def test_a_month_without_all_of_its_days_is_refused_and_draws_nothing(
    hospital: Hospital, lake: Lake, instance: dg.DagsterInstance
) -> None:
    result = draw(hospital, lake, instance, "2023-03-01", raise_on_error=False)
    assert not result.success
    assert not any(
        date(2023, 3, 1) in Reports(lake.root).months(theme.name, theme.pictures)
        for theme in THEMES
    )


def test_a_month_depends_on_its_own_days() -> None:
    graph = hospital_definitions().resolve_asset_graph()
    for theme in THEMES:
        key = picture_key(theme)
        assert {parent.to_user_string() for parent in graph.get(key).parent_keys} == set(
            theme.reads
        )
        monthly = graph.get(key).partitions_def
        assert monthly is not None
        for parent in graph.get(key).parent_keys:
            mapping = graph.get_partition_mapping(key, parent)
            daily = graph.get(parent).partitions_def
            found = mapping.get_upstream_mapped_partitions_result_for_partitions(
                monthly.subset_with_partition_keys(["2023-02-01"]), monthly, daily
            )
            keys = set(found.partitions_subset.get_partition_keys())
            assert keys == {day.isoformat() for day in month_of(FEBRUARY).days}


def test_no_day_waits_for_a_picture() -> None:
    assert set(PICTURE_ASSETS).isdisjoint(ALL_ASSETS)
    definitions = hospital_definitions()
    for name in ("batch_job", "transfer_stream_job", "patient_flow_job"):
        made = definitions.resolve_job_def(name).asset_layer.selected_asset_keys
        assert set(PICTURE_ASSETS).isdisjoint(made)


def test_the_pictures_have_a_group_owners_and_a_description() -> None:
    specs = {spec.key: spec for spec in hospital_definitions().resolve_all_asset_specs()}
    for key in PICTURE_ASSETS:
        spec = specs[key]
        assert spec.group_name == "6_insight"
        assert list(spec.owners) == ["team:health-records"]
        assert spec.kinds == {"altair", "svg"}
        assert "month" in (spec.description or "")


def test_months_are_the_whole_ones_of_the_period() -> None:
    days = Period(date(2023, 1, 2), date(2023, 4, 29))
    assert whole_months(days) == [date(2023, 2, 1), date(2023, 3, 1)]
    short = Period(days.first_day, days.first_day + timedelta(days=9))
    assert picture_assets(short) == []


def test_removal_takes_the_pictures_alone(tmp_path: Path) -> None:
    reports, month = Reports(str(tmp_path)), FEBRUARY
    reports.write("beds", month, {"census": "<svg/>"})
    others = tmp_path / "reports" / "beds" / "notes.txt"
    others.write_text("mine")
    reports.remove("beds")
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == [others]


def test_loading_the_definitions_imports_no_charts() -> None:
    """Every run loads them, and hardly any draws."""
    program = (
        "import sys; from hospital_assets.definitions import hospital_definitions;"
        " hospital_definitions(); print({'altair', 'vl_convert'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
