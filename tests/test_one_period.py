"""There is one period, that of the settings: everything ends on another last day if they say so."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import dagster as dg
import psycopg
import pytest

from hospital_assets.assets.pictures import PICTURES
from hospital_assets.calendar.period import by_month
from hospital_assets.configuration.hospital_files import (
    fingerprint,
    load_parameters,
    load_words,
)
from hospital_assets.configuration.settings import ROOT, DatabaseSettings, Settings
from hospital_assets.containers.postgres_setup import set_up_database
from hospital_assets.containers.secrets import SecretFolder
from hospital_assets.definitions import hospital_definitions
from hospital_assets.history.days import days_of_tags
from hospital_assets.locations.batch_ingestor import batch_ingestor
from hospital_assets.locations.producer import producer
from hospital_assets.locations.stream_processor import stream_processor
from hospital_assets.registry import EXTRACTS, IN_BATCH_LAKE, make_extracts
from hospital_assets.resources.lake.resource import Lake
from hospital_assets.services.databases import Databases
from hospital_assets.simulation import Hospital as Simulation
from tests.commands import Hospital, hospital_in, stop_servers
from tests.connected import warehouse_at

LAST, AFTER, DAYS = "2021-03-31", "2021-04-01", 121
LAST_MONTH, MONTHS = "2021-03-01", 4
# More than there are: the clock is past the end from the first start on.
DAYS_AT_ONCE = 500


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder whose servers are stopped after the last test."""
    # Not below pytest's own folder: another session that starts would close it to the servers.
    with tempfile.TemporaryDirectory(prefix="hospital-") as name:
        yield Path(name)
        stop_servers(Path(name))


@pytest.fixture(scope="module")
def configs(folder: Path) -> Path:
    """The config files with another last day."""
    made = shutil.copytree(ROOT / "configs", folder / "configs")
    file = made / "hospital.toml"
    before, after = file.read_text().split("\nlast_day = 2025-03-31")
    file.write_text(f"{before}\nlast_day = {LAST}{after}")
    return made


@pytest.fixture(scope="module")
def hospital(folder: Path, configs: Path) -> Hospital:
    """The command `hospital` with these settings."""
    return hospital_in(
        folder, HOSPITAL_CONFIGS=str(configs), HOSPITAL_FIRST_START_DAYS=str(DAYS_AT_ONCE)
    )


@pytest.fixture
def _settings(configs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have this process read these settings."""
    monkeypatch.setenv("HOSPITAL_CONFIGS", str(configs))
    monkeypatch.setenv("HOSPITAL_FIRST_START_DAYS", str(DAYS_AT_ONCE))


@pytest.mark.usefixtures("_settings")
@pytest.mark.parametrize(
    "definitions",
    [hospital_definitions, producer, stream_processor, batch_ingestor],
    ids=["the whole", "producer", "stream processor", "batch ingestor"],
)
def test_the_partitions_of_every_asset_end_there(definitions: Callable[[], dg.Definitions]) -> None:
    graph = definitions().resolve_asset_graph()
    for key in graph.materializable_asset_keys:
        partitions = graph.get(key).partitions_def
        assert partitions is not None
        keys = partitions.get_partition_keys()
        ends = (MONTHS, LAST_MONTH) if key.path[0] == PICTURES else (DAYS, LAST)
        assert (len(keys), keys[-1]) == ends, key


@pytest.mark.parametrize("definitions", [hospital_definitions, batch_ingestor])
def test_a_period_without_a_whole_month_has_no_pictures_and_loads(
    definitions: Callable[[], dg.Definitions], configs: Path, tmp_path: Path
) -> None:
    short = shutil.copytree(configs, tmp_path / "configs")
    file = short / "hospital.toml"
    file.write_text(file.read_text().replace(f"last_day = {LAST}", "last_day = 2020-12-14"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOSPITAL_CONFIGS", str(short))
        made = definitions()
        dg.Definitions.validate_loadable(made)
    assert PICTURES not in {key.path[0] for key in made.resolve_asset_graph().get_all_asset_keys()}


@pytest.mark.usefixtures("_settings")
def test_the_schedule_asks_for_its_days_and_then_skips_with_the_reason(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = Lake(str(tmp_path / "lake"))
    with dg.DagsterInstance.ephemeral() as instance:
        # A context refuses instances that live in memory alone.
        monkeypatch.setattr(dg.ScheduleEvaluationContext, "instance", property(lambda _: instance))
        asked, _ = evaluated(database, lake)
        assert (len(asked), asked[-1]) == (DAYS, LAST)
        make(asked, database, lake)
        reason = f"all {DAYS} days are there: the period ended on {LAST}"
        assert evaluated(database, lake) == ([], reason)


def make(asked: list[str], database: str, lake: Lake) -> None:
    """Put days of a small hospital into lake and tables."""
    hospital = Simulation(20201201, load_parameters(ROOT / "configs", "small"), load_words())
    warehouse = warehouse_at(database)
    for days in by_month(date.fromisoformat(day) for day in asked):
        frames = make_extracts(hospital, days)
        for record in (row.contract for row in EXTRACTS):
            lake.write(record, frames[record.name], fingerprint(hospital))
            warehouse.load(record, {day: lake.csv(record, day) for day in days.days})


def evaluated(database: str, lake: Lake) -> tuple[list[str], str | None]:
    """Return the days that the schedule asks for, and why it asks for none."""
    repository = hospital_definitions().get_repository_def()
    with dg.build_schedule_context(
        repository_def=repository,
        scheduled_execution_time=datetime.now(UTC),
        resources={"warehouse": warehouse_at(database), "lake": lambda: lake},
    ) as context:
        result = repository.get_schedule_def("batch_schedule").evaluate_tick(context)
    days = [day for one in result.run_requests or [] for day in days_of_tags(one.tags)]
    return [day.isoformat() for day in days], result.skip_message


@pytest.mark.parametrize(
    "arguments",
    [("materialize", "people", AFTER), ("backfill", LAST, AFTER), ("verify", AFTER)],
    ids=" ".join,
)
def test_a_command_refuses_the_day_after_in_one_line(
    arguments: tuple[str, ...], hospital: Hospital
) -> None:
    result = hospital(*arguments)
    assert result.returncode == 2
    reason = f"{AFTER} lies outside the period 2020-12-01 to {LAST}"
    assert result.stderr == f"hospital: Invalid value: {reason}\n"


def test_the_last_day_is_made_verified_and_counted_and_none_beyond_it(hospital: Hospital) -> None:
    for arguments in (("materialize", "people", LAST), ("backfill", LAST, LAST), ("verify", LAST)):
        done = hospital(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
    status = json.loads(hospital("status", "--json").stdout)
    assert (status["newest_day"], status["days_there"], status["days_ahead"]) == (LAST, 1, [])
    assert (status["days_due"], status["gaps"][-1]) == (DAYS, "2021-03-30")
    assert status["last_slot"] == [LAST, 5]


@pytest.mark.usefixtures("_settings")
def test_the_partitions_of_the_roles_end_there(folder: Path, tmp_path: Path) -> None:
    place = urlsplit(Databases.of(Settings(state=folder / "state")).hospital_url())
    password = tmp_path / "password"
    password.write_text(place.password or "")
    server = DatabaseSettings(
        mode="server",
        host=place.hostname or "",
        port=place.port or 0,
        user=place.username or "",
        password_file=password,
        hospital_database="deployed",
        dagster_database="deployed_dagster",
    )
    secrets = SecretFolder(tmp_path / "secrets")
    assert list(secrets.make())
    set_up_database(Settings(database=server), secrets)
    with psycopg.connect(place._replace(path="/deployed").geturl()) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE tablename ~ '_\\d{4}_\\d\\d$' ORDER BY 1"
        ).fetchall()
    for record in (row.contract for row in IN_BATCH_LAKE if row.contract.is_daily):
        months = [name for (name,) in tables if name[:-8] == record.name]
        assert (len(months), months[-1]) == (4, f"{record.name}_2021_03")
