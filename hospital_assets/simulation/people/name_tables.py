"""Pools of names as tables: a draw of 12 bits finds its name by one look-up."""

import numpy as np
import polars as pl

from hospital_assets.simulation.chance import exact
from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.chance.exact import Floats
from hospital_assets.simulation.people.words import FirstNames, NamePool, Words

SLOTS_LOG2 = 12
_SLOTS = 1 << SLOTS_LOG2
_ROUNDING = 1e-9
_GENERATIONS = 4
WESTERN = "western"


class NameTables:
    """Names by pool: `texts` holds all words once, `draw` returns places in it.

    `first` has the pool of each tradition, sex and generation, `western` that of sex and
    generation, `surname` that of each tradition.
    """

    def __init__(self, words: Words, traditions: tuple[str, ...]) -> None:
        self._place: dict[str, int] = {}
        self._tables: list[Integers] = []
        western = self._first_names(words.first_names[WESTERN])
        by_words = {
            key: (self._first_names(words.first_names[key]), self._add(words.surnames[key]))
            for key in dict.fromkeys(traditions)
        }
        self.western = western
        self.first = np.stack([by_words[key][0] for key in traditions])
        self.surname = np.array([by_words[key][1] for key in traditions], np.int64)
        self.texts = pl.Series(list(self._place))
        self._slots = np.concatenate(self._tables).astype(np.uint16)

    def draw(self, pool: Integers, slot: Integers) -> Integers:
        """Return the place of a name of each pool; `slot` is a draw of 12 bits."""
        return self._slots[(pool << SLOTS_LOG2) + slot].astype(np.int64)

    def _first_names(self, names: FirstNames) -> Integers:
        """Return the pools [sex, generation] of a tradition."""
        pools = []
        for given in (names.female, names.male):
            numbers = [self._add(pool) for pool in given]
            pools.append([numbers[min(one, len(numbers) - 1)] for one in range(_GENERATIONS)])
        return np.array(pools, np.int64)

    def _add(self, pool: NamePool) -> int:
        """Add a pool's table and return the pool's number."""
        names = (*pool.ranked, *pool.others)
        places = [self._place.setdefault(name, len(self._place)) for name in names]
        shares = np.cumsum(_weights(pool))
        ends = np.floor(shares / shares[-1] * _SLOTS + _ROUNDING).astype(np.int64)
        ends[-1] = _SLOTS
        self._tables.append(np.repeat(places, np.diff(ends, prepend=0)))
        return len(self._tables) - 1


def _weights(pool: NamePool) -> Floats:
    ranked, others = len(pool.ranked), len(pool.others)
    weights = np.empty(ranked + others)
    if ranked:
        own = exact.power(np.arange(1, ranked + 1) + pool.offset, -pool.exponent)
        weights[:ranked] = own * (1 - pool.others_share) / np.cumsum(own)[-1]
    if others:
        weights[ranked:] = pool.others_share / others
    return weights
