"""Beginning anew: all that is ours goes, and nothing that others have made."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest
from kafka import KafkaAdminClient

from hospital_assets.configuration.settings import Settings
from hospital_assets.local.reset import Reset
from hospital_assets.registry import RECORD_TYPES
from hospital_assets.services.databases import Databases
from hospital_assets.services.kafka.cluster import KafkaCluster
from hospital_assets.state.errors import StateLockedError
from hospital_assets.state.folder import StateFolder
from tests.commands import hospital_in, keep_servers, stop_servers

FIRST, LAST = "2021-02-28", "2021-03-01"


class Installation:
    """A small hospital in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = Settings(state=folder / "state", lake=str(folder / "lake"))

    def run(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run a command."""
        return hospital_in(self.folder, **settings)(*arguments)

    def do(self, *arguments: str, **settings: str) -> str:
        """Run a command that must not fail, and return what it prints."""
        done = self.run(*arguments, **settings)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def status(self) -> dict[str, Any]:
        """Return what `hospital status --json` says."""
        found: dict[str, Any] = json.loads(self.do("status", "--json"))
        return found

    def sql(self, statement: LiteralString) -> list[tuple[Any, ...]]:
        """Send a statement to the hospital's database."""
        url = Databases.of(self.settings).hospital_url()
        with psycopg.connect(url) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def topics(self) -> set[str]:
        """Return the names of the broker's topics."""
        admin = KafkaAdminClient(bootstrap_servers=KafkaCluster.of(self.settings).bootstrap())
        try:
            return {name for name in admin.list_topics() if name.startswith("hospital.")}
        finally:
            admin.close()

    def files(self) -> set[str]:
        """Return the files below the lake."""
        lake = self.folder / "lake"
        return {str(file.relative_to(lake)) for file in lake.rglob("*") if file.is_file()}


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Two days, with what others have made beside and of them."""
    folder = tmp_path_factory.mktemp("installation")
    made = Installation(folder)
    keep_servers(folder)
    made.do("backfill", FIRST, LAST)
    made.sql("CREATE SCHEMA analysts")
    made.sql("CREATE TABLE hospital.notes AS SELECT 'kept' AS text")
    (folder / "lake/batch/people/csv/people.txt").write_text("kept")
    (folder / "lake/own.csv").write_text("kept")
    yield made
    stop_servers(folder)


def test_it_asks_first_and_says_what_goes(installation: Installation) -> None:
    asked = installation.run("reset")
    assert asked.returncode != 0
    named = re.search(r"tables of the schema hospital \((.*?)\)", asked.stdout)
    assert named
    assert {"campaign", "dead_letters", *(record.name for record in RECORD_TYPES)} <= set(
        named[1].split(", ")
    )
    assert "notes" not in asked.stdout
    assert "hospital.patient.transfer.v1 and hospital.patient.transfer.v1.dlq" in asked.stdout
    assert len(installation.status()["days_ahead"]) == 2


def test_a_view_of_others_is_named_and_nothing_is_removed(installation: Installation) -> None:
    installation.sql("CREATE VIEW analysts.beds AS SELECT bed FROM hospital.patients")
    refused = installation.run("reset", "--yes")
    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1
    assert "view analysts.beds depends on table hospital.patients" in refused.stderr
    assert len(installation.status()["days_ahead"]) == 2
    installation.sql("DROP VIEW analysts.beds")


def test_it_is_refused_while_the_hospital_runs(installation: Installation) -> None:
    with StateFolder(installation.settings.state).lock("stack"):
        refused = installation.run("reset", "--yes")
    assert refused.returncode == 1
    assert "`hospital down` first; nothing was removed" in refused.stderr
    assert len(installation.status()["days_ahead"]) == 2


def test_another_lock_is_not_taken_for_a_running_hospital(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOSPITAL_STATE", str(tmp_path / "state"))
    monkeypatch.setattr(StateFolder.lock.__wrapped__, "__defaults__", (0.5,))
    reset = Reset(Installation(tmp_path).settings)
    with (
        StateFolder(tmp_path / "state").lock("leases"),
        pytest.raises(StateLockedError, match=r"another process has held .*leases.lock"),
    ):
        reset.run()


def test_another_hospital_is_refused_with_the_command_that_begins_anew(
    installation: Installation,
) -> None:
    refused = installation.run("backfill", FIRST, FIRST, HOSPITAL_SEED="7")
    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1
    assert "begin anew by `hospital reset`" in refused.stderr


def test_the_lake_of_another_hospital_is_refused_beside_an_empty_database(
    installation: Installation, tmp_path: Path
) -> None:
    lake = str(installation.folder / "lake")
    try:
        refused = Installation(tmp_path).run(
            "materialize", "people", LAST, HOSPITAL_SEED="7", HOSPITAL_LAKE=lake
        )
    finally:
        stop_servers(tmp_path)
    assert refused.returncode == 1
    assert f"the lake {lake} holds hospital" in refused.stderr
    assert "begin anew by `hospital reset`" in refused.stderr


def test_all_that_is_ours_goes_and_another_hospital_begins(installation: Installation) -> None:
    before = installation.files()
    assert {"batch/patients/csv/patients-2021-02-28.csv"} < before

    assert "The next start begins anew." in installation.do("reset", "--yes")

    tables = installation.sql(
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'hospital'::regnamespace"
        " AND relkind IN ('r', 'p')"
    )
    assert tables == [("notes",)]
    assert installation.files() == {"own.csv", "batch/people/csv/people.txt"}
    assert installation.topics() == set()
    again = installation.do("backfill", FIRST, FIRST, HOSPITAL_SEED="7")
    assert "Backfilled 1 days; 0 were there already." in again
    assert "agree" in installation.do("verify", FIRST, HOSPITAL_SEED="7")
    assert installation.sql("SELECT text FROM hospital.notes") == [("kept",)]


def test_an_installation_without_anything_is_reset_to_nothing(tmp_path: Path) -> None:
    try:
        assert "begins anew" in Installation(tmp_path).do("reset", "--yes")
    finally:
        stop_servers(tmp_path)
