"""The population of a hospital's city: everybody who ever lives there, composed of its parts."""

from copy import copy
from typing import Self

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.parameters.people import PeopleRules
from hospital_assets.simulation.population.births import all_births
from hospital_assets.simulation.population.catchment import Catchment
from hospital_assets.simulation.population.cohorts import Cohorts
from hospital_assets.simulation.population.conditions import Conditions
from hospital_assets.simulation.population.deaths import Deaths
from hospital_assets.simulation.population.families import Families
from hospital_assets.simulation.population.households import Households
from hospital_assets.simulation.population.partners import Couples
from hospital_assets.simulation.population.places import Places
from hospital_assets.simulation.population.registration import Registration


class Population:
    """Everybody, as numbers (see `person_numbers`); nobody is stored.

    `births` knows when somebody is born and who is of an age, `cohorts` communities, `families`
    mothers and children, `partners` couples, `households` who lives together and whose surname
    somebody bears, `places` suburbs, `catchment` who uses this hospital, `deaths` when somebody
    dies and who lives, `conditions` chronic diseases, `registration` when a file is digitised.
    """

    def __init__(self, seed: int, rules: PeopleRules) -> None:
        self.seed = seed
        self.rules = rules
        year = rules.population.reference_day.year
        foreign = np.flatnonzero([one.foreign for one in rules.communities])
        self.births = all_births(seed, rules)
        self.cohorts = Cohorts(seed, self.births, rules.communities, year)
        self.families = Families(seed, self.cohorts, rules.families, year, foreign)
        self.partners = Couples(seed, self.cohorts, rules.partners, year)
        self.households = Households(
            seed,
            self.cohorts,
            self.families,
            self.partners,
            rules.households,
            rules.partners,
            year,
        )
        self.deaths = Deaths(seed, self.births, rules.mortality)
        self.conditions = Conditions(seed, self.births, self.deaths, rules)
        self.places = Places(seed, self.households, rules)
        self.catchment = Catchment(
            seed, self.births, self.households, self.places, rules.settlement, rules.catchment
        )
        self.registration = Registration(seed, self.births, self.deaths, rules.population)

    def knowing(self, catchment_table: NDArray[np.uint8]) -> Self:
        """Return the same population with the catchment looked up in its table."""
        other = copy(self)
        other.catchment = self.catchment.with_table(catchment_table)
        return other
