"""Which ranks the people of each sex and age band have on a day."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np

from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.population.births import Births
from hospital_assets.simulation.population.person_numbers import SEXES


@dataclass(frozen=True)
class AgeRanks:
    """The ranks [low, high) of each sex, age band and day, by the age on the eve of the day.

    Both arrays are [sex, band, day], from `first_day` on. Older people have lower ranks.
    `adult_band` is the band with which adults begin.
    """

    first_day: int
    adult_band: int
    low: Integers
    high: Integers

    @classmethod
    def of_days(
        cls, births: Births, band_edges: Integers, adult_band: int, first_day: int, last_day: int
    ) -> Self:
        """Return the ranks on the days [first_day, last_day]; edges are in completed years."""
        eves = np.arange(first_day, last_day + 1) - 1
        edges = band_edges.tolist()
        limits = [
            [births.ranks_of_ages(sex, low, high - 1, eves) for low, high in pairwise(edges)]
            for sex in SEXES
        ]
        low, high = np.moveaxis(np.array(limits), 2, 0)
        return cls(first_day, adult_band, low, high)

    def of(self, sex: Integers, band: Integers, day: Integers) -> tuple[Integers, Integers]:
        """Return the ranks [low, high) of people of one band."""
        at = day - self.first_day
        return self.low[sex, band, at], self.high[sex, band, at]

    def around(
        self, sex: Integers, band: Integers, day: Integers, reach: int | Integers
    ) -> tuple[Integers, Integers]:
        """Return the ranks of people so many bands about; infants, children, adults stay apart."""
        at = day - self.first_day
        is_adult = band >= self.adult_band
        youngest = np.maximum(band - reach, np.where(is_adult, self.adult_band, band.clip(0, 1)))
        oldest_possible = np.where(is_adult, self.low.shape[1] - 1, self.adult_band - 1)
        oldest = np.minimum(band + reach, np.where(band == 0, 0, oldest_possible))
        low = self.low[sex, oldest, at]
        return low, np.maximum(self.high[sex, youngest, at], low)

    def bands_apart(self, sex: Integers, band: Integers, day: Integers, rank: Integers) -> Integers:
        """Return 0 for ranks of the band, 1 for those of a neighbouring one, 2 for others."""
        at = day - self.first_day
        low, high = self.of(sex, band, day)
        older = self.low[sex, np.minimum(band + 1, self.low.shape[1] - 1), at]
        younger = self.high[sex, np.maximum(band - 1, 0), at]
        is_inside = (rank >= low) & (rank < high)
        return np.where(is_inside, 0, 1) + ((rank < older) | (rank >= younger))
