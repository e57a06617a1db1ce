"""Where people live: the suburb of each household."""

import numpy as np

from hospital_assets.simulation.chance.draws import DrawStream, Integers
from hospital_assets.simulation.chance.exact import Floats
from hospital_assets.simulation.parameters.people import PeopleRules
from hospital_assets.simulation.parameters.places import Settlement, SettlementPattern, Suburb
from hospital_assets.simulation.population.households import Households

_SLOTS_LOG2 = 14
_SLOTS = 1 << _SLOTS_LOG2
_ROUNDS_OF_FITTING = 60
_ROUNDING = 1e-9


class Places:
    """The suburb of each person, an index into `suburbs`: that of the whole household."""

    def __init__(self, seed: int, households: Households, rules: PeopleRules) -> None:
        self.suburbs = rules.suburbs
        self._households = households
        self._stream = DrawStream(seed, "house/words")
        by_pattern = _suburb_of_slots(rules.suburbs, rules.settlement_patterns, rules.settlement)
        patterns = rules.settlement_patterns
        pattern_of = {name: i for i, one in enumerate(patterns) for name in one.communities}
        self._suburb_of_slots = by_pattern[[pattern_of[one.name] for one in rules.communities]]

    def of(self, persons: Integers) -> Integers:
        """Return the suburb of each person."""
        kin = self._households.kin(persons)
        return self.of_households(self._households.anchors_of(kin), kin.cells.community)

    def of_households(self, anchors: Integers, communities: Integers) -> Integers:
        """Return the suburb of each household, given its code and its community."""
        slots = (self._stream.bits(anchors) >> np.uint64(64 - _SLOTS_LOG2)).astype(np.int64)
        return self._suburb_of_slots[communities, slots].astype(np.int64)


def _suburb_of_slots(
    suburbs: tuple[Suburb, ...], patterns: tuple[SettlementPattern, ...], settlement: Settlement
) -> Integers:
    """Return a suburb for each slot [pattern, slot], as many slots as people of the pattern."""
    people = _fitted(suburbs, patterns, settlement)
    shares = np.cumsum(people, axis=0)
    bounds = np.floor(shares / shares[-1] * _SLOTS + _ROUNDING)
    slots = np.arange(_SLOTS)
    rows = [np.searchsorted(bounds[:-1, one], slots, "right") for one in range(len(patterns))]
    return np.stack(rows).astype(np.int64)


def _fitted(
    suburbs: tuple[Suburb, ...], patterns: tuple[SettlementPattern, ...], settlement: Settlement
) -> Floats:
    """Return thousands of people [suburb, pattern] that meet the sums of both, by their weights."""
    thousands = np.array([one.thousands for one in suburbs])
    within = np.array([one.city == settlement.city for one in suburbs])
    for rows, wanted in (
        (within, settlement.thousands_in_city),
        (~within, settlement.thousands_elsewhere),
    ):
        if rows.any():
            thousands[rows] *= wanted / np.cumsum(thousands[rows])[-1]
    shares = np.array([one.share for one in patterns])
    by_pattern = shares / np.cumsum(shares)[-1] * np.cumsum(thousands)[-1]
    people = thousands[:, None] * np.array([one.weights for one in suburbs])
    for _ in range(_ROUNDS_OF_FITTING):
        people = people * (by_pattern / np.cumsum(people, axis=0)[-1])
        people = people * (thousands / np.cumsum(people, axis=1)[:, -1])[:, None]
    return people
