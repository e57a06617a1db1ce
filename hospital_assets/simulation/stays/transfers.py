"""Which stays end with a transfer to another facility, chosen before persons and beds are given.

Every slot of a day takes the same number, among those who wish to leave on that day; the end of
their stay moves into the slot. Beds are given afterwards, so nobody else's bed is touched.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance.draws import DrawStream, Integers, below, halves
from hospital_assets.simulation.chance.exact import log
from hospital_assets.simulation.dates import MINUTES_PER_DAY
from hospital_assets.simulation.parameters.transfer_choice import TransferChoice
from hospital_assets.simulation.stays.case_mix import CaseMix
from hospital_assets.simulation.stays.grouping import place_in_run
from hospital_assets.simulation.stays.patients import Flags
from hospital_assets.simulation.stays.timelines import Timelines

NO_TRANSFER = -1
_MINUTE_OF_LATE_CHOICE = 9  # the counter of the draw


@dataclass
class _Choice:
    """A choice under way: the slot of each stay, and its end."""

    slot: Integers
    end: Integers


def choose_transfers(
    seed: int,
    rules: TransferChoice,
    case_mix: CaseMix,
    stays: Timelines,
    first_day: int,
    last_day: int,
) -> tuple[Timelines, Integers]:
    """Return the stays with the ends that transfers bring, and the slot of each or NO_TRANSFER.

    Slots count from 0 in each of the days [first_day, last_day]. A slot has fewer than its number
    only if nobody who could leave wishes to within the longest of `brought_forward_days`.
    """
    choice = _Choice(np.full(len(stays), NO_TRANSFER), stays.end.copy())
    able = _able(rules, case_mix, stays, first_day, last_day)
    _choose_among_leaving(seed, rules, case_mix, stays, able, choice)
    _bring_forward(seed, rules, stays, able, choice, first_day, last_day)
    moved = replace(stays, end=choice.end)
    return _without_late_moves(rules, moved, choice.slot), choice.slot


def _able(
    rules: TransferChoice, case_mix: CaseMix, stays: Timelines, first_day: int, last_day: int
) -> Integers:
    """Return the stays that could end with a transfer on one of the days."""
    day = stays.end // MINUTES_PER_DAY
    able = ~stays.died & (stays.request_pools[0] >= 0) & (stays.gestation < 0)
    able &= (day >= first_day) & (day <= last_day)
    able &= stays.end - stays.arrived <= rules.longest_stay_days * MINUTES_PER_DAY
    able &= stays.end - stays.ready >= rules.shortest_stay_hours * 60
    return np.flatnonzero(able & ~case_mix.is_birth[stays.diagnosis])


def _choose_among_leaving(
    seed: int,
    rules: TransferChoice,
    case_mix: CaseMix,
    stays: Timelines,
    able: Integers,
    choice: _Choice,
) -> None:
    """Fill each slot by an exponential race among those who leave on its day.

    The first and the last slot, in which fewest wish to leave, choose before the others.
    """
    length = MINUTES_PER_DAY // rules.slots_per_day
    night = (0, rules.slots_per_day - 1)
    urgent = _is_urgent(rules, case_mix, stays, able)
    draws = DrawStream(seed, "transfer").series(stays.serial[able], rules.slots_per_day)
    midnight = stays.end[able] // MINUTES_PER_DAY * MINUTES_PER_DAY
    ready, wished = stays.ready[able], stays.end[able]
    for slot in dict.fromkeys((*night, *range(rules.slots_per_day))):
        opens = midnight + slot * length
        can = choice.slot[able] == NO_TRANSFER
        can &= ready + rules.longest_wait_for_bed_hours * 60 <= opens
        can &= wished >= opens + length - rules.latest_delay_hours * 60
        number = np.flatnonzero(can)
        weight = _weights(rules, urgent[number], slot in night)
        race = -log(_uniform(draws[slot][number])) / weight
        number = number[np.lexsort((race, midnight[number]))]
        number = number[place_in_run(midnight[number]) < rules.per_slot]
        choice.slot[able[number]] = slot
        minute = below(halves(draws[slot][number])[1], length)
        choice.end[able[number]] = opens[number] + minute


def _bring_forward(
    seed: int,
    rules: TransferChoice,
    stays: Timelines,
    able: Integers,
    choice: _Choice,
    first_day: int,
    last_day: int,
) -> None:
    """Fill the slots that are short with stays that wish to end on the next days."""
    length = MINUTES_PER_DAY // rules.slots_per_day
    slots = (last_day - first_day + 1) * rules.slots_per_day
    taken = np.flatnonzero(choice.slot != NO_TRANSFER)
    number_of_day = choice.end[taken] // MINUTES_PER_DAY - first_day
    number_of_slot = number_of_day * rules.slots_per_day + choice.slot[taken]
    count = np.bincount(number_of_slot, minlength=slots)
    short = np.flatnonzero(count < rules.per_slot)
    if not len(short):
        return
    stream = DrawStream(seed, "transfer/more")
    by_end = able[np.argsort(choice.end[able], kind="stable")]
    ends = choice.end[by_end].copy()
    for number in short.tolist():
        day, slot = divmod(number, rules.slots_per_day)
        opens = (first_day + day) * MINUTES_PER_DAY + slot * length
        low = np.searchsorted(ends, opens + rules.brought_forward_least_hours * 60)
        lacking = rules.per_slot - count[number]
        for days in rules.brought_forward_days:
            stay = by_end[low : np.searchsorted(ends, opens + days * MINUTES_PER_DAY)]
            under_way = stays.ready[stay] + rules.longest_wait_for_bed_hours * 60 <= opens
            stay = stay[(choice.slot[stay] == NO_TRANSFER) & under_way]
            if len(stay) >= lacking:
                break
        order = np.argsort(stream.bits(stays.serial[stay], slot), kind="stable")
        stay = stay[order[:lacking]]
        choice.slot[stay] = slot
        minute = below(stream.bits(stays.serial[stay], _MINUTE_OF_LATE_CHOICE), length)
        choice.end[stay] = opens + minute


def _is_urgent(rules: TransferChoice, case_mix: CaseMix, stays: Timelines, able: Integers) -> Flags:
    pools = [case_mix.pools.index(name) for name in rules.urgent_pools]
    families = [case_mix.families.index(name) for name in rules.urgent_families]
    family = case_mix.family[stays.diagnosis[able]]
    return np.isin(stays.pool[able], pools) | np.isin(family, families)


def _weights(rules: TransferChoice, urgent: Flags, at_night: bool) -> NDArray[np.float64]:
    if at_night:
        return np.where(urgent, rules.urgent_weight_at_night, rules.other_weight_at_night)
    return np.where(urgent, rules.urgent_weight_by_day, rules.other_weight_by_day)


def _uniform(bits: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Return numbers above 0 and below 1."""
    return ((bits >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def _without_late_moves(rules: TransferChoice, stays: Timelines, slot: Integers) -> Timelines:
    """Return the stays without the moves that would come too shortly before a transfer."""
    pools = stays.request_pools.copy()
    leaving = np.flatnonzero(slot != NO_TRANSFER)
    left = stays.end[leaving] - stays.ready[leaving] - stays.request_offsets[1:, leaving]
    late = left < rules.no_move_before_end_hours * 60
    pools[1:, leaving] = np.where(late, -1, pools[1:, leaving])
    return replace(stays, request_pools=pools)
