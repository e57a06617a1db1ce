"""A hundred thousand people of the full city, with their identities."""

import numpy as np
import polars as pl
import pytest

from hospital_assets.simulation.people.identities import Identities
from hospital_assets.simulation.population.person_numbers import person
from hospital_assets.simulation.population.population import Population
from tests.simulation.people.given import identity_rules, words
from tests.simulation.workforce import hospitals

SEED = 42
PEOPLE = 100_000


@pytest.fixture(scope="session")
def city() -> Population:
    """The people of the full city."""
    return hospitals.population(SEED, "full")


@pytest.fixture(scope="session")
def identities(city: Population) -> Identities:
    """The identities of its people."""
    return Identities(SEED, city, identity_rules(), words())


@pytest.fixture(scope="session")
def persons(city: Population) -> np.ndarray:
    """Some of the people, of any age, with many born on the same day, in order."""
    chance = np.random.default_rng(5)
    sex = chance.integers(0, 2, PEOPLE)
    size = np.array([int(city.births.before(one, np.array([20_178]))[0]) for one in (0, 1)])
    anybody = person(sex, (chance.random(PEOPLE) * size[sex]).astype(np.int64))
    neighbours = person(0, np.arange(2_000_000, 2_010_000))
    return np.unique(np.concatenate([anybody, neighbours]))


@pytest.fixture(scope="session")
def frame(identities: Identities, persons: np.ndarray) -> pl.DataFrame:
    """Their lasting columns."""
    return identities.frame(identities.of(persons))
