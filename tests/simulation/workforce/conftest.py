"""A year of the full hospital's workforce, with some of its staff in bed."""

import numpy as np
import pytest

from hospital_assets.simulation.dates import MINUTES_PER_DAY
from hospital_assets.simulation.workforce.workforce import Roster, Workforce
from tests.simulation.workforce.hospitals import SEED, a_workforce
from tests.simulation.workforce.stays import FIRST, LAST, Stays, stays_of_staff


@pytest.fixture(scope="session")
def stays() -> Stays:
    """Stays of staff in the year."""
    return stays_of_staff(a_workforce(SEED, "full"))


@pytest.fixture(scope="session")
def workforce(stays: Stays) -> Workforce:
    """The full hospital's workforce, as those stays leave it."""
    return a_workforce(SEED, "full").with_patients(stays.person, stays.arrived, stays.left)


@pytest.fixture(scope="session")
def year(workforce: Workforce) -> Roster:
    """The roster of the year and of its eve."""
    return workforce.roster(FIRST - 1, LAST)


@pytest.fixture(scope="session")
def minutes() -> np.ndarray:
    """Minutes of the year."""
    return np.random.default_rng(7).integers(
        FIRST * MINUTES_PER_DAY, (LAST + 1) * MINUTES_PER_DAY, 100_000
    )
