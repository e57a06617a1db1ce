"""A lake in an object store, as a user has it: the same bytes, or a refusal in one line."""

import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from hospital_assets.registry import EXTRACTS
from hospital_assets.resources.lake import file_store
from tests.commands import Hospital, hospital_in, stop_servers

DAY = "2021-02-28"


@pytest.fixture
def hospital(bucket: str) -> Iterator[Hospital]:
    """The command `hospital` with a state folder of its own; its first argument is the lake."""

    def run(lake: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return hospital_in(Path(folder), HOSPITAL_LAKE=lake)(*arguments)

    # Not below pytest's own folder: another session that starts would close it to the server.
    with tempfile.TemporaryDirectory(prefix="hospital-") as folder:
        yield run
        stop_servers(Path(folder))


def manifests(lake: str) -> dict[str, bytes]:
    """The day's manifests, which have the hashes of its files."""
    place = file_store.at(lake)
    return {
        row.name: place.read(f"batch/{row.name}/manifest/{row.name}-{DAY}.json") for row in EXTRACTS
    }


def test_a_day_lies_in_a_bucket_as_it_does_in_a_folder(
    hospital: Hospital, bucket: str, tmp_path: Path
) -> None:
    folder, shared = str(tmp_path / "lake"), f"{bucket}/lake"
    for lake in (folder, shared):
        made = hospital(lake, "backfill", DAY, DAY)
        assert made.returncode == 0, made.stderr

    assert manifests(folder) == manifests(shared)
    verified = hospital(shared, "verify", DAY)
    assert "lake, database, streams and laws agree" in verified.stdout, verified.stderr
    status = json.loads(hospital(shared, "status", "--json").stdout)
    assert {status["lake_days"][row.name] for row in EXTRACTS} == {1}

    place = file_store.at(shared)
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
