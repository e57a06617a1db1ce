"""How beds are given."""

from dataclasses import replace

import numpy as np
import pytest

from hospital_assets.simulation.stays.bed_allocation import (
    NOT_ADMITTED,
    BedTimes,
    admission_minutes,
    give_beds,
    of_unknown_place,
)
from hospital_assets.simulation.stays.hospital_stays import HospitalStays
from hospital_assets.simulation.stays.model import StayModel
from hospital_assets.simulation.stays.patients import PLANNED
from hospital_assets.simulation.stays.timelines import Timelines

DAY, HOUR = 1440, 60


def model_with(model: StayModel, **beds: int) -> StayModel:
    """Return the model with other numbers of beds, by the first word of the pool's name."""
    pools = tuple(
        replace(pool, beds=beds.get(pool.name.split()[0], pool.beds))
        for pool in model.rules.beds.pools
    )
    rules = replace(model.rules, beds=replace(model.rules.beds, pools=pools))
    return replace(model, rules=rules, pools=type(model.pools)(pools))


def asked_first(model: StayModel, stays: Timelines) -> np.ndarray:
    """Return the rows whose first request lies within the days on which beds are given."""
    rules = model.rules.beds
    begin = (model.first_day - rules.warm_up_days) * DAY
    end = (model.last_day + rules.days_beyond_period) * DAY
    return np.flatnonzero(
        (stays.request_pools[0] >= 0) & (stays.ready >= begin) & (stays.ready < end)
    )


def test_no_bed_holds_two_and_each_is_cleaned(full_stays: HospitalStays) -> None:
    beds = full_stays.beds
    order = np.lexsort((beds.begin, beds.bed))
    same = beds.bed[order][1:] == beds.bed[order][:-1]
    between = (beds.begin[order][1:] - beds.end[order][:-1])[same]
    assert between.min() >= 30
    assert len(np.unique(beds.bed)) == 1180


def test_a_stay_is_in_one_bed_at_a_time_until_its_end(full_stays: HospitalStays) -> None:
    beds, stays = full_stays.beds, full_stays.timelines
    assert (beds.end - beds.begin).min() >= 60
    goes_on = beds.stay[1:] == beds.stay[:-1]
    assert np.array_equal(beds.end[:-1][goes_on], beds.begin[1:][goes_on])
    assert np.array_equal(beds.end[beds.is_last], stays.end[beds.stay[beds.is_last]])
    assert np.array_equal(beds.is_first[1:], ~goes_on)
    assert np.array_equal(beds.is_last[:-1], ~goes_on)


def test_nobody_waits_longer_than_for_so_many_hours(
    full_model: StayModel, full_stays: HospitalStays
) -> None:
    beds, stays, rules = full_stays.beds, full_stays.timelines, full_model.rules.beds
    waited = beds.begin - beds.requested
    assert waited.min() >= 0
    planned = stays.route[beds.stay] == PLANNED
    ordinary = full_stays.transfer_slots[beds.stay] < 0
    for chosen, hours in (
        (beds.is_first & ~planned & ordinary, rules.first_bed_within_hours),
        (beds.is_first & planned & ordinary, rules.planned_bed_within_hours),
    ):
        assert waited[chosen].max() < hours * HOUR
    # Who was moved a short while ago isn't moved again at once.
    assert waited[~beds.is_first].max() < rules.moved_within_hours * HOUR + 120


def test_most_lie_where_they_should_and_men_not_among_women(
    full_model: StayModel, full_stays: HospitalStays
) -> None:
    beds, stays, pools = full_stays.beds, full_stays.timelines, full_model.pools
    first = beds.is_first
    assert (beds.pool == beds.asked_pool)[first].mean() > 0.95
    man = stays.sex[beds.stay] == 1
    for name in ("Medicine", "Surgery"):
        there = beds.pool == pools.names.index(name)
        mens, womens = (set(beds.bed[there & each].tolist()) for each in (man, ~man))
        assert mens.isdisjoint(womens)
    maternity = beds.pool == pools.names.index("Obstetrics and Gynaecology")
    assert not (man & maternity).any()
    children = stays.age_band[beds.stay] < full_model.mix.adult_band
    in_childrens = np.isin(beds.pool, [pools.names.index(n) for n in ("Pediatrics", "Neonatal")])
    assert children[in_childrens].all()


def test_who_was_refused_a_first_bed_gets_none_later(
    full_model: StayModel, full_stays: HospitalStays
) -> None:
    beds, stays = full_stays.beds, full_stays.timelines
    asked = asked_first(full_model, stays)
    admitted = np.zeros(len(stays), np.bool_)
    admitted[beds.stay] = True
    # Of the stays with a first request in time, one with a bed began with its first request.
    firsts = beds.is_first & np.isin(beds.stay, asked)
    assert np.array_equal(beds.requested[firsts], stays.ready[beds.stay[firsts]])
    refused = 1 - admitted[asked].mean()
    assert 0.005 < refused < 0.05


def test_who_will_be_transferred_has_a_bed(full_stays: HospitalStays) -> None:
    chosen = full_stays.transfer_slots >= 0
    within = full_stays.timelines.ready >= full_stays.beds.begin.min()
    last = full_stays.beds.begin.max()
    within &= full_stays.timelines.ready <= last - DAY
    assert (full_stays.admitted[chosen & within] != NOT_ADMITTED).all()


def test_planned_patients_are_admitted_in_the_morning(full_stays: HospitalStays) -> None:
    planned = full_stays.timelines.route == PLANNED
    minute = full_stays.admitted[planned & (full_stays.admitted != NOT_ADMITTED)] % DAY
    assert ((minute >= 6 * HOUR) & (minute < 11 * HOUR + 15)).mean() > 0.99


def test_beds_of_the_hospital_given_again_are_the_same(
    small_model: StayModel, small_stays: HospitalStays
) -> None:
    again = give_beds(small_model, small_stays.timelines, small_stays.transfer_slots >= 0)
    assert all(
        np.array_equal(getattr(again, name), getattr(small_stays.beds, name))
        for name in BedTimes.__dataclass_fields__
    )
    admitted = admission_minutes(small_stays.timelines, again)
    assert np.array_equal(admitted, small_stays.admitted)


def test_the_bed_that_has_been_free_longest_is_taken(
    small_model: StayModel, small_stays: HospitalStays
) -> None:
    beds = small_stays.beds
    pool = small_model.pools.names.index("Obstetrics and Gynaecology")
    at_once = np.flatnonzero(beds.is_first & (beds.pool == pool) & (beds.begin == beds.requested))
    at_once = at_once[np.argsort(beds.begin[at_once], kind="stable")]
    order = np.lexsort((beds.begin, beds.bed))
    left = np.full(len(beds.bed), -1)
    same = beds.bed[order][1:] == beds.bed[order][:-1]
    left[order[1:][same]] = beds.end[order[:-1][same]]
    free_since = left[at_once][left[at_once] >= 0]
    # A bed is free some time after it was left, between 30 and 119 minutes.
    assert np.diff(free_since).min() > -90


def test_fewer_beds_mean_more_refusals_and_no_law_broken(
    small_model: StayModel, small_stays: HospitalStays
) -> None:
    stays, none = small_stays.timelines, np.zeros(len(small_stays.persons), np.bool_)
    tight = give_beds(model_with(small_model, Medicine=20, Surgery=20), stays, none)
    order = np.lexsort((tight.begin, tight.bed))
    same = tight.bed[order][1:] == tight.bed[order][:-1]
    assert (tight.begin[order][1:] - tight.end[order][:-1])[same].min() >= 30
    assert tight.is_first.sum() < 0.8 * small_stays.beds.is_first.sum()


@pytest.mark.parametrize("beds", [1, 400])
def test_a_pool_of_any_size_works(
    small_model: StayModel, small_stays: HospitalStays, beds: int
) -> None:
    stays, none = small_stays.timelines, np.zeros(len(small_stays.persons), np.bool_)
    given = give_beds(model_with(small_model, ICU=beds), stays, none)
    intensive = given.pool == small_model.pools.names.index("ICU")
    assert len(np.unique(given.bed[intensive])) <= beds
    assert intensive.any()


def test_whoever_goes_on_into_the_period_lies_in_a_bed_from_its_first_day(
    full_model: StayModel, full_stays: HospitalStays
) -> None:
    """A first bed that came only with a move in the period would leave the days before without."""
    stays, rules = full_stays.timelines, full_model.rules
    # The period begins as somebody moves who asked for the first bed long before.
    moved = np.where(stays.request_pools[1] >= 0, stays.request_offsets[1], 0)
    somebody = int(np.argmax(moved))
    first = int(stays.ready[somebody] + moved[somebody]) // DAY
    assert moved[somebody] > 31 * DAY
    short = replace(
        rules,
        beds=replace(rules.beds, warm_up_days=30),
        transfer_choice=replace(rules.transfer_choice, longest_stay_days=20),
    )
    model = replace(full_model, rules=short, first_day=first)
    beds = give_beds(model, stays, np.zeros(len(stays), np.bool_))
    unknown = of_unknown_place(model, stays, beds)
    assert unknown[somebody]
    assert somebody in beds.stay
    kept, remaining = beds.of_stays(~unknown), stays.select(~unknown)
    begins, asked = kept.begin[kept.is_first], remaining.ready[kept.stay[kept.is_first]]
    assert ((asked >= (first - 30) * DAY) | (begins < first * DAY)).all()
    assert np.array_equal(kept.end[kept.is_last], remaining.end[kept.stay[kept.is_last]])
