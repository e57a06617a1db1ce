"""The course of stays, before any bed is given."""

from itertools import pairwise

import numpy as np
import pytest

from hospital_assets.simulation.parameters.beds import HIGH_CARE, INTENSIVE
from hospital_assets.simulation.stays.model import StayModel
from hospital_assets.simulation.stays.patients import PLANNED, Patients
from hospital_assets.simulation.stays.returns import with_returns
from hospital_assets.simulation.stays.timelines import REQUESTS, Timelines, timelines

DAY, HOUR = 1440, 60


@pytest.fixture(scope="module")
def first(full_model: StayModel, full_patients: Patients) -> Timelines:
    return timelines(full_model, full_patients)


@pytest.fixture(scope="module")
def chains(full_model: StayModel, first: Timelines) -> Timelines:
    return with_returns(full_model, first)


def died_of(model: StayModel, stays: Timelines, code: str) -> float:
    return float(stays.died[stays.diagnosis == model.mix.row(code)].mean())


def test_a_stay_has_the_same_course_in_any_company(
    full_model: StayModel, full_patients: Patients, first: Timelines
) -> None:
    some = np.arange(0, len(full_patients), 97)[::-1]
    alone, among = timelines(full_model, full_patients.select(some)), first.select(some)
    for name in ("end", "died", "request_offsets", "request_pools"):
        assert np.array_equal(getattr(alone, name), getattr(among, name))


def test_a_stay_begins_in_the_beds_that_admit_it_and_ends_later(first: Timelines) -> None:
    assert np.array_equal(first.request_pools[0], first.pool)
    assert not first.request_offsets[0].any()
    assert (first.end > first.ready).all()
    assert (first.end - first.arrived <= 262 * DAY).all()


def test_requests_follow_each_other_with_hours_between(first: Timelines) -> None:
    previous = np.zeros(len(first), np.int64)
    for number in range(1, REQUESTS):
        asked = first.request_pools[number] >= 0
        offset = first.request_offsets[number]
        assert (offset[asked] - previous[asked] >= 6 * HOUR).all()
        assert (first.end - first.ready - offset)[asked].min() >= 5 * HOUR
        previous = np.where(asked, offset, previous)


def test_mortality_rises_with_age(full_model: StayModel, first: Timelines) -> None:
    medicine = first.select(first.pool == full_model.mix.pools.index("Medicine"))
    ages = full_model.mix.band_middles[medicine.age_band]
    edges = [13, 25, 45, 65, 80, 101]
    rates = [medicine.died[(ages >= low) & (ages < high)].mean() for low, high in pairwise(edges)]
    assert rates == sorted(rates)
    assert rates[-1] > 4 * rates[0]


def test_mortality_and_length_are_those_of_the_disease(
    full_model: StayModel, first: Timelines
) -> None:
    assert died_of(full_model, first, "A41.9") > 5 * died_of(full_model, first, "I10")
    assert died_of(full_model, first, "K40.9") < 0.01
    days = (first.end - first.ready) / DAY
    means = [
        days[first.diagnosis == full_model.mix.row(code)].mean()
        for code in ("A09.9", "J44.1", "A15.0")
    ]
    assert means == sorted(means)
    assert means[-1] > 2.5 * means[0]


def test_deaths_come_at_any_hour_and_discharges_by_day(first: Timelines) -> None:
    hour = first.end % DAY // HOUR
    deaths = np.bincount(hour[first.died], minlength=24)
    assert deaths.min() > 0.8 * deaths.mean()
    assert deaths.max() < 1.2 * deaths.mean()
    leaving = np.bincount(hour[~first.died], minlength=24) / (~first.died).sum()
    assert leaving[:7].sum() < 0.06
    assert leaving[12:18].sum() > 0.6


def test_fewer_leave_at_weekends(first: Timelines) -> None:
    weekday = (first.end // DAY + 3) % 7
    of_week = np.bincount(weekday[~first.died], minlength=7) / (~first.died).sum()
    assert 0.17 < of_week[5:].sum() < 0.23
    dying = np.bincount(weekday[first.died], minlength=7) / first.died.sum()
    assert dying[5:].sum() == pytest.approx(2 / 7, abs=0.03)


def test_survivors_of_intensive_care_step_down(full_model: StayModel, first: Timelines) -> None:
    units = [full_model.pools.of_kind(kind) for kind in (INTENSIVE, HIGH_CARE)]
    pools = first.request_pools
    last = np.where(pools >= 0, np.arange(REQUESTS)[:, None], 0).max(0)
    ends_in_unit = np.isin(pools[last, np.arange(len(first))], units)
    began = first.pool == units[0]
    assert (ends_in_unit & ~first.died)[began & ~first.died].mean() < 0.15
    assert first.died[began & ends_in_unit].mean() > 0.5


def test_some_are_moved_once_fewer_twice_and_few_more_often(first: Timelines) -> None:
    moves = (first.request_pools >= 0).sum(0) - 1
    share = np.bincount(np.minimum(moves, 3), minlength=4) / len(first)
    assert share[1] > share[2] > share[3] > 0.02
    assert 0.2 < share[1] < 0.4


def test_a_chain_is_one_person_with_hours_between_its_stays(chains: Timelines) -> None:
    order = np.argsort(chains.serial)
    back = chains.select(chains.generation > 0)
    before = chains.select(order[np.searchsorted(chains.serial[order], back.parent)])
    assert np.array_equal(before.serial, back.parent)
    assert np.array_equal(before.root, back.root)
    assert np.array_equal(before.generation + 1, back.generation)
    assert np.array_equal(before.sex, back.sex)
    assert np.array_equal(before.age_band, back.age_band)
    assert not before.died.any()
    assert (back.arrived - before.end).min() >= 12 * HOUR
    assert len(np.unique(chains.serial)) == len(chains)


def test_a_chain_ends_in_a_bounded_time(full_model: StayModel, chains: Timelines) -> None:
    rules = full_model.rules.timelines
    assert chains.generation.max() < rules.returns.longest_chain
    # The hour of the day is drawn for the day that is due.
    assert (chains.arrived - chains.root_arrived).max() < (rules.chain_days + 1) * DAY


def test_who_comes_back_fits_the_beds_and_the_disease(
    full_model: StayModel, chains: Timelines
) -> None:
    back, mix = chains.select(chains.generation > 0), full_model.mix
    child = back.age_band < mix.adult_band
    assert np.array_equal(child, back.pool == mix.pools.index("Pediatrics"))
    share = mix.female_share[back.diagnosis]
    assert (back.sex[share == 1] == 0).all()
    assert (back.sex[share == 0] == 1).all()
    planned = back.route == PLANNED
    assert full_model.pressure.works_on(back.arrived[planned] // DAY).mean() > 0.99


def test_heart_failure_comes_back_more_often_than_a_hernia(
    full_model: StayModel, chains: Timelines
) -> None:
    order = np.argsort(chains.serial)
    back = chains.select(chains.generation > 0)
    parent = order[np.searchsorted(chains.serial[order], back.parent)]
    within_month = np.zeros(len(chains), np.bool_)
    within_month[parent] = back.arrived - chains.end[parent] <= 30 * DAY

    def returning(code: str) -> float:
        mine = (chains.diagnosis == full_model.mix.row(code)) & ~chains.died
        return float(within_month[mine].mean())

    assert 0.25 < returning("I50.0") < 0.36
    assert returning("K40.9") < 0.08
    assert 0.01 < returning("O80.9") < 0.035
