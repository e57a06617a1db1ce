"""A backup, restored by the roles of the composed stack into databases that were set up."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from hospital_assets.configuration.settings import Settings
from hospital_assets.containers import roles
from hospital_assets.containers.postgres_setup import set_up_database
from hospital_assets.containers.secrets import SecretFolder
from tests.commands import hospital_in, stop_servers
from tests.containers.conftest import Url

pytestmark = pytest.mark.stack

DAY = "2021-02-28"


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder for two installations."""
    # Not below pytest's own folder: another session that starts would close it to the servers.
    with tempfile.TemporaryDirectory(prefix="hospital-") as folder:
        yield Path(folder)
        for name in ("origin", "target"):
            stop_servers(Path(folder, name))


def hospital(place: Path, name: str, *arguments: str, **variables: str) -> str:
    """Run a command in one of the two, of the whole hospital, and return what it prints."""
    done = hospital_in(place / name, HOSPITAL_PROFILE="full", **variables)(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_owners_restore_and_the_set_up_gives_everybody_their_grants_again(
    place: Path, deployed: Settings, folder: SecretFolder, url: Url
) -> None:
    hospital(place, "origin", "materialize", "doctors", DAY)
    hospital(place, "origin", "backup", str(place / "backup"))
    database = {
        "MODE": "server",
        "HOST": deployed.database.host,
        "PORT": str(deployed.database.port),
        "HOSPITAL_DATABASE": deployed.database.hospital_database,
        "DAGSTER_DATABASE": deployed.database.dagster_database,
        "USER": roles.OWNER,
        "PASSWORD_FILE": str(folder.path / roles.SECRETS[roles.OWNER]),
        "DAGSTER_USER": roles.DAGSTER,
        "DAGSTER_PASSWORD_FILE": str(folder.path / roles.SECRETS[roles.DAGSTER]),
    }
    variables = {f"HOSPITAL_DATABASE__{name}": text for name, text in database.items()}
    hospital(place, "target", "restore", str(place / "backup"), **variables)

    set_up_database(deployed, folder)
    count = "SELECT count(*) FROM hospital.doctors"
    with psycopg.connect(url(roles.INGEST)) as connection:
        (rows,) = connection.execute(count).fetchall()[0]
        assert rows > 0
        connection.execute("DELETE FROM hospital.doctors")
        connection.rollback()
    with psycopg.connect(url(roles.VIEWER)) as connection:
        assert connection.execute(count).fetchall() == [(rows,)]
    with psycopg.connect(url(roles.OWNER)) as connection:
        owners = connection.execute(
            "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'hospital'"
        ).fetchall()
    assert owners == [(roles.OWNER,)]
    status = hospital(place, "target", "status", "--json", **variables)
    assert f'"doctors": {rows}' in status
