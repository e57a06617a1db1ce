"""Transfers: which stays end with one, the same whatever else is looked at."""

import numpy as np

from hospital_assets.simulation.dates import day_number
from hospital_assets.simulation.stays.hospital_stays import HospitalStays
from hospital_assets.simulation.stays.model import StayModel
from hospital_assets.simulation.stays.transfers import NO_TRANSFER, choose_transfers
from tests.simulation.stays.conftest import YEAR

DAY = 1440
FIRST, LAST = (day_number(day) for day in YEAR)


def test_who_is_transferred_has_stayed_a_day_and_lives(
    full_model: StayModel, full_stays: HospitalStays
) -> None:
    stays = full_stays.timelines.select(full_stays.transfer_slots != NO_TRANSFER)
    assert not stays.died.any()
    assert (stays.end - stays.ready >= 26 * 60).all()
    assert (stays.gestation < 0).all()
    assert not full_model.mix.is_birth[stays.diagnosis].any()
    last_move = np.where(stays.request_pools[1:] >= 0, stays.request_offsets[1:], 0).max(axis=0)
    assert (stays.end - stays.ready - last_move >= 5 * 60).all()


def test_everybody_transferred_has_had_a_bed(full_stays: HospitalStays) -> None:
    chosen = full_stays.transfer_slots != NO_TRANSFER
    ends = full_stays.timelines.end
    within = chosen & (ends >= FIRST * DAY) & (ends < (LAST + 1) * DAY)
    assert (full_stays.admitted[within] >= 0).all()
    assert within.sum() == 15 * 365


def test_at_night_the_urgent_leave(full_model: StayModel, full_stays: HospitalStays) -> None:
    urgent = [full_model.pools.names.index(name) for name in ("ICU", "High Care", "Cardiology")]
    share = {}
    for slot in range(5):
        stays = full_stays.timelines.select(full_stays.transfer_slots == slot)
        share[slot] = np.isin(stays.pool, urgent).mean()
    assert min(share[0], share[4]) > 1.3 * max(share[1], share[2], share[3])


def test_more_days_change_no_choice(small_model: StayModel, small_stays: HospitalStays) -> None:
    rules, stays = small_model.rules.transfer_choice, small_stays.timelines
    days = (FIRST, FIRST + 99), (FIRST, FIRST + 200)
    few, many = (
        choose_transfers(1, rules, small_model.mix, stays, first, last) for first, last in days
    )
    early = stays.end < (FIRST + 90) * DAY
    assert np.array_equal(few[1][early], many[1][early])
    assert np.array_equal(few[0].end[early], many[0].end[early])
    assert (few[1] != NO_TRANSFER).any()


def test_a_slot_that_is_short_takes_who_leaves_on_the_next_days(
    small_model: StayModel, small_stays: HospitalStays
) -> None:
    rules, stays = small_model.rules.transfer_choice, small_stays.timelines
    # Nobody wishes to leave on this day.
    quiet = FIRST + 50
    others = stays.select(stays.end // DAY != quiet)
    moved, slot = choose_transfers(1, rules, small_model.mix, others, FIRST, FIRST + 99)
    on_day = (moved.end // DAY == quiet) & (slot != NO_TRANSFER)
    assert np.bincount(slot[on_day], minlength=5).tolist() == [3] * 5
    assert (others.end[on_day] > moved.end[on_day]).all()
    assert (others.end[on_day] < (quiet + 7) * DAY).all()
