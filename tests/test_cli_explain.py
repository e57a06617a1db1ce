"""The command `hospital explain`, run as a user runs it: from the database, or without any."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from hospital_assets.calendar.period import Period
from hospital_assets.contracts.transfers import TRANSFERS
from hospital_assets.registry import make_extracts, registration
from hospital_assets.simulation import Frames
from tests.commands import hospital_in, stop_servers
from tests.hospitals import small_hospital

DAY = date(2022, 3, 1)


@pytest.fixture(scope="module")
def frames() -> Frames:
    """The records of a day of the hospital that the commands are about."""
    hospital = small_hospital()
    days = Period(DAY, DAY)
    made = make_extracts(hospital, days)
    return made | {TRANSFERS.name: registration(TRANSFERS).rows(hospital, days, {})}


@pytest.fixture(scope="module")
def stay(frames: Frames) -> int:
    """A stay that ends on the day."""
    ended = pl.col("discharged_at").is_not_null() & pl.col("bed").is_not_null()
    return int(frames["patients"].filter(ended).sort("admitted_at")["encounter_id"][-1])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the day in its database; its server is stopped after the last test."""
    path = tmp_path_factory.mktemp("installation")
    made = hospital_in(path)("materialize", "diagnoses", str(DAY))
    assert made.returncode == 0, made.stderr
    yield path
    stop_servers(path)


def test_without_a_database_the_simulation_tells_and_no_server_starts(
    stay: int, tmp_path: Path
) -> None:
    result = hospital_in(tmp_path)("explain", str(stay))
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    assert f"Inpatient encounter {stay}" in result.stdout
    for text in ("admitted: ", "into a bed: ", "coded: ", "leaves: ", "From the simulation."):
        assert text in result.stdout
    assert not (tmp_path / "state" / "postgres").exists()
    assert not (tmp_path / "lake").exists()


def test_a_transfer_is_told_as_json(frames: Frames, tmp_path: Path) -> None:
    transfer = frames["transfers"].row(0, named=True)
    result = hospital_in(tmp_path)("explain", transfer["transfer_id"], "--json")
    assert result.returncode == 0, result.stderr
    told = json.loads(result.stdout)
    assert (told["kind"], told["id"]) == ("transfer", transfer["transfer_id"])
    assert told["facts"]["to"] == transfer["facility"]
    events = [one for one in told["moments"] if one["record"] == "transfers"]
    assert [one["at"] for one in events] == [str(transfer["departed_at"])]


def test_what_the_database_has_is_told_from_there(stay: int, folder: Path) -> None:
    result = hospital_in(folder)("explain", str(stay), "--json")
    assert result.returncode == 0, result.stderr
    told = json.loads(result.stdout)
    assert told["source"] == f"PostgreSQL, which has 1 days, {DAY} to {DAY}"
    assert told["facts"]["days in `patients`"].startswith("1, ")
    assert any(one["what"].startswith("leaves: ") for one in told["moments"])


def test_what_the_database_lacks_is_told_by_the_simulation(folder: Path, frames: Frames) -> None:
    transfer = frames["transfers"]["transfer_id"][0]
    result = hospital_in(folder)("explain", transfer)
    assert result.returncode == 0, result.stderr
    assert "From the simulation." in result.stdout


@pytest.mark.parametrize(
    ("identifier", "code", "expectation"),
    [
        ("yesterday", 2, "'yesterday' is no id"),
        ("1000000000000", 1, "no encounter 1000000000000: neither the database"),
        ("99999999", 1, "no person 99999999"),
        ("8999999", 1, "no member of staff 8999999"),
        ("3175f075-8ffe-5947-af5f-fe56c17795de", 1, "no transfer 3175f075"),
    ],
)
def test_an_unknown_id_is_refused_in_one_line(
    identifier: str, code: int, expectation: str, tmp_path: Path
) -> None:
    result = hospital_in(tmp_path)("explain", identifier)
    assert result.returncode == code
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert expectation in result.stderr
