"""A lake in an object store, as a user has it: the same bytes, or a refusal in one line."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hospital_assets.contracts import RECORD_TYPES
from hospital_assets.local import embedded_postgres
from hospital_assets.resources import storage
from hospital_assets.settings import ROOT, Settings

DAY = "2021-02-28"

Hospital = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def hospital(bucket: str) -> Iterator[Hospital]:
    """The command `hospital` with a state folder of its own, and the store in its environment."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOSPITAL_")}
    kept.pop("DAGSTER_HOME", None)

    def run(lake: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "hospital_assets.cli", *arguments],
            env={
                **kept,
                "HOSPITAL_STATE": f"{folder}/state",
                "HOSPITAL_PROFILE": "small",
                "HOSPITAL_LAKE": lake,
                "COLUMNS": "200",
            },
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    # Not below pytest's own folder: another session that starts would close it to the server.
    with tempfile.TemporaryDirectory(prefix="hospital-") as folder:
        yield run
        embedded_postgres(Settings(state=Path(folder, "state"))).stop()


def manifests(lake: str) -> dict[str, bytes]:
    """The day's manifests, which have the hashes of its files."""
    place = storage.at(lake)
    return {
        record.name: place.read(f"batch/{record.name}/manifest/{record.name}-{DAY}.json")
        for record in RECORD_TYPES
    }


def test_a_day_lies_in_a_bucket_as_it_does_in_a_folder(
    hospital: Hospital, bucket: str, tmp_path: Path
) -> None:
    folder, shared = str(tmp_path / "lake"), f"{bucket}/lake"
    for lake in (folder, shared):
        made = hospital(lake, "materialize", "patients", DAY)
        assert made.returncode == 0, made.stderr

    assert manifests(folder) == manifests(shared)
    verified = hospital(shared, "verify", DAY)
    assert "lake, database and laws agree" in verified.stdout, verified.stderr
    status = json.loads(hospital(shared, "status", "--json").stdout)
    assert set(status["lake_days"].values()) == {1}

    place = storage.at(shared)
    name = f"batch/patients/csv/patients-{DAY}.csv"
    place.replace([[(name, place.read(name)[:-1])]])
    found = hospital(shared, "verify", DAY)
    assert found.returncode == 1
    assert f"{shared}/{name} is not what its manifest says" in found.stdout


def test_a_bucket_that_is_not_there_fails_the_command_in_one_line(
    hospital: Hospital, bucket: str
) -> None:
    missing = f"{bucket}-missing/lake"

    for result in (hospital(missing, "verify"), hospital(missing, "materialize", "people", DAY)):
        assert result.returncode == 1
        assert f"{missing}: no such bucket: make it, or correct HOSPITAL_LAKE" in result.stderr
        assert len(result.stderr.splitlines()) == 1
    found = hospital(missing, "doctor")
    assert found.returncode == 1
    assert f"{missing}: no such bucket" in found.stdout
