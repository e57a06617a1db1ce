"""Who is born on some days, and their mothers."""

from datetime import date

import numpy as np

from hospital_assets.simulation.dates import day_number
from hospital_assets.simulation.population.person_numbers import NOBODY, SEXES, person
from hospital_assets.simulation.population.population import Population


def born_between(population: Population, first: date, end: date) -> np.ndarray:
    """Return everybody born on a day of [first, end)."""
    bounds = np.array([day_number(first), day_number(end)])
    return np.concatenate(
        [person(sex, np.arange(*population.births.before(sex, bounds))) for sex in SEXES]
    )


def births_with_mothers(
    population: Population, first: date, end: date
) -> tuple[np.ndarray, np.ndarray]:
    """Return who is born then with a mother in the population, and the mothers."""
    born = born_between(population, first, end)
    mothers = population.families.mothers(born)
    return born[mothers != NOBODY], mothers[mothers != NOBODY]
