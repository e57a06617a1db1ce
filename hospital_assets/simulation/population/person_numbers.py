"""Rank space: within each sex, people stand in order of birth, and all else follows from the rank.

Nobody is stored. A person is the number `sex << 23 | rank` (sex 0 is female, rank 0 is the oldest).
"""

import numpy as np
from numpy.typing import ArrayLike

from hospital_assets.simulation.chance.draws import Integers

RANK_BITS = 23
SEXES = (0, 1)
FEMALE, MALE = SEXES
SEX_NAMES = ("female", "male")
NOBODY = -1
# Of a day that doesn't come within the simulated years, such as that of a death.
NEVER = 1 << 30
_RANKS = (1 << RANK_BITS) - 1


def person(sex: ArrayLike, rank: ArrayLike) -> Integers:
    """Return the person number of a sex and rank."""
    return (np.asarray(sex, np.int64) << RANK_BITS) | np.asarray(rank, np.int64)


def sex_of(persons: ArrayLike) -> Integers:
    """Return 0 for women and 1 for men."""
    return np.asarray(persons, np.int64) >> RANK_BITS


def rank_of(persons: ArrayLike) -> Integers:
    """Return the persons' ranks within their sex."""
    return np.asarray(persons, np.int64) & _RANKS
