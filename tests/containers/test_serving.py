"""`hospital serve`: a program starts once all is in order, and else ends with one line."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hospital_assets.configuration.settings import ROOT, Settings
from hospital_assets.containers import roles
from hospital_assets.containers.health import is_serving
from hospital_assets.containers.secrets import SecretFolder
from hospital_assets.state.folder import StateFolder, is_free
from tests.commands import COMMAND
from tests.patience import PATIENCE_SECONDS

SERVE = [*COMMAND, "serve"]


@pytest.fixture
def environment(deployed: Settings, folder: SecretFolder, tmp_path: Path) -> dict[str, str]:
    """What the batch ingestor's container has around it."""
    database = deployed.database
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOSPITAL_")}
    return {
        **kept,
        "DAGSTER_HOME": str(ROOT),
        "HOSPITAL_STATE": str(tmp_path / "state"),
        "HOSPITAL_LAKE": str(tmp_path / "lake"),
        "HOSPITAL_DATABASE__MODE": "server",
        "HOSPITAL_DATABASE__HOST": database.host,
        "HOSPITAL_DATABASE__PORT": str(database.port),
        "HOSPITAL_DATABASE__HOSPITAL_DATABASE": database.hospital_database,
        "HOSPITAL_DATABASE__DAGSTER_DATABASE": database.dagster_database,
        "HOSPITAL_DATABASE__USER": roles.INGEST,
        "HOSPITAL_DATABASE__PASSWORD_FILE": str(folder.path / "ingest_password"),
        "HOSPITAL_DATABASE__DAGSTER_USER": roles.DAGSTER,
        "HOSPITAL_DATABASE__DAGSTER_PASSWORD_FILE": str(folder.path / "dagster_password"),
    }


def complaint(environment: dict[str, str], *arguments: str) -> str:
    """Return the one line with which a program ends that can't start."""
    done = subprocess.run(
        [*SERVE, *arguments],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    return line


@contextmanager
def started(environment: dict[str, str], *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [*SERVE, *arguments], env=environment, cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE_SECONDS)


@pytest.mark.parametrize("secret", ["PASSWORD_FILE", "DAGSTER_PASSWORD_FILE"])
def test_a_missing_secret_is_named(
    secret: str, environment: dict[str, str], tmp_path: Path
) -> None:
    missing = str(tmp_path / "missing")
    line = complaint(environment | {f"HOSPITAL_DATABASE__{secret}": missing}, "batch_ingestor")
    assert f"HOSPITAL_DATABASE__{secret}" in line
    assert missing in line


def test_a_wrong_password_is_told_and_not_tried_for_ever(
    environment: dict[str, str], tmp_path: Path
) -> None:
    wrong = tmp_path / "password"
    wrong.write_text("not-the-password")
    file = {"HOSPITAL_DATABASE__PASSWORD_FILE": str(wrong)}
    line = complaint(environment | file, "batch_ingestor")
    assert 'password authentication failed for user "ingest_rw"' in line
    assert "not-the-password" not in line


def test_an_unreadable_config_is_named(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "hospital.toml").write_text("beds = [")
    line = complaint(environment | {"HOSPITAL_CONFIGS": str(tmp_path)}, "batch_ingestor")
    assert f"{tmp_path / 'hospital.toml'}: not readable as toml" in line


def test_an_unknown_server_is_told_which_there_are(environment: dict[str, str]) -> None:
    assert "choose from producer, stream_processor" in complaint(environment, "ingestor")


def test_a_service_that_is_away_is_waited_for_and_named_once(environment: dict[str, str]) -> None:
    away = environment | {"HOSPITAL_DATABASE__PORT": "1"}
    with started(away, "scheduler") as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        assert "waiting for PostgreSQL at 127.0.0.1:1, database" in line
        assert "Connection refused" in line
        assert process.poll() is None


def test_a_location_answers_once_it_serves(environment: dict[str, str], tmp_path: Path) -> None:
    port = StateFolder(tmp_path / "ports").free_port("code")
    address = f"127.0.0.1:{port}"
    assert not is_serving(address)
    with started(environment, "batch_ingestor", "--port", str(port)) as process:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while is_free(port):
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.2)
        assert is_serving(address)
