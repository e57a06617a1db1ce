"""Next of kin: who is called on a day, of those relatives who live and are of age."""

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.dates import add_years
from hospital_assets.simulation.population.cohorts import MOST_COMMUNITIES, POSITION_BITS, Cells
from hospital_assets.simulation.population.person_numbers import FEMALE, NOBODY, sex_of
from hospital_assets.simulation.population.population import Population

RELATIONS = ("none", "partner", "mother", "father", "child", "sibling", "household")
NONE, PARTNER, MOTHER, FATHER, CHILD, SIBLING, HOUSEHOLD = range(len(RELATIONS))
_OF_AGE = 18


def next_of_kin(
    population: Population, persons: Integers, days: Integers
) -> tuple[Integers, Integers]:
    """Return the next of kin of each person on a day, and the relation, an index of RELATIONS.

    NOBODY and NONE where nobody is left. Relatives are asked in the order of RELATIONS.
    """
    search = _Search(population, persons, days)
    everybody = np.arange(len(persons))
    search.take(everybody, population.partners.partners(persons), PARTNER)
    mothers = population.families.mothers(persons)
    search.take(everybody, mothers, MOTHER)
    rows = search.lacking(mothers != NOBODY)
    search.take(rows, population.partners.partners(mothers[rows]), FATHER)
    of_age = population.births.of(persons)[0] <= add_years(days, -_OF_AGE)
    rows = search.lacking((sex_of(persons) == FEMALE) & of_age)
    woman, child = population.families.children(persons[rows])
    search.take(rows[woman], child, CHILD)
    rows = search.lacking(mothers != NOBODY)
    mother, child = population.families.children(mothers[rows])
    others = child != persons[rows[mother]]
    search.take(rows[mother[others]], child[others], SIBLING)
    rows = search.lacking(np.ones(len(persons), np.bool_))
    anchors = population.households.anchors(persons[rows])
    heads = population.cohorts.persons(_cells(anchors))
    others = heads != persons[rows]
    search.take(rows[others], heads[others], HOUSEHOLD)
    return search.found, search.relation


class _Search:
    """Whom the search has found: a relative who doesn't live or isn't of age is passed over."""

    def __init__(self, population: Population, persons: Integers, days: Integers) -> None:
        self._population, self._days = population, days
        self.found = np.full(len(persons), NOBODY, np.int64)
        self.relation = np.full(len(persons), NONE, np.int64)

    def lacking(self, eligible: NDArray[np.bool_]) -> Integers:
        """Return the rows of the eligible for whom nobody has been found."""
        return np.flatnonzero(eligible & (self.found == NOBODY))

    def take(self, rows: Integers, relatives: Integers, relation: int) -> None:
        """Take for each row, if still open, the first of its relatives who can be called."""
        known = (relatives != NOBODY) & (self.found[rows] == NOBODY)
        rows, relatives = rows[known], relatives[known]
        day = self._days[rows]
        born, _ = self._population.births.of(relatives)
        can = (born <= add_years(day, -_OF_AGE)) & (self._population.deaths.days(relatives) > day)
        row, first = np.unique(rows[can], return_index=True)
        self.found[row] = relatives[can][first]
        self.relation[row] = relation


def _cells(codes: Integers) -> Cells:
    """Return the cells behind codes (see `Cells.codes`)."""
    cohort, position = codes >> POSITION_BITS, codes & ((1 << POSITION_BITS) - 1)
    year, community = np.divmod(cohort // 2, MOST_COMMUNITIES)
    return Cells(cohort % 2, year, community, position)
