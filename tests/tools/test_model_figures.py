"""The figures behind the pictures of the model, and the pictures themselves."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from hospital_assets.calendar.period import Period
from hospital_assets.configuration.settings import ROOT
from hospital_assets.registry import make_extracts
from hospital_assets.simulation import Hospital
from tests.hospitals import small_hospital
from tools.model_figures import Figures, figures
from tools.model_pictures import PICTURES, draw

_DAYS = Period(date(2021, 1, 28), date(2021, 2, 10))
_MOST_BYTES = 600_000


@pytest.fixture(scope="module")
def small() -> Hospital:
    return small_hospital()


@pytest.fixture(scope="module")
def found(small: Hospital) -> Figures:
    return figures(small, _DAYS)


def test_the_census_counts_who_is_in_a_bed_at_midnight(small: Hospital, found: Figures) -> None:
    day = date(2021, 2, 3)
    patients = make_extracts(small, Period(day, day))["patients"]
    in_bed = patients.filter(pl.col("bed").is_not_null(), pl.col("discharged_at").is_null())
    (row,) = found.census.filter(day=day).to_dicts()
    assert row["covid"] + row["others"] == in_bed.height
    assert row["covid"] > 0


def test_every_stay_is_counted_once(small: Hospital, found: Figures) -> None:
    patients = make_extracts(small, _DAYS)["patients"]
    stays = patients.filter(pl.col("encounter_class").cast(pl.String) == "inpatient")
    begun = stays.filter(pl.col("admitted_at").dt.date() >= _DAYS.first_day)
    assert found.admissions["len"].sum() == begun["encounter_id"].n_unique()
    ended = stays.filter(pl.col("discharged_at").is_not_null())
    assert found.stays.height == ended["encounter_id"].n_unique()


def test_the_living_are_the_city_without_its_dead(small: Hospital, found: Figures) -> None:
    population = small.population
    day = small.parameters.people.population.reference_day
    number = (day - date(1970, 1, 1)).days
    born = sum(int(population.births.before(sex, number)) for sex in (0, 1))
    living = int(found.people["people"].sum())
    assert 0.97 * born < living < born


def test_each_picture_is_drawn(found: Figures, tmp_path: Path) -> None:
    draw(found, tmp_path)
    assert {file.stem for file in tmp_path.iterdir()} == {one.__name__ for one in PICTURES}
    assert all(file.read_text().startswith("<svg") for file in tmp_path.iterdir())


def test_the_pictures_that_are_kept_are_small_and_shown() -> None:
    kept = list((ROOT / "docs" / "pictures").glob("*.svg"))
    assert sum(file.stat().st_size for file in kept) < _MOST_BYTES
    page = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    assert all(f"pictures/{file.name}" in page for file in kept)
