"""Beds are given first come, first served: each request gets the bed that has been free longest.

A bed is asked for at its minute and may begin later, never much: what would wait too long goes to
another pool, is cancelled or sent to another hospital if it was the first bed, and stays where it
is if it was a move. The end of a stay never changes, so a wait eats into the stay.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from heapq import heappop, heappush, heapreplace
from typing import Self

import numpy as np

from hospital_assets.simulation.chance.draws import Integers, below
from hospital_assets.simulation.dates import MINUTES_PER_DAY
from hospital_assets.simulation.parameters.beds import CHILDREN, NEWBORNS
from hospital_assets.simulation.stays.model import StayModel
from hospital_assets.simulation.stays.patients import PLANNED, Flags
from hospital_assets.simulation.stays.timelines import REQUESTS, Timelines

NO_BED = -1
NOT_ADMITTED = -1
_HOUR = 60
_FEMALE, _MALE = 0, 1
# What the loop is told of a request.
_LAST, _FIRST, _TRANSFERRED = 1, 2, 4
# A stay that was refused its first bed: it takes no later one.
_REFUSED = -2
_LONG_FREE_MINUTES = 10_000_000


@dataclass(frozen=True)
class BedTimes:
    """Times of a stay in one bed, by stay and time; arrays of one element each, minutes since 1970.

    `stay` is the row of the stay, `bed` the number of the bed in the hospital, from 0, `pool` the
    bed's pool and `asked_pool` the one that was asked for at the minute `requested`. `is_first`
    and `is_last` are True at a stay's first and last bed.
    """

    stay: Integers
    bed: Integers
    pool: Integers
    asked_pool: Integers
    requested: Integers
    begin: Integers
    end: Integers
    is_first: Flags
    is_last: Flags

    def of_stays(self, kept: Flags) -> Self:
        """Return the times of the stays that are kept, whose rows are counted anew."""
        chosen = kept[self.stay]
        times = {field.name: getattr(self, field.name)[chosen] for field in fields(self)}
        return type(self)(**times | {"stay": (np.cumsum(kept) - 1)[times["stay"]]})


@dataclass(frozen=True)
class _Requests:
    """Requests in order of time; `ward` and `stay` as in _Wards and Timelines."""

    stay: Integers
    number: Integers
    minute: Integers
    pool: Integers
    flags: Integers


@dataclass(frozen=True)
class _Wards:
    """The queues of free beds: a pool's, or a pool's women's and men's apart.

    `of_bed` is the ward of each bed; `of_pool` [sex][pool] the ward that a patient is sent to;
    `tried` [sex][pool] the wards in the order in which they are tried, and `anywhere` [sex][pool]
    those that somebody who will be transferred may get.
    """

    of_bed: list[int]
    tried: list[list[list[int]]]
    anywhere: list[list[list[int]]]
    count: int


def give_beds(model: StayModel, stays: Timelines, transferred: Flags) -> BedTimes:
    """Return the beds of all stays, which stand in order of arrival and serial number.

    Who is `transferred` gets one whatever the wait, in any pool that fits. Beds are given from the
    warm-up before the period to some days after it.
    """
    wards = _wards(model)
    requests = _requests(model, stays, transferred)
    bed, begin = _serve(model, stays, requests, wards)
    given = np.flatnonzero(bed != NO_BED)
    given = given[np.lexsort((begin[given], requests.stay[given]))]
    stay, bed, begin = requests.stay[given], bed[given], begin[given]
    goes_on = np.append(stay[1:] == stay[:-1], False)
    pool_of_bed = np.repeat(np.arange(len(model.pools)), model.pools.sizes)
    return BedTimes(
        stay=stay,
        bed=bed,
        pool=pool_of_bed[bed],
        asked_pool=requests.pool[given],
        requested=requests.minute[given],
        begin=begin,
        end=np.where(goes_on, np.append(begin[1:], 0), stays.end[stay]),
        is_first=np.append(True, ~goes_on[:-1])[: len(stay)],
        is_last=~goes_on,
    )


def of_unknown_place(model: StayModel, stays: Timelines, beds: BedTimes) -> Flags:
    """Return which stays go on in the period and nobody knows in which bed.

    They asked for their first one before beds were given, and had got none when the period began.
    """
    unknown = (stays.pool >= 0) & (stays.ready < _first_minute(model))
    unknown &= stays.end >= model.first_day * MINUTES_PER_DAY
    unknown[beds.stay[beds.begin < model.first_day * MINUTES_PER_DAY]] = False
    return unknown


def admission_minutes(stays: Timelines, beds: BedTimes) -> Integers:
    """Return the minute at which each stay is admitted, or NOT_ADMITTED where it got no bed.

    Planned patients are admitted when they ask for a bed: they wait in the lounge and the theatre.
    """
    admitted = np.full(len(stays), NOT_ADMITTED)
    first = beds.stay[beds.is_first]
    planned = stays.route[first] == PLANNED
    admitted[first] = np.where(planned, stays.ready[first], beds.begin[beds.is_first])
    return admitted


def _requests(model: StayModel, stays: Timelines, transferred: Flags) -> _Requests:
    """Return the requests within the days on which beds are given, in order of time and stay."""
    earliest = _first_minute(model)
    latest = (model.last_day + model.rules.beds.days_beyond_period) * MINUTES_PER_DAY
    number, stay = np.nonzero(stays.request_pools >= 0)
    minute = stays.ready[stay] + stays.request_offsets[number, stay]
    asked = np.flatnonzero((minute >= earliest) & (minute < latest))
    asked = asked[np.lexsort((stay[asked], minute[asked]))]
    number, stay, minute = number[asked], stay[asked], minute[asked]
    last = np.zeros(len(stays), np.int64)
    for each in range(REQUESTS):
        last[stays.request_pools[each] >= 0] = each
    flags = _LAST * (number == last[stay]) + _FIRST * (number == 0)
    flags = flags + _TRANSFERRED * transferred[stay]
    pool = stays.request_pools[number, stay].astype(np.int64)
    return _Requests(stay, number, minute, pool, flags)


def _wards(model: StayModel) -> _Wards:
    """Return the wards: pools by index, then the men's parts of pools that keep men apart."""
    pools = model.rules.beds.pools
    of_bed: list[int] = []
    mens: dict[int, int] = {}
    for index, pool in enumerate(pools):
        women = pool.beds
        if pool.women_share is not None:
            mens[index] = len(pools) + len(mens)
            women = round(pool.beds * pool.women_share)
        of_bed += [index] * women + [mens.get(index, index)] * (pool.beds - women)

    def ward(sex: int, pool: int) -> int:
        return mens.get(pool, pool) if sex == _MALE else pool

    def wards(sex: int, names: Iterable[str]) -> list[int]:
        chosen = [model.pools.names.index(name) for name in names]
        fitting = [index for index in chosen if sex == _FEMALE or not pools[index].women_only]
        return [ward(sex, index) for index in fitting]

    tried: list[list[list[int]]] = [[], []]
    anywhere: list[list[list[int]]] = [[], []]
    for sex in (_FEMALE, _MALE):
        for index, pool in enumerate(pools):
            own = [ward(sex, index)]
            young = pool.kind in (CHILDREN, NEWBORNS)
            tried[sex].append(own + wards(sex, pool.alternatives))
            others = [] if young else wards(sex, model.rules.beds.any_bed_for_transfers)
            anywhere[sex].append(own + others)
    return _Wards(of_bed, tried, anywhere, len(pools) + len(mens))


def _first_minute(model: StayModel) -> int:
    """Return the minute from which on beds are given."""
    return (model.first_day - model.rules.beds.warm_up_days) * MINUTES_PER_DAY


class _Beds:
    """The beds while they are given: which are free, and where each stay lies.

    The queue of a ward holds its free beds as numbers: the minute at which the bed is free, then
    the bed. A bed whose patient will move leaves the queue until the move has happened.
    """

    def __init__(self, model: StayModel, wards: _Wards, stays: int) -> None:
        rules = model.rules.beds
        self.before_move = rules.shortest_use_before_move_minutes
        self.ward_of = wards.of_bed
        self.bits = len(wards.of_bed).bit_length()
        self.mask = (1 << self.bits) - 1
        start = _first_minute(model)
        self.queues: list[list[int]] = [[] for _ in range(wards.count)]
        for bed, ward in enumerate(wards.of_bed):
            self.queues[ward].append(((start - _LONG_FREE_MINUTES) << self.bits) | bed)
        self.bed_of = [NO_BED] * stays
        self.begin_of = [0] * stays

    def free_before(self, wards: list[int], latest: int) -> list[int] | None:
        """Return the queue of the first of the wards that has a bed by then, or None."""
        limit = latest << self.bits
        for ward in wards:
            queue = self.queues[ward]
            if queue and queue[0] < limit:
                return queue
        return None

    def free_soonest(self, wards: list[int]) -> list[int] | None:
        """Return the queue whose first bed is free soonest, or None where all are empty."""
        filled = [self.queues[ward] for ward in wards if self.queues[ward]]
        return min(filled, key=lambda queue: queue[0], default=None)

    def begin_in(self, queue: list[int], stay: int, old: int, minute: int) -> int:
        """Return the minute at which the stay can begin in the queue's first bed."""
        begin = queue[0] >> self.bits
        if begin < minute:
            begin = minute
        if old >= 0 and begin < self.begin_of[stay] + self.before_move:
            begin = self.begin_of[stay] + self.before_move
        return begin

    def leave(self, bed: int, minute: int) -> None:
        """Let the bed be free at the minute."""
        heappush(self.queues[self.ward_of[bed]], (minute << self.bits) | bed)


def _serve(
    model: StayModel, stays: Timelines, requests: _Requests, wards: _Wards
) -> tuple[Integers, Integers]:
    """Return for each request the bed and the minute at which it begins; NO_BED where refused."""
    beds, least = _Beds(model, wards, len(stays)), model.rules.beds.shortest_use_minutes
    given, begins = [NO_BED] * len(requests.stay), [0] * len(requests.stay)
    for place, (stay, sex, pool, minute, latest, end, flags, gap) in enumerate(
        _told(model, stays, requests)
    ):
        old = NO_BED if flags & _FIRST else beds.bed_of[stay]
        if old == _REFUSED:
            continue
        queue = beds.free_before(wards.tried[sex][pool], latest)
        if queue is None and flags & _TRANSFERRED and old == NO_BED:
            queue = beds.free_soonest(wards.anywhere[sex][pool])
        begin = beds.begin_in(queue, stay, old, minute) if queue else end
        if queue and begin + least <= end:
            bed = given[place] = queue[0] & beds.mask
            begins[place] = begin
            if flags & _LAST:
                heapreplace(queue, ((end + gap) << beds.bits) | bed)
            else:
                heappop(queue)
                beds.bed_of[stay], beds.begin_of[stay] = bed, begin
            if old >= 0:
                beds.leave(old, begin + gap)
        elif old == NO_BED:
            # Decided now, not by a later request: planned patients are cancelled, others sent on.
            beds.bed_of[stay] = _REFUSED
        elif flags & _LAST:
            # No bed to move to: stays until the end.
            beds.leave(old, end + gap)
    return np.array(given, np.int64), np.array(begins, np.int64)


def _told(
    model: StayModel, stays: Timelines, requests: _Requests
) -> Iterable[tuple[int, int, int, int, int, int, int, int]]:
    """Yield of each request: stay, sex, pool, minute, latest minute, end of stay, flags, gap."""
    rules, stay = model.rules.beds, requests.stay
    planned = stays.route[stay] == PLANNED
    hours = np.where(planned, rules.planned_bed_within_hours, rules.first_bed_within_hours)
    hours = np.where(requests.number > 0, rules.moved_within_hours, hours)
    span = rules.longest_gap_minutes - rules.shortest_gap_minutes
    drawn = model.stream("gap").bits(stays.serial[stay], requests.number)
    gap = rules.shortest_gap_minutes + below(drawn, span)
    columns = (
        stay,
        stays.sex[stay],
        requests.pool,
        requests.minute,
        requests.minute + hours * _HOUR,
        stays.end[stay],
        requests.flags,
        gap,
    )
    return zip(*(column.tolist() for column in columns), strict=True)
