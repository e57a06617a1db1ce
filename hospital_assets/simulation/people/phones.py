"""Mobile numbers: a prefix in use, and seven digits that nobody else has; and who has none.

A child is reached by the phone of the next of kin, and so are some others.
"""

import numpy as np
import polars as pl

from hospital_assets.simulation.chance import exact
from hospital_assets.simulation.chance.draws import DrawStream, Integers, chance
from hospital_assets.simulation.parameters.identities import PhoneRules
from hospital_assets.simulation.people.next_of_kin import PARTNER
from hospital_assets.simulation.population.person_numbers import FEMALE, NOBODY, rank_of, sex_of

_SLOTS_LOG2 = 10
_ROUNDING = 1e-9
# Seven digits of which the first is no 0; the step has no divisor in common with them.
_NUMBERS = 9_000_000
_STEP, _SHIFT = 7_368_787, 1_234_567
_PREFIX, _OWN = range(2)


class Phones:
    """The phones of a population, in a city of up to eight million."""

    def __init__(self, seed: int, rules: PhoneRules) -> None:
        self._rules = rules
        self._stream = DrawStream(seed, "person/phone")
        shares = np.cumsum(rules.weights)
        slots = 1 << _SLOTS_LOG2
        ends = np.floor(shares / shares[-1] * slots + _ROUNDING)
        self._prefixes = np.searchsorted(ends[:-1], np.arange(slots), "right")
        # A number is put together from three tables of texts.
        self._heads = pl.Series(
            [f"{one}{digit}" for one in rules.prefixes for digit in range(1, 10)]
        )
        self._tails = pl.Series([f"{number:03}" for number in range(1000)])

    def holders(
        self, persons: Integers, ages: Integers, kin: Integers, relation: Integers
    ) -> Integers:
        """Return by whose phone each person is reached: the person's own or the next of kin's.

        Of a couple the man may have none, so that no two are reached by each other's.
        """
        share = np.where(
            ages < self._rules.own_from_age, 1.0, exact.curve(self._rules.without_own, ages)
        )
        has_none = chance(self._stream.bits(persons, _OWN), share)
        has_none &= (relation != PARTNER) | (sex_of(persons) != FEMALE)
        return np.where(has_none & (kin != NOBODY), kin, persons)

    def numbers(self, holders: Integers) -> pl.Series:
        """Return the number of each holder: the digits scramble the person's own number."""
        bits = self._stream.bits(holders, _PREFIX)
        prefix = self._prefixes[(bits >> np.uint64(64 - _SLOTS_LOG2)).astype(np.int64)]
        serial = rank_of(holders) * 2 + sex_of(holders)
        digits = (serial * _STEP + _SHIFT) % _NUMBERS
        parts = {
            "head": prefix * 9 + digits // 1_000_000,
            "middle": digits // 1000 % 1000,
            "tail": digits % 1000,
        }
        places = pl.DataFrame({name: each.astype(np.uint32) for name, each in parts.items()})
        return places.select(
            pl.lit(self._heads).gather("head")
            + pl.lit(self._tails).gather("middle")
            + pl.lit(self._tails).gather("tail")
        ).to_series()
