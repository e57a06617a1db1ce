"""New patients: their number, and who they are."""

from datetime import date

import numpy as np
import pytest

from hospital_assets.simulation.parameters.beds import CHILDREN, NEWBORNS
from hospital_assets.simulation.stays.arrivals import Arrivals, arrivals
from hospital_assets.simulation.stays.model import StayModel
from hospital_assets.simulation.stays.patients import PLANNED, Patients
from tests.simulation.stays import stay_files


@pytest.fixture(scope="module")
def coming(full_model: StayModel) -> Arrivals:
    return arrivals(full_model)


def test_a_serial_number_is_given_once(coming: Arrivals) -> None:
    assert len(np.unique(coming.serial)) == len(coming.serial)


def test_a_longer_period_brings_the_same_patients(coming: Arrivals) -> None:
    longer = arrivals(stay_files.model("full", date(2023, 1, 1), date(2024, 6, 30)))
    before = longer.day <= coming.day.max()
    for name in ("serial", "pool", "diagnosis", "route", "day"):
        assert np.array_equal(getattr(coming, name), getattr(longer, name)[before])


def test_counts_of_a_day_scatter_by_chance(full_model: StayModel, coming: Arrivals) -> None:
    # One family in one pool: its count has the mean that its intensity says, and that variance.
    mix = full_model.mix
    pool, family = mix.pools.index("Surgery"), mix.families.index("acute_surgery")
    mine = (coming.pool == pool) & (mix.family[coming.diagnosis] == family) & (coming.route == 0)
    days = full_model.closing_day + 1 - full_model.opening_day
    settled = slice(90, days)
    counts = np.bincount(coming.day[mine] - full_model.opening_day, minlength=days)[settled]
    level = full_model.pressure.emergency[family, :days][settled]
    expected = level * (counts.sum() / level.sum())
    dispersion = ((counts - expected) ** 2 / expected).mean()
    assert 0.8 < dispersion < 1.25


def test_a_quarter_of_the_beds_gets_a_quarter_of_the_patients(
    small_model: StayModel, coming: Arrivals
) -> None:
    pool = small_model.mix.pools.index("Medicine")
    few, many = (int((each.pool == pool).sum()) for each in (arrivals(small_model), coming))
    assert few / many == pytest.approx(66 / 265, rel=0.08)


def test_patients_come_to_beds_where_their_disease_is_treated(
    full_model: StayModel, coming: Arrivals
) -> None:
    assert (full_model.mix.admissions[coming.diagnosis, coming.pool] > 0).all()
    assert not (coming.pool == full_model.pools.of_kind(NEWBORNS)).any()


def test_planned_patients_come_in_the_morning_of_a_working_day(
    full_model: StayModel, full_patients: Patients
) -> None:
    planned = full_patients.route == PLANNED
    minute = full_patients.arrived[planned]
    assert full_model.pressure.works_on(minute // 1440).all()
    assert ((minute % 1440 >= 6 * 60) & (minute % 1440 < 11 * 60)).all()


def test_children_lie_among_children(full_model: StayModel, full_patients: Patients) -> None:
    child = full_patients.age_band < full_model.mix.adult_band
    assert np.array_equal(child, full_patients.pool == full_model.pools.of_kind(CHILDREN))


def test_sexes_are_those_of_the_disease(full_model: StayModel, full_patients: Patients) -> None:
    share = full_model.mix.female_share[full_patients.diagnosis]
    female = full_patients.sex == 0
    assert female[share == 1].all()
    assert not female[share == 0].any()
    assaulted = full_patients.diagnosis == full_model.mix.row("X99.0")
    assert female[assaulted].mean() == pytest.approx(0.10, abs=0.02)


def test_ages_are_those_of_the_disease(full_model: StayModel, full_patients: Patients) -> None:
    ages = full_model.mix.band_middles[full_patients.age_band]

    def mean_age(code: str) -> float:
        return float(ages[full_patients.diagnosis == full_model.mix.row(code)].mean())

    assert mean_age("S72.0") > 65
    assert 25 < mean_age("X99.0") < 36
    assert 25 < mean_age("O80.9") < 30
    assert mean_age("J21.9") < 2
    assert 39 < mean_age("D25.9") < 46
    assert 35 < mean_age("A15.0") < 46


def test_first_stays_stand_in_order_of_arrival(full_patients: Patients) -> None:
    key = list(zip(full_patients.arrived.tolist(), full_patients.serial.tolist(), strict=True))
    assert key == sorted(key)
    assert np.array_equal(full_patients.root, full_patients.serial)
    assert np.array_equal(full_patients.root_row, np.arange(len(full_patients)))


def test_a_decision_takes_longer_in_a_crowded_department(
    full_model: StayModel, full_patients: Patients
) -> None:
    some = full_patients.select(~full_patients.direct)
    waited = some.decided - some.arrived
    crowded = full_model.pressure.crowding_at(some.arrived)
    low, high = np.quantile(crowded, [0.1, 0.9])
    assert np.median(waited[crowded >= high]) > 1.1 * np.median(waited[crowded <= low])
    assert waited.min() >= 40
    assert (some.ready > some.decided).all()
    direct = full_patients.select(full_patients.direct)
    assert np.array_equal(direct.ready, direct.arrived + 15)
