"""Which discharges are transfers to another facility: a fixed number in each slot of a day."""

from dataclasses import replace
from datetime import date

import numpy as np

from hospital_assets.simulation.chance.draws import DrawStream, Integers, below
from hospital_assets.simulation.dates import MINUTES_PER_DAY, day_number, day_of
from hospital_assets.simulation.parameters import Parameters
from hospital_assets.simulation.stays.stay_chains import Stays


class TooFewDischargesError(ValueError):
    """A slot has fewer discharges that could be transfers than the parameters ask for."""

    def __init__(self, day: date, slot: int, found: int, wanted: int) -> None:
        super().__init__(
            f"{day}: only {found} discharges can leave in slot {slot}, {wanted} are wanted;"
            " lower transfers.per_slot or add beds"
        )


def choose(seed: int, parameters: Parameters, stays: Stays) -> tuple[Stays, Integers]:
    """Return the stays with the discharges that become transfers moved, and each one's slot or 0.

    In every slot of every day of the period the discharges with the lowest hash leave, among those
    that can without touching their own admission or the bed's next one.
    """
    rules = parameters.transfers
    length = MINUTES_PER_DAY // rules.slots_per_day
    first = day_number(parameters.period.first_day)
    days = day_number(parameters.period.last_day) - first + 1
    slots = np.zeros(len(stays), np.int64)
    if rules.per_slot == 0:
        return stays, slots

    discharged = stays.discharged.copy()
    day = stays.discharged // MINUTES_PER_DAY - first
    living = np.flatnonzero((day >= 0) & (day < days) & ~stays.died)
    order = DrawStream(seed, "transfer/choice").bits(stays.serial[living]) >> np.uint64(16)
    ranked = living[np.argsort((day[living].astype(np.uint64) << np.uint64(48)) | order)]
    day = day[ranked]
    earliest = stays.admitted[ranked] + round(rules.minimum_hours_since_admission * 60)
    latest = stays.next_admission[ranked] - rules.minimum_minutes_before_next
    begin_of_day = np.searchsorted(day, np.arange(days + 1))
    minute_draws = DrawStream(seed, "transfer/minute")
    free = np.ones(len(ranked), np.bool_)
    for slot in range(1, rules.slots_per_day + 1):
        opens = (day + first) * MINUTES_PER_DAY + (slot - 1) * length
        low, high = np.maximum(opens, earliest), np.minimum(opens + length - 1, latest)
        able = free & (low <= high)
        before = np.concatenate([[0], np.cumsum(able)])
        place = before[:-1] - before[begin_of_day[day]]
        chosen = np.flatnonzero(able & (place < rules.per_slot))
        counts = np.bincount(day[chosen], minlength=days)
        if counts.min() < rules.per_slot:
            short = int(counts.argmin())
            raise TooFewDischargesError(
                day_of(first + short), slot, int(counts[short]), rules.per_slot
            )
        free[chosen] = False
        stay = ranked[chosen]
        slots[stay] = slot
        room = high[chosen] - low[chosen] + 1
        discharged[stay] = low[chosen] + below(minute_draws.bits(stays.serial[stay]), room)
    return replace(stays, discharged=discharged), slots
