"""Names: a tradition and surname from the line that somebody is born into, first names of the time.

A married woman bears the surname of her husband's line.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hospital_assets.simulation.chance import exact
from hospital_assets.simulation.chance.draws import (
    Bits,
    DrawStream,
    Integers,
    choose,
    thresholds,
)
from hospital_assets.simulation.parameters.identities import IdentityRules
from hospital_assets.simulation.people.name_tables import SLOTS_LOG2, NameTables
from hospital_assets.simulation.people.words import Words
from hospital_assets.simulation.population.households import Households, Kin

NO_NAME = -1
_TRADITIONS_LOG2 = 10
_SLOT = np.uint64((1 << SLOTS_LOG2) - 1)


@dataclass(frozen=True)
class Named:
    """The names of people, as places in `Names.texts`; `second` is NO_NAME where there is none.

    `tradition` is an index of the rules' traditions.
    """

    tradition: Integers
    first: Integers
    second: Integers
    last: Integers


class Names:
    """The names of everybody."""

    def __init__(
        self, seed: int, households: Households, rules: IdentityRules, words: Words
    ) -> None:
        self._households, self._rules = households, rules
        self._tables = NameTables(words, rules.words_of_traditions())
        self._lines = DrawStream(seed, "line/words")
        self._western = np.array([one.western for one in rules.traditions])
        self._traditions = _traditions_of_communities(rules)

    @property
    def texts(self) -> pl.Series:
        """All names, each once."""
        return self._tables.texts

    def of(self, kin: Kin, draws: tuple[Bits, Bits]) -> Named:
        """Return the names of people, with two draws of their own for each."""
        lines = self._lines.bits(self._households.name_lines_of(kin))
        tradition = self._tradition(kin.cells.community, lines)
        last = self._surnames(tradition, lines)
        wives, husbands = self._households.husbands_lines(kin)
        his = self._lines.bits(husbands)
        last[wives] = self._surnames(self._tradition(kin.cells.community[wives], his), his)
        first, second = self._first_names(kin, tradition, draws)
        return Named(tradition, first, second, last)

    def _tradition(self, community: Integers, lines: Bits) -> Integers:
        slot = (lines >> np.uint64(64 - _TRADITIONS_LOG2)).astype(np.int64)
        return self._traditions[community, slot]

    def _surnames(self, tradition: Integers, lines: Bits) -> Integers:
        slot = ((lines >> np.uint64(20)) & _SLOT).astype(np.int64)
        return self._tables.draw(self._tables.surname[tradition], slot)

    def _first_names(
        self, kin: Kin, tradition: Integers, draws: tuple[Bits, Bits]
    ) -> tuple[Integers, Integers]:
        one, two = draws
        rules = self._rules.names
        sex, year = kin.cells.sex, kin.cells.year
        blur = sum(
            ((draw >> np.uint64(56)).astype(np.int64) - 128) * years // 128
            for draw, years in zip(draws, rules.blur_years, strict=True)
        )
        generation = np.searchsorted(rules.generations, year + blur, "right")
        own, western = (
            self._tables.first[tradition, sex, generation],
            self._tables.western[sex, generation],
        )
        may = self._western[tradition]
        first_is_western = may & (_share(one, 32, 24) < exact.curve(rules.western_first, year))
        first = self._tables.draw(np.where(first_is_western, western, own), _slots(one))
        chance = np.where(
            first_is_western, rules.western_second_after_western, rules.western_second
        )
        second_is_western = may & (_share(two, 12, 12) < chance)
        second = self._tables.draw(np.where(second_is_western, western, own), _slots(two))
        has_two = (_share(two, 32, 24) < exact.curve(rules.second, year)) & (second != first)
        return first, np.where(has_two, second, NO_NAME)


def _traditions_of_communities(rules: IdentityRules) -> Integers:
    """Return a tradition for each slot [community, slot], as many slots as the weights say."""
    numbers = {one.name: number for number, one in enumerate(rules.traditions)}
    slots = np.arange(1 << _TRADITIONS_LOG2, dtype=np.uint64) << np.uint64(64 - _TRADITIONS_LOG2)
    return np.stack(
        [
            np.array([numbers[name] for name in one.traditions])[
                choose(slots, thresholds(one.weights))
            ]
            for one in rules.community_traditions
        ]
    )


def _slots(draws: Bits) -> Integers:
    return (draws & _SLOT).astype(np.int64)


def _share(draws: Bits, first_bit: int, bits: int) -> NDArray[np.float64]:
    """Return a number in [0, 1) from some bits of each draw."""
    part = (draws >> np.uint64(first_bit)) & np.uint64((1 << bits) - 1)
    return part.astype(np.float64) / (1 << bits)
