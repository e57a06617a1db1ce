"""The commands for records, run as a user runs them: in a process, state and lake of their own."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import Hospital, hospital_in, keep_servers, stop_servers

FIRST, SECOND, THIRD = "2021-02-27", "2021-02-28", "2021-03-01"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder whose servers are up, as beside `hospital up`, and stopped after the last test."""
    path = tmp_path_factory.mktemp("installation")
    keep_servers(path)
    yield path
    stop_servers(path)


@pytest.fixture(scope="module")
def materialized(folder: Path) -> subprocess.CompletedProcess[str]:
    """The outcome of the very first command: a record of one day."""
    return hospital_in(folder)("materialize", "doctors", SECOND)


@pytest.fixture(scope="module")
def backfilled(
    folder: Path, materialized: subprocess.CompletedProcess[str]
) -> subprocess.CompletedProcess[str]:
    """The outcome of a backfill over the border of a month, after that."""
    return hospital_in(folder)("backfill", FIRST, THIRD)


@pytest.fixture
def hospital(folder: Path, backfilled: subprocess.CompletedProcess[str]) -> Hospital:
    """The command in an installation with three days."""
    assert backfilled.returncode == 0, backfilled.stderr
    return hospital_in(folder)


@pytest.mark.parametrize(
    ("arguments", "expectation"),
    [
        (["materialize", "people", "2020-11-30"], "outside the period 2020-12-01 to 2025-03-31"),
        (["materialize", "people", "2025-04-01"], "outside the period"),
        (["materialize", "people", "yesterday"], "'yesterday' is not a day"),
        (["materialize", "people", "2021-02-29"], "is not a day"),
        (["materialize", "people", "20210101"], "write it as 2021-03-01"),
        (["verify", "2021-W01-1"], "write it as 2021-03-01"),
        (["materialize", "persons", "2021-03-01"], "'persons' is no asset"),
        (["materialize", "people"], "Missing argument"),
        (["backfill", "2021-03-31", "2021-03-01"], "the range is reversed"),
        (["backfill", "2021-03-01", "2026-03-01"], "outside the period"),
        (["backfill", "2021-03-01"], "Missing argument"),
        (["verify", "2021-03-02", "2021-03-01"], "the range is reversed"),
        (["verify", "2019-03-02"], "outside the period"),
        (["status", "--yaml"], "No such option"),
        (["--loud"], "No such option"),
        (["cure", "people"], "No such command"),
    ],
)
def test_bad_arguments_are_refused_in_one_line_before_anything_starts(
    arguments: list[str], expectation: str, tmp_path: Path
) -> None:
    result = hospital_in(tmp_path)(*arguments)
    assert result.returncode == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith("hospital: ")
    assert expectation in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_materialize_makes_the_record_with_what_it_is_made_from(
    materialized: subprocess.CompletedProcess[str], folder: Path
) -> None:
    assert materialized.returncode == 0, materialized.stderr
    for name in ("people", "doctors"):
        assert (folder / f"lake/batch/{name}/csv/{name}-{SECOND}.csv").is_file()
    assert "warehouse/doctors" in materialized.stdout
    assert SECOND in materialized.stdout


def test_backfill_makes_what_is_missing(backfilled: subprocess.CompletedProcess[str]) -> None:
    """The day with doctors alone counts as missing."""
    assert backfilled.returncode == 0, backfilled.stderr
    assert "Backfilled 3 days; 0 were there already." in backfilled.stdout


def test_backfill_leaves_alone_what_is_there(hospital: Hospital) -> None:
    again = hospital("backfill", FIRST, THIRD)
    assert again.returncode == 0
    assert "Backfilled 0 days; 3 were there already." in again.stdout


def test_a_day_whose_files_are_gone_is_made_again(hospital: Hospital, folder: Path) -> None:
    file = folder / f"lake/batch/doctors/parquet/doctors-{SECOND}.parquet"
    file.unlink()
    again = hospital("backfill", FIRST, THIRD)
    assert again.returncode == 0
    assert "Backfilled 1 days; 2 were there already." in again.stdout
    assert file.exists()


def test_status_prints_json_that_parses(hospital: Hospital) -> None:
    result = hospital("status", "--json")
    assert result.returncode == 0
    status = json.loads(result.stdout)
    assert (status["newest_day"], status["days_there"]) == (None, 0), "none of the clock's days"
    assert status["days_ahead"] == [FIRST, SECOND, THIRD], "made by hand"
    assert status["tick_seconds"] == 900
    # The clock began with the first command, a week back; none of these days is one of the three.
    assert status["days_due"] in (7, 8), "8 once a quarter of an hour has passed"
    assert status["gaps"][0] == "2020-12-01"
    assert status["under_way"] == []
    assert status["lake_days"]["patients"] == 3
    assert status["table_rows"]["patients"] > 1000
    assert status["table_rows"]["transfers"] == 3 * 15, "ahead of the clock, through Kafka"
    assert status["table_rows"]["patient_flow"] > 0
    assert sum(status["lag"].values()) == 0


def test_status_prints_a_table(hospital: Hospital) -> None:
    result = hospital("status")
    assert result.returncode == 0
    assert THIRD in result.stdout
    assert "3 days made by hand" in result.stdout


def test_verify_finds_a_clean_hospital_clean(hospital: Hospital) -> None:
    result = hospital("verify", FIRST, THIRD)
    assert result.returncode == 0, result.stdout
    assert "agree with the simulation" in result.stdout


def test_verify_names_the_place_and_exits_with_1_where_something_differs(
    hospital: Hospital, folder: Path
) -> None:
    file = folder / f"lake/batch/patients/csv/patients-{SECOND}.csv"
    content = file.read_bytes()
    file.write_bytes(content.replace(b"home", b"hone", 1))
    try:
        result = hospital("verify")
    finally:
        file.write_bytes(content)
    assert result.returncode == 1
    assert f"{SECOND} patients, lake: " in result.stdout
    assert file.name in result.stdout
    assert "1 differences in 3 days." in result.stdout


def test_what_is_damaged_is_mended_by_the_commands_that_verify_names(
    hospital: Hospital, folder: Path
) -> None:
    for statement in (
        "UPDATE hospital.transfers SET bed = 'X' WHERE transfer_date = '2021-02-28' AND slot = 1",
        "DELETE FROM hospital.transfers WHERE transfer_date = '2021-02-28' AND slot = 2",
        "UPDATE hospital.patients SET bed = 'XX-1' WHERE census_date = '2021-02-28'",
        "DELETE FROM hospital.patient_flow WHERE flow_date = '2021-02-28'",
    ):
        assert hospital("sql", "-c", statement).returncode == 0
    file = min((folder / "lake/stream/transfers").glob("*.jsonl"))
    file.write_bytes(file.read_bytes().replace(b'"slot":', b'"slot": ', 1))

    found = hospital("verify")
    assert found.returncode == 1
    # In this order, since each mends what the next is made of.
    named = list(dict.fromkeys(re.findall("`hospital (.*?)`", found.stdout)))
    assert named == [
        "stream repair --stream transfers",
        f"materialize patients {SECOND}",
        f"materialize patient_flow {SECOND}",
    ]
    for problem in ("not the event that was landed", "is gone", "is not what was landed"):
        assert problem in found.stdout
    for command in named:
        mended = hospital(*command.split())
        assert mended.returncode == 0, mended.stderr
    again = hospital("verify")
    assert again.returncode == 0, again.stdout


def test_verify_of_a_day_that_was_never_made_says_so(hospital: Hospital) -> None:
    result = hospital("verify", "2022-01-01")
    assert result.returncode == 1
    assert "2022-01-01 people, lake: missing" in result.stdout
    assert "2022-01-01 patients, database: missing" in result.stdout


def test_verify_tells_programs_each_difference_and_nothing_else(hospital: Hospital) -> None:
    result = hospital("verify", "2022-01-01", "--json")
    assert result.returncode == 1
    told = json.loads(result.stdout)
    assert told["days"] == 1
    missing = {"day": "2022-01-01", "record": "people", "place": "lake", "problem": "missing"}
    assert {**missing, "remedy": "hospital materialize people 2022-01-01"} in told["differences"]


def test_another_hospital_is_refused_in_one_line(hospital: Hospital, folder: Path) -> None:
    """The same database and lake, but another seed."""
    result = hospital_in(folder, HOSPITAL_SEED="7")("materialize", "people", "2021-03-05")
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    assert "the database holds hospital" in result.stderr
    assert not (folder / "lake/batch/people/csv/people-2021-03-05.csv").exists()


def test_missing_config_files_are_named_in_one_line(tmp_path: Path) -> None:
    configs = tmp_path / "configs"
    configs.mkdir()
    result = hospital_in(tmp_path, HOSPITAL_CONFIGS=str(configs))("verify", FIRST)
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    assert "hospital.toml" in result.stderr
    assert not (tmp_path / "state").exists()
