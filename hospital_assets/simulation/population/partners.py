"""Partners: couples of one community, whose two sides read the same counts.

For each year of birth and community of the women, and each difference in years of birth, a whole
number of couples is formed. Both sides order themselves by a scrambled position.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance import exact
from hospital_assets.simulation.chance.draws import DrawStream, Integers
from hospital_assets.simulation.chance.exact import Floats
from hospital_assets.simulation.chance.permutations import PRIME_STRIDES, CellStrides
from hospital_assets.simulation.parameters.kin import PartnerRules
from hospital_assets.simulation.population.cohorts import Cells, Cohorts
from hospital_assets.simulation.population.person_numbers import FEMALE, MALE, NOBODY

_COUNT_BITS = 21
_ROUNDS_OF_CAPPING = 3


@dataclass(frozen=True)
class Partners:
    """The partner of each of n people, of the other sex and the same community.

    Rows without one have `known` False and no meaning else.
    """

    known: NDArray[np.bool_]
    year: Integers
    position: Integers

    def cells(self, cells: Cells, rows: Integers) -> Cells:
        """Return the partners of some rows, given the people themselves."""
        return Cells(
            1 - cells.sex[rows], self.year[rows], cells.community[rows], self.position[rows]
        )


@dataclass(frozen=True)
class _Side:
    """One sex: cumulated couples [year * community, difference], and its order among them."""

    cumulated: Integers
    keys: Integers
    scramble: CellStrides
    towards_partner: int


class Couples:
    """Partners of a population."""

    def __init__(
        self, seed: int, cohorts: Cohorts, rules: PartnerRules, reference_year: int
    ) -> None:
        self._cohorts = cohorts
        self._differences = np.arange(rules.older_least, rules.older_most + 1)
        wives = _couples(rules, cohorts, reference_year, self._differences)
        husbands = np.zeros_like(wives)
        for number, older in enumerate(self._differences.tolist()):
            hers, his = _years_of_couples(len(cohorts.years), older)
            husbands[his, :, number] = wives[hers, :, number]
        self._sides = (
            self._side(wives, DrawStream(seed, "wife"), FEMALE, PRIME_STRIDES[1]),
            self._side(husbands, DrawStream(seed, "husband"), MALE, PRIME_STRIDES[2]),
        )

    def partners(self, persons: Integers) -> Integers:
        """Return each person's partner, NOBODY where there is none."""
        cells = self._cohorts.cells(persons)
        found = self.partners_of(cells)
        result = np.full(len(persons), NOBODY, np.int64)
        rows = np.flatnonzero(found.known)
        result[rows] = self._cohorts.persons(found.cells(cells, rows))
        return result

    def partners_of(self, cells: Cells) -> Partners:
        """Return the partner of each cell's person."""
        known = np.zeros(len(cells), np.bool_)
        year, position = np.full_like(cells.year, NOBODY), np.full_like(cells.year, NOBODY)
        for sex, (own, other) in enumerate((self._sides, self._sides[::-1])):
            rows = np.flatnonzero(cells.sex == sex)
            table = self._cohorts.rows(cells.year[rows], cells.community[rows])
            place = own.scramble.forward(cells.position[rows], table)
            paired = place < own.cumulated[table, -1]
            rows, table, place = rows[paired], table[paired], place[paired]
            entry = np.searchsorted(own.keys, (table << _COUNT_BITS) + place, "right")
            older = entry - table * len(self._differences)
            offset = place - np.where(older > 0, own.cumulated[table, older - 1], 0)
            year[rows] = cells.year[rows] + own.towards_partner * self._differences[older]
            there = self._cohorts.rows(year[rows], cells.community[rows])
            before = np.where(older > 0, other.cumulated[there, older - 1], 0)
            position[rows] = other.scramble.backward(before + offset, there)
            known[rows] = True
        return Partners(known, year, position)

    def _side(self, couples: Integers, stream: DrawStream, sex: int, prime: int) -> _Side:
        cumulated = np.cumsum(couples, axis=2).reshape(-1, len(self._differences))
        rows = np.arange(len(cumulated))[:, None]
        sizes = self._cohorts.sizes[sex].reshape(-1)
        return _Side(
            cumulated,
            ((rows << _COUNT_BITS) + cumulated).reshape(-1),
            CellStrides(stream, sizes, self._cohorts.keys, prime),
            -1 if sex == FEMALE else 1,
        )


def _couples(
    rules: PartnerRules, cohorts: Cohorts, reference_year: int, differences: Integers
) -> Integers:
    """Return the couples [year of the woman, community, difference]."""
    ages = reference_year - cohorts.years
    factor = np.array(rules.by_community)
    women = np.minimum(exact.curve(rules.women, ages)[:, None] * factor, rules.most_women)
    men = np.minimum(exact.curve(rules.men, ages)[:, None] * factor, rules.most_men)
    most_men = cohorts.sizes[MALE] * men
    couples = (cohorts.sizes[FEMALE] * women)[:, :, None] * _shares(rules, differences)
    pairs = [
        (i, *_years_of_couples(len(ages), older)) for i, older in enumerate(differences.tolist())
    ]
    formed = np.zeros_like(couples)
    for number, hers, _ in pairs:
        formed[hers, :, number] = couples[hers, :, number]
    for _ in range(_ROUNDS_OF_CAPPING):
        wanted = np.zeros_like(most_men)
        for number, hers, his in pairs:
            wanted[his] += formed[hers, :, number]
        kept = np.minimum(1, most_men / np.maximum(wanted, 1e-9))
        for number, hers, his in pairs:
            formed[hers, :, number] *= kept[his]
    return np.floor(formed).astype(np.int64)


def _years_of_couples(years: int, older: int) -> tuple[Integers, Integers]:
    """Return the years of birth, hers and his, of couples in which he is so much older."""
    his = np.arange(max(-older, 0), min(years - older, years))
    return his + older, his


def _shares(rules: PartnerRules, differences: Integers) -> Floats:
    """Return the share of couples in which he is older by each difference."""
    above = (differences + 0.5 - rules.older_mean) / rules.older_deviation
    below = (differences - 0.5 - rules.older_mean) / rules.older_deviation
    shares = exact.normal_probability(above) - exact.normal_probability(below)
    return shares / np.cumsum(shares)[-1]
