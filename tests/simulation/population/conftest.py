"""Two populations that tests look at: the five million, and a quarter of them."""

import numpy as np
import pytest

from hospital_assets.simulation.dates import day_number
from hospital_assets.simulation.population.person_numbers import SEXES, person
from hospital_assets.simulation.population.population import Population
from tests.simulation.population.people_files import content, rules_of

SEED = 1
SMALL = 1_250_000


@pytest.fixture(scope="session")
def full() -> Population:
    """The population of the brief."""
    return Population(SEED, rules_of(content()))


@pytest.fixture(scope="session")
def small() -> Population:
    """The population of the small profile."""
    return Population(SEED, rules_of(content(SMALL)))


@pytest.fixture(scope="session")
def everybody(small: Population) -> np.ndarray:
    """All of the small population who are born by the end of the digitisation."""
    end = day_number(small.rules.population.campaign_last_day) + 1
    return np.concatenate([person(sex, np.arange(small.births.before(sex, end))) for sex in SEXES])


@pytest.fixture(scope="session")
def some(full: Population) -> np.ndarray:
    """Every thirtieth of the five million, in no order."""
    end = day_number(full.rules.population.campaign_last_day) + 1
    people = [person(sex, np.arange(sex, full.births.before(sex, end), 30)) for sex in SEXES]
    everyone = np.concatenate(people)
    return everyone[np.argsort(everyone * 7_368_787 % 9_000_011, kind="stable")]
