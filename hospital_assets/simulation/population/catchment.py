"""The catchment: who uses this hospital, one answer for all stays and visits of a person."""

from typing import Self

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance.draws import DrawStream, Integers, chance
from hospital_assets.simulation.chance.exact import Floats
from hospital_assets.simulation.parameters.places import CatchmentRules, Settlement
from hospital_assets.simulation.population.births import Births
from hospital_assets.simulation.population.cohorts import communities_of
from hospital_assets.simulation.population.households import Households
from hospital_assets.simulation.population.person_numbers import (
    SEXES,
    person,
    rank_of,
    sex_of,
)
from hospital_assets.simulation.population.places import Places

_BLOCK = 1 << 15


class Catchment:
    """Who uses this hospital: by suburb, community and a draw.

    With `table`, one bit a person, it is looked up; without, it is found out each time, which takes
    some ten times as long and gives the same.
    """

    def __init__(
        self,
        seed: int,
        births: Births,
        households: Households,
        places: Places,
        settlement: Settlement,
        rules: CatchmentRules,
        table: NDArray[np.uint8] | None = None,
    ) -> None:
        self._arguments = (seed, births, households, places, settlement, rules)
        self._births, self._households, self._places = births, households, places
        self._stream = DrawStream(seed, "catchment")
        in_city = np.array([one.city == settlement.city for one in places.suburbs])
        by_suburb = np.where(in_city, rules.city_weight, 1.0)
        self._weights = by_suburb[None, :] * np.array(rules.by_community)[:, None]
        self._shares = np.minimum(1, self._weights / rules.city_weight)
        self._table = table

    def uses_hospital(self, persons: Integers) -> NDArray[np.bool_]:
        """Return who goes to this hospital when ill."""
        if self._table is None:
            return self._find_out(persons)
        place = (rank_of(persons) << 1) | sex_of(persons)
        return ((self._table[place >> 3] >> (place & 7).astype(np.uint8)) & 1).astype(np.bool_)

    def weights(self, persons: Integers) -> Floats:
        """Return how likely each is to come here, against somebody of a weight of 1."""
        community, suburb = self._live(persons)
        return self._weights[community, suburb]

    def make_table(self) -> NDArray[np.uint8]:
        """Return the table of everybody: a bit at 2 * rank + sex. It takes some seconds."""
        lives = self._births.before_day[:, -1]
        anchors = self._households.every_anchor()
        uses = np.zeros((int(lives.max()), len(SEXES)), np.bool_)
        for sex in SEXES:
            for first in range(0, int(lives[sex]), _BLOCK):
                ranks = np.arange(first, min(first + _BLOCK, int(lives[sex])))
                persons = person(sex, ranks)
                anchor = anchors[self._households.seats(persons)]
                community = communities_of(anchor)
                suburb = self._places.of_households(anchor, community)
                uses[ranks, sex] = self._chosen(persons, community, suburb)
        return np.packbits(uses.reshape(-1), bitorder="little")

    def with_table(self, table: NDArray[np.uint8]) -> Self:
        """Return the same catchment that looks up a table that it, or one like it, has made."""
        return type(self)(*self._arguments, table)

    def _find_out(self, persons: Integers) -> NDArray[np.bool_]:
        return self._chosen(persons, *self._live(persons))

    def _chosen(
        self, persons: Integers, community: Integers, suburb: Integers
    ) -> NDArray[np.bool_]:
        return chance(self._stream.bits(persons), self._shares[community, suburb])

    def _live(self, persons: Integers) -> tuple[Integers, Integers]:
        kin = self._households.kin(persons)
        anchors = self._households.anchors_of(kin)
        return kin.cells.community, self._places.of_households(anchors, kin.cells.community)
