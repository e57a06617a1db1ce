"""Records as plain files: the lake's bytes without a server."""

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from hospital_assets.calendar.period import Period
from hospital_assets.contracts.patients import PATIENTS
from hospital_assets.operations.generation import GenerationError, generate
from hospital_assets.registry import EXTRACTS, REGISTRY, make_extracts
from hospital_assets.resources.lake.resource import Lake
from hospital_assets.simulation import Hospital
from tests.commands import hospital_in
from tests.hospitals import small_hospital

DAYS = Period(date(2021, 2, 28), date(2021, 3, 1))
EVERYTHING = [row.name for row in REGISTRY]


@pytest.fixture(scope="module")
def hospital() -> Hospital:
    """A quarter of the hospital."""
    return small_hospital()


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_days_file_is_byte_for_byte_the_lakes(
    form: str, hospital: Hospital, tmp_path: Path
) -> None:
    lake = Lake(str(tmp_path / "lake"))
    frames = make_extracts(hospital, DAYS)
    for row in EXTRACTS:
        lake.write(row.contract, frames[row.name], "fingerprint")
    assert sum(generate(hospital, DAYS, tmp_path / "out", form, EVERYTHING)) == DAYS.length
    for row in EXTRACTS:
        for day in DAYS.days:
            there = tmp_path / "lake" / "batch" / row.name / form / f"{row.name}-{day}.{form}"
            ours = tmp_path / "out" / row.name / f"{row.name}-{day}.{form}"
            assert ours.read_bytes() == there.read_bytes(), ours.name


def test_lines_of_json_hold_every_row_with_the_texts_of_the_csv(
    hospital: Hospital, tmp_path: Path
) -> None:
    for form in ("csv", "ndjson"):
        list(generate(hospital, DAYS, tmp_path, form, ["patients"]))
    name = f"patients/patients-{DAYS.last_day}"
    lines = (tmp_path / f"{name}.ndjson").read_text(encoding="utf-8").splitlines()
    rows = pl.read_csv(tmp_path / f"{name}.csv", infer_schema=False).to_dicts()
    found = [json.loads(line) for line in lines]
    assert [
        {column: None if value is None else str(value) for column, value in row.items()}
        for row in found
    ] == rows


def test_only_what_was_asked_for_is_written(hospital: Hospital, tmp_path: Path) -> None:
    list(generate(hospital, DAYS, tmp_path, "csv", ["patients", "patient_flow"]))
    assert {name.split("/")[0] for name in files(tmp_path)} == {"patients", "patient_flow"}


def test_a_folder_that_is_a_file_is_refused_in_one_line(hospital: Hospital, tmp_path: Path) -> None:
    place = tmp_path / "taken"
    place.write_text("mine", encoding="utf-8")
    with pytest.raises(GenerationError, match="taken"):
        list(generate(hospital, DAYS, place, "csv", [PATIENTS.name]))
    assert place.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("arguments", "expectation"),
    [
        (["--format", "xml"], "'xml' is no format"),
        (["--tables", "people,persons"], "'persons' is no table"),
    ],
)
def test_the_command_refuses_what_it_does_not_know(
    arguments: list[str], expectation: str, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    refused = hospital_in(tmp_path)(
        "generate", "2021-03-01", "2021-03-01", "--out", str(out), *arguments
    )
    assert refused.returncode == 2
    assert expectation in refused.stderr
    assert not out.exists()


def test_the_command_starts_no_server(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = hospital_in(tmp_path)("generate", "2021-03-01", "2021-03-02", "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert len(files(out)) == 2 * len(EVERYTHING)
    state = tmp_path / "state"
    assert not (state / "postgres").exists()
    assert not (state / "kafka").exists()
