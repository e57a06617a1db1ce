"""Looking up by id: the days that are found are those on which the records have the id."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from hospital_assets.calendar.period import Period
from hospital_assets.registry import make_extracts
from hospital_assets.simulation import Frames, Hospital
from hospital_assets.simulation.chance.draws import Cipher, DrawStream
from hospital_assets.simulation.dates import day_of
from hospital_assets.simulation.lookup import (
    days_of_encounter,
    days_of_person,
    days_of_staff,
    is_person,
)
from tests.hospitals import small_hospital

DAYS = Period(date(2022, 3, 1), date(2022, 3, 12))


@pytest.fixture(scope="module")
def hospital() -> Hospital:
    return small_hospital()


@pytest.fixture(scope="module")
def frames(hospital: Hospital) -> Frames:
    return make_extracts(hospital, DAYS)


@pytest.mark.parametrize("width", [24, 31, 40])
def test_a_cipher_is_undone(width: int) -> None:
    cipher = Cipher(DrawStream(1, "ids"), width)
    serial = np.arange(0, 1 << width, (1 << width) // 997)
    assert (cipher.backward(cipher.forward(serial)) == serial).all()


def test_every_encounter_is_found_on_its_days(hospital: Hospital, frames: Frames) -> None:
    """Of each class and source some: stays, and visits before, after and without one."""
    patients = frames["patients"].filter(
        pl.col("admitted_at").dt.date() >= DAYS.first_day, pl.col("discharged_at").is_not_null()
    )
    few = patients.group_by("encounter_class", "disposition", "admission_source").agg(
        pl.col("encounter_id").sort().head(3)
    )
    chosen = few.explode("encounter_id")["encounter_id"].to_list()
    assert len(chosen) > 15
    days = dict(
        frames["patients"].group_by("encounter_id").agg(pl.col("census_date").sort()).iter_rows()
    )
    found = {one: [day_of(day) for day in days_of_encounter(hospital, one)] for one in chosen}
    assert found == {one: days[one] for one in chosen}


@pytest.mark.parametrize("encounter_id", [1_000_000_000_000, 9_999_999_999_999])
def test_an_encounter_that_nobody_has_is_not_found(hospital: Hospital, encounter_id: int) -> None:
    assert not len(days_of_encounter(hospital, encounter_id))


def test_a_person_is_found_on_the_days_of_the_records(hospital: Hospital, frames: Frames) -> None:
    patients = frames["patients"].group_by("person_id").agg(pl.col("census_date").unique())
    frequent = patients.sort(pl.col("census_date").list.len(), "person_id").tail(2)
    for person_id, days in frequent.iter_rows():
        found = {day_of(day) for day in days_of_person(hospital, person_id, DAYS)}
        assert set(days) <= found
        assert is_person(hospital, person_id)


def test_a_number_beyond_all_ids_is_not_taken_for_anybodys(hospital: Hospital) -> None:
    """Ids have a bounded width; of larger numbers many would lead to somebody."""
    beyond = range(10_000_000 + (1 << 24), 10_000_000 + (1 << 24) + 200)
    assert not any(is_person(hospital, number) for number in beyond)


def test_staff_are_found_on_the_days_of_their_shifts(hospital: Hospital, frames: Frames) -> None:
    shifts = frames["staff_assignments"].select("work_date", "staff_id")
    missed = frames["absences"].select(work_date="absence_date", staff_id="staff_id")
    staff_id = shifts["staff_id"][0]
    both = pl.concat([shifts, missed]).filter(pl.col("staff_id") == staff_id)
    found = {day_of(day) for day in days_of_staff(hospital, staff_id, DAYS)}
    assert found == set(both["work_date"])
    assert DAYS.first_day - timedelta(days=1) not in found
