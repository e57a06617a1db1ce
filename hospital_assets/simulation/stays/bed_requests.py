"""Which beds a stay asks for: the first, a unit and back, and moves between wards."""

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance.distributions import hourly, quantile
from hospital_assets.simulation.chance.draws import Bits, Integers, choose_by_row, thresholds
from hospital_assets.simulation.dates import MINUTES_PER_DAY
from hospital_assets.simulation.parameters.beds import MATERNITY
from hospital_assets.simulation.stays.model import StayModel
from hospital_assets.simulation.stays.stay_draws import StayDraws
from hospital_assets.simulation.stays.unit_parts import UnitParts
from hospital_assets.simulation.stays.ward_parts import WardParts

REQUESTS = 6
NO_REQUEST = 1 << 30
NO_POOL = -1
_HOUR = 60
_MOST_MOVES = 3

Offsets = NDArray[np.int32]
Pools = NDArray[np.int8]


def bed_requests(
    model: StayModel,
    draws: StayDraws,
    pool: Integers,
    ready: Integers,
    end: Integers,
    wards: WardParts,
    units: UnitParts,
) -> tuple[Offsets, Pools]:
    """Return minutes after `ready` and pools of the requests [REQUESTS, stays], as they follow."""
    total = end - ready
    offsets = np.full((REQUESTS, len(pool)), NO_REQUEST, np.int32)
    pools = np.full((REQUESTS, len(pool)), NO_POOL, np.int8)
    offsets[0], pools[0] = 0, pool
    last = np.zeros(len(pool), np.int64)

    def ask(rows: Integers, number: int, minutes: Integers, of: Integers) -> None:
        offsets[number, rows], pools[number, rows], last[rows] = minutes[rows], of[rows], number

    ask(np.flatnonzero(units.first & units.steps_down), 1, units.length, wards.pool)
    ask(np.flatnonzero(units.excursion), 1, units.start, units.pool)
    back = np.flatnonzero(units.excursion & units.steps_down)
    ask(back, 2, units.start + units.length, wards.pool)
    _add_moves(model, draws, ready, total, last, offsets, pools)
    _drop_near(model, total, offsets, pools)
    return offsets, pools


def _add_moves(
    model: StayModel,
    draws: StayDraws,
    ready: Integers,
    total: Integers,
    last: Integers,
    offsets: Offsets,
    pools: Pools,
) -> None:
    """Add the moves within the last part of each stay, after its request number `last`."""
    rules = model.rules.timelines.moves
    stays = np.arange(len(total))
    pool, begin = pools[last, stays].astype(np.int64), offsets[last, stays].astype(np.int64)
    count = _move_counts(model, draws.moves, pool)
    moving = np.flatnonzero((count > 0) & (total - begin >= rules.from_hours * _HOUR))
    last, pool, begin, total = last[moving], pool[moving], begin[moving], total[moving]
    wished = _move_times(model, draws, moving, ready[moving], begin, total, pool, count[moving])
    previous = begin
    for minutes in wished:
        fits = (minutes < NO_REQUEST) & (minutes - previous >= rules.apart_hours * _HOUR)
        fits &= total - minutes >= rules.before_end_hours * _HOUR
        here = np.flatnonzero(fits)
        last[here] += 1
        offsets[last[here], moving[here]] = minutes[here]
        pools[last[here], moving[here]] = pool[here]
        previous = np.where(fits, minutes, previous)


def _move_counts(model: StayModel, bits: Bits, pool: Integers) -> Integers:
    bounds = np.stack([thresholds(one.ward_moves)[:-1] for one in model.rules.beds.pools])
    return choose_by_row(bits, bounds[pool])


def _move_times(
    model: StayModel,
    draws: StayDraws,
    moving: Integers,
    ready: Integers,
    begin: Integers,
    total: Integers,
    pool: Integers,
    count: Integers,
) -> list[Integers]:
    """Return the minutes after `ready` of up to three moves, in order; NO_REQUEST for none.

    Moves take place by day, those of mothers at any hour.
    """
    rules = model.rules.timelines.moves
    by_day = pool != model.pools.of_kind(MATERNITY)
    hours = hourly(model.rules.timelines.hours.move)
    span = total - begin
    within = np.minimum(span * rules.first_within_percent // 100, rules.first_within_hours * _HOUR)
    wished = []
    for number, bits in enumerate((draws.first_move, draws.second_move, draws.third_move)):
        drawn = bits[moving]
        fraction = (drawn >> np.uint64(48)).astype(np.int64)
        if number == 0:
            minutes = begin + rules.first_after_hours * _HOUR + (within * fraction >> 16)
        else:
            part = span * rules.others_within_percent // 100
            minutes = begin + (part * fraction >> 16)
        at = ready + minutes
        at = at - at % MINUTES_PER_DAY + quantile(drawn << np.uint64(16), hours)
        minutes = np.where(by_day, at - ready, minutes)
        wished.append(np.where(count > number, minutes, NO_REQUEST))
    return list(np.sort(np.stack(wished), axis=0))


def _drop_near(model: StayModel, total: Integers, offsets: Offsets, pools: Pools) -> None:
    """Drop requests too near to the one before, even a dropped one, or to the end."""
    rules = model.rules.timelines.moves
    for number in range(1, REQUESTS):
        near = offsets[number] - offsets[number - 1] < rules.apart_hours * _HOUR
        near |= total - offsets[number] < rules.least_before_end_hours * _HOUR
        pools[number, near & (offsets[number] < NO_REQUEST)] = NO_POOL
