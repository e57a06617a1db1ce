"""Cohorts: the people of a sex, year of birth and community, each at a position of their own.

A person's place among those of the same sex and year is scrambled; the scrambled place falls into
the interval of one community, and how far into it is the position. All of it can be asked from
either end: who somebody is, and who stands at a position.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance import exact
from hospital_assets.simulation.chance.draws import DrawStream, Integers
from hospital_assets.simulation.chance.permutations import CellScrambles
from hospital_assets.simulation.parameters.births import Community
from hospital_assets.simulation.population.births import Births
from hospital_assets.simulation.population.person_numbers import SEXES, person, rank_of, sex_of

# Shares that were cut to whole people would lose one where a product falls short by rounding.
ROUNDING = 1e-9
POSITION_BITS = 20
MOST_COMMUNITIES = 7


@dataclass(frozen=True)
class Cells:
    """People by sex, year of birth, community (an index) and position in it: arrays [n]."""

    sex: Integers
    year: Integers
    community: Integers
    position: Integers

    def __len__(self) -> int:
        """Return the number of people."""
        return len(self.sex)

    def __getitem__(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Self:
        """Return the people of some rows."""
        return type(self)(
            self.sex[rows], self.year[rows], self.community[rows], self.position[rows]
        )

    def codes(self) -> Integers:
        """Return one number for each person, made of the cell: draws of families hang on it."""
        cohort = (self.year * MOST_COMMUNITIES + self.community) * 2 + self.sex
        return (cohort << POSITION_BITS) | self.position


def communities_of(codes: Integers) -> Integers:
    """Return the community of each code of `Cells`."""
    return (codes >> (POSITION_BITS + 1)) % MOST_COMMUNITIES


class Cohorts:
    """The cohorts of a population; `sizes[sex, year, community]` counts their people.

    Years are counted from `first_year`; `starts[sex, year]` are the bounds of the communities. All
    positions of all cohorts, counted on, are seats: sex by sex, year by year, from 0.
    """

    def __init__(
        self, seed: int, births: Births, communities: tuple[Community, ...], reference_year: int
    ) -> None:
        self.births = births
        self.first_year = births.first_year
        self.years = births.years
        self.communities = len(communities)
        by_sex_and_year = np.diff(births.before_year, axis=1)
        self.starts = _bounds(communities, reference_year - self.years, by_sex_and_year)
        self.sizes = np.diff(self.starts, axis=2)
        self._flat_starts = self.starts.reshape(-1, self.communities + 1)
        self._first_ranks = births.before_year[:, :-1].reshape(-1)
        self._first_seats = np.concatenate([[0], np.cumsum(by_sex_and_year)])
        keys = np.concatenate([self.years * 2, self.years * 2 + 1])
        self._scrambles = CellScrambles(
            DrawStream(seed, "cohort"), by_sex_and_year.reshape(-1), keys
        )

    @property
    def keys(self) -> Integers:
        """Return a number for each year and community, flat [years * communities]."""
        pairs = self.years[:, None] * (MOST_COMMUNITIES + 1) + np.arange(self.communities)[None, :]
        return pairs.reshape(-1)

    def rows(self, years: Integers, communities: Integers) -> Integers:
        """Return the place of each year and community in a table [years * communities]."""
        return (years - self.first_year) * self.communities + communities

    def cells(self, persons: Integers) -> Cells:
        """Return the cell and position of each person."""
        row, place = self._places(persons)
        community = np.zeros_like(place)
        for bound in range(1, self.communities):
            community += place >= self._flat_starts[row, bound]
        position = place - self._flat_starts[row, community]
        sex, year = np.divmod(row, len(self.years))
        return Cells(sex, year + self.first_year, community, position)

    def seats_of(self, persons: Integers) -> Integers:
        """Return the seat of each person."""
        row, place = self._places(persons)
        return self._first_seats[row] + place

    def seats(self, cells: Cells) -> Integers:
        """Return the seat of each cell's position."""
        row = cells.sex * len(self.years) + (cells.year - self.first_year)
        return self._first_seats[row] + self._flat_starts[row, cells.community] + cells.position

    def every_cell(self) -> Iterator[tuple[slice, Cells]]:
        """Give the seats of each sex and year, with their cells."""
        for row, (first, beyond) in enumerate(pairwise(self._first_seats.tolist())):
            sex, year = divmod(row, len(self.years))
            starts = self._flat_starts[row]
            community = np.repeat(np.arange(self.communities), np.diff(starts))
            position = np.arange(beyond - first) - starts[community]
            yield (
                slice(first, beyond),
                Cells(
                    np.full_like(position, sex),
                    np.full_like(position, year + self.first_year),
                    community,
                    position,
                ),
            )

    def _places(self, persons: Integers) -> tuple[Integers, Integers]:
        """Return sex and year of each person as one number, and the scrambled place in both."""
        sexes, ranks = sex_of(persons), rank_of(persons)
        year = np.empty_like(ranks)
        for sex in SEXES:
            chosen = np.flatnonzero(sexes == sex)
            before = self.births.before_year[sex]
            year[chosen] = np.searchsorted(before, ranks[chosen], "right") - 1
        row = sexes * len(self.years) + year
        return row, self._scrambles.forward(ranks - self._first_ranks[row], row)

    def persons(self, cells: Cells) -> Integers:
        """Return who stands at each cell and position."""
        row = cells.sex * len(self.years) + (cells.year - self.first_year)
        place = cells.position + self._flat_starts[row, cells.community]
        return person(cells.sex, self._scrambles.backward(place, row) + self._first_ranks[row])


def _bounds(communities: tuple[Community, ...], ages: Integers, sizes: Integers) -> Integers:
    """Return the bounds [sex, year, community + 1] of the communities in each cohort."""
    shares = np.stack([one.share * exact.curve(one.factor_by_age, ages) for one in communities])
    shares = shares / np.cumsum(shares, axis=0)[-1]
    cumulated = np.concatenate([np.zeros((1, len(ages))), np.cumsum(shares, axis=0)])
    bounds = np.floor(cumulated[None] * sizes[:, None, :] + ROUNDING).astype(np.int64)
    bounds[:, -1] = sizes
    return np.ascontiguousarray(bounds.transpose(0, 2, 1))
