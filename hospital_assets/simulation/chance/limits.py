"""Limits that nothing piles up at."""

import numpy as np

from hospital_assets.simulation.chance.draws import Integers


def bent(values: Integers, knee: int, limit: int) -> Integers:
    """Return the values below the knee as they are, and larger ones bent towards the limit.

    They keep their order, and none reaches the limit.
    """
    room = limit - knee
    beyond = np.maximum(values - knee, 0)
    return np.minimum(values, knee) + beyond * room // (room + beyond)
