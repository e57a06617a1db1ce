"""Which women give birth, in whatever hospital, within some days."""

import numpy as np

from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.population.population import Population
from hospital_assets.simulation.stays.patients import Flags


def give_birth_between(
    population: Population, women: Integers, earliest: Integers, latest: Integers
) -> Flags:
    """Return which women give birth on a day from `earliest` to `latest`, one of each a woman."""
    gives_birth = np.zeros(len(women), np.bool_)
    mother, children = population.families.children(women)
    born = population.births.days(children)
    within = (born >= earliest[mother]) & (born <= latest[mother])
    gives_birth[mother[within]] = True
    return gives_birth
