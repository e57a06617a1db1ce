"""Who gives birth, in whatever hospital, within some days."""

import numpy as np

from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.population.person_numbers import NOBODY, SEXES, person
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


def children_born(population: Population, first_day: int, last_day: int) -> Integers:
    """Return everybody born on the days [first_day, last_day], girls first."""
    days = [first_day, last_day + 1]
    return np.concatenate(
        [person(sex, np.arange(*population.births.before(sex, days))) for sex in SEXES]
    )


def mothers_of_days(population: Population, first_day: int, last_day: int) -> Integers:
    """Return the women who give birth on the days [first_day, last_day], as far as known."""
    mothers = population.families.mothers(children_born(population, first_day, last_day))
    return mothers[mothers != NOBODY]
