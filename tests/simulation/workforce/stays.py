"""Stays of staff: as many as tests want, at any minute."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from hospital_assets.simulation.dates import MINUTES_PER_DAY, day_number
from hospital_assets.simulation.workforce.workforce import Workforce

FIRST, LAST = day_number(date(2023, 1, 1)), day_number(date(2023, 12, 31))
HOLDERS_STAYS, RESERVE_STAYS = 1_500, 3_000


@dataclass(frozen=True)
class Stays:
    """Person, minute of arrival and minute of departure of each stay."""

    person: np.ndarray
    arrived: np.ndarray
    left: np.ndarray


def stays_of_staff(workforce: Workforce) -> Stays:
    """Return stays in the year of FIRST to LAST: up to ten days, of holders and of the reserve."""
    chance = np.random.default_rng(3)
    person = np.concatenate(
        [
            chance.choice(workforce.holders.person, HOLDERS_STAYS, replace=False),
            chance.choice(workforce.reserve.members.person, RESERVE_STAYS, replace=False),
        ]
    )
    arrived = chance.integers(FIRST * MINUTES_PER_DAY, LAST * MINUTES_PER_DAY, len(person))
    return Stays(person, arrived, arrived + chance.integers(60, 10 * MINUTES_PER_DAY, len(person)))
