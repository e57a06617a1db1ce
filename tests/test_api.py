"""The hospital for other programs: the lake's rows in memory, without server or Dagster."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from hospital_assets.api import Hospital, RequestError
from hospital_assets.calendar.period import Period
from hospital_assets.configuration.settings import ROOT, SettingsError
from hospital_assets.errors import HospitalError
from hospital_assets.operations.generation import generate
from hospital_assets.registry import REGISTRY
from tests.commands import environment_in

DAY = date(2021, 3, 1)
BEFORE = date(2021, 2, 28)


@pytest.fixture(scope="module")
def hospital() -> Hospital:
    return Hospital.load(profile="small", seed=1)


def test_a_day_has_the_rows_columns_and_order_of_the_lakes_files(
    hospital: Hospital, tmp_path: Path
) -> None:
    frames = hospital.day(DAY)
    list(generate(hospital._simulated, Period(DAY, DAY), tmp_path, "parquet", hospital.tables))
    assert list(frames) == [row.name for row in REGISTRY]
    for name, frame in frames.items():
        assert_frame_equal(frame, pl.read_parquet(tmp_path / name / f"{name}-{DAY}.parquet"))


def test_a_range_holds_each_of_its_days_as_that_day_is_alone(hospital: Hospital) -> None:
    both = hospital.between(BEFORE, DAY, "patients")["patients"]
    alone = [hospital.day(day, "patients")["patients"] for day in (BEFORE, DAY)]
    assert_frame_equal(both, pl.concat(alone))


def test_only_the_tables_that_were_asked_for_are_given(hospital: Hospital) -> None:
    assert set(hospital.day(DAY, "diagnoses", "people")) == {"diagnoses", "people"}


def test_another_seed_is_another_hospital_and_the_same_seed_the_same(hospital: Hospital) -> None:
    ours = hospital.day(DAY, "patients")["patients"]
    same = Hospital.load(profile="small", seed=1).day(DAY, "patients")["patients"]
    other = Hospital.load(profile="small", seed=2).day(DAY, "patients")["patients"]
    assert ours.equals(same)
    assert not ours.equals(other)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2020, 11, 30), DAY),
        (DAY, date(2025, 4, 1)),
        (DAY, BEFORE),
    ],
)
def test_days_that_it_does_not_have_are_refused_with_those_it_has(
    first: date, last: date, hospital: Hospital
) -> None:
    with pytest.raises(RequestError, match="2020-12-01 to 2025-03-31"):
        hospital.between(first, last)


def test_a_name_that_is_no_tables_is_refused_with_those_that_are(hospital: Hospital) -> None:
    with pytest.raises(RequestError, match=r"'wards' is no table; choose from people, "):
        hospital.day(DAY, "patients", "wards")


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_a_seed_that_the_settings_refuse_is_refused(seed: int) -> None:
    with pytest.raises(SettingsError, match="seed"):
        Hospital.load(profile="small", seed=seed)


def test_a_profile_that_is_not_there_is_refused_with_its_file() -> None:
    with pytest.raises(HospitalError, match=r"middling\.toml"):
        Hospital.load(profile="middling")


def test_it_follows_the_settings_writes_nothing_and_imports_no_dagster(tmp_path: Path) -> None:
    program = (
        "import sys; from hospital_assets.api import Hospital; hospital = Hospital.load();"
        " frames = hospital.day(hospital.first_day, 'staff_assignments');"
        " print(frames['staff_assignments'].height < 2000, 'dagster' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**environment_in(tmp_path), "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["True", "False"]
    assert list(tmp_path.iterdir()) == []
