"""The minute at which somebody dies whose day of death is known."""

import numpy as np

from hospital_assets.simulation.chance.draws import Bits, Integers, below
from hospital_assets.simulation.dates import MINUTES_PER_DAY

# Whoever dies on the day of arrival dies this long after it at the earliest.
_SOONEST = 6


def death_minutes(bits: Bits, arrived: Integers, death_day: Integers) -> Integers:
    """Return a minute of each death day, after the arrival if that is on the same day."""
    left = np.maximum(MINUTES_PER_DAY - arrived % MINUTES_PER_DAY - _SOONEST - 2, 1)
    midnight = death_day * MINUTES_PER_DAY
    minute = np.where(
        death_day == arrived // MINUTES_PER_DAY,
        arrived + _SOONEST + below(bits, left),
        midnight + below(bits, MINUTES_PER_DAY),
    )
    return np.minimum(minute, midnight + MINUTES_PER_DAY - 1)
