"""The figures of the pictures: what is counted agrees with the records and with the mart."""

from datetime import date

import polars as pl
import pytest

from hospital_assets.calendar.period import Period
from hospital_assets.insight.figures import FIGURES, Figures, beds_of, count, together
from hospital_assets.registry import make_all
from hospital_assets.simulation import Frames, Hospital
from tests.hospitals import small_hospital

DAYS = Period(date(2021, 1, 30), date(2021, 2, 2))


@pytest.fixture(scope="module")
def hospital() -> Hospital:
    return small_hospital()


@pytest.fixture(scope="module")
def frames(hospital: Hospital) -> Frames:
    return make_all(hospital, DAYS)


@pytest.fixture(scope="module")
def found(frames: Frames) -> Figures:
    return count(FIGURES, frames)


def test_who_comes_is_counted_once_by_hour_and_by_age(frames: Frames, found: Figures) -> None:
    here = frames["patients"].filter(pl.col("admitted_at").dt.date() == pl.col("census_date"))
    assert found["ages"]["len"].sum() == here.height
    visits = here.filter(pl.col("encounter_class").cast(pl.String) != "inpatient")
    of_visits = found["arrivals"].filter(
        ~pl.col("kind").is_in(["planned admissions", "deliveries"])
    )
    assert of_visits["len"].sum() == visits.height


def test_a_planned_shift_is_worked_by_one_or_by_nobody(frames: Frames, found: Figures) -> None:
    by = dict(found["roster"].group_by("worked_by").agg(pl.col("len").sum()).iter_rows())
    shifts, absences = frames["staff_assignments"], frames["absences"]
    assert by["holder"] + by["reserve"] == shifts.height
    assert by["reserve"] + by["nobody"] == absences.height
    assert by["nobody"] > 0


def test_the_census_is_that_of_the_mart(found: Figures) -> None:
    mart = found["flow"].group_by("day").agg(pl.col("census").sum()).sort("day")
    assert (found["census"]["covid"] + found["census"]["others"]).to_list() == mart[
        "census"
    ].to_list()


def test_ranges_are_counted_together(hospital: Hospital, found: Figures, frames: Frames) -> None:
    names = ("census", "admissions")
    parts = [
        count(names, {"patients": frames["patients"].filter(pl.col("census_date") == day)})
        for day in DAYS.days
    ]
    whole = together(parts)
    assert whole["census"].equals(found["census"])
    assert whole["admissions"]["len"].sum() == found["admissions"]["len"].sum()


def test_a_figure_reads_no_other_records_than_it_says(frames: Frames, found: Figures) -> None:
    for name, figure in FIGURES.items():
        alone = figure.count({record: frames[record] for record in figure.reads})
        assert alone.height == found[name].height


def test_the_beds_are_those_of_the_configuration(hospital: Hospital) -> None:
    pools = hospital.parameters.inpatients.beds.pools
    assert beds_of(hospital.parameters)["beds"].sum() == sum(pool.beds for pool in pools)
