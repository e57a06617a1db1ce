"""Mobile numbers: a prefix in use, and seven digits that nobody else has."""

import numpy as np
import polars as pl

from hospital_assets.simulation.chance.draws import Bits, Integers
from hospital_assets.simulation.parameters.identities import PhoneRules
from hospital_assets.simulation.population.person_numbers import rank_of, sex_of

_SLOTS_LOG2 = 10
_ROUNDING = 1e-9
# Seven digits of which the first is no 0; the step has no divisor in common with them.
_NUMBERS = 9_000_000
_STEP, _SHIFT = 7_368_787, 1_234_567


class Phones:
    """Numbers in three parts, each a place in a table of texts: `heads` and twice `tails`.

    The seven digits scramble the person's own number: none is given twice, in a city of up to
    eight million.
    """

    def __init__(self, rules: PhoneRules) -> None:
        shares = np.cumsum(rules.weights)
        slots = 1 << _SLOTS_LOG2
        ends = np.floor(shares / shares[-1] * slots + _ROUNDING)
        self._prefixes = np.searchsorted(ends[:-1], np.arange(slots), "right")
        self.heads = pl.Series(
            [f"{one}{digit}" for one in rules.prefixes for digit in range(1, 10)]
        )
        self.tails = pl.Series([f"{number:03}" for number in range(1000)])

    def parts(self, persons: Integers, bits: Bits) -> tuple[Integers, Integers, Integers]:
        """Return the places in `heads`, `tails` and `tails` of each person's number."""
        prefix = self._prefixes[(bits >> np.uint64(64 - _SLOTS_LOG2)).astype(np.int64)]
        serial = rank_of(persons) * 2 + sex_of(persons)
        digits = (serial * _STEP + _SHIFT) % _NUMBERS
        return prefix * 9 + digits // 1_000_000, digits // 1000 % 1000, digits % 1000
