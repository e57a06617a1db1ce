"""Readmission: which admission is the return of which discharged patient."""

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance import distributions
from hospital_assets.simulation.chance.distributions import quantile
from hospital_assets.simulation.chance.draws import DrawStream, Integers, chance
from hospital_assets.simulation.dates import MINUTES_PER_DAY
from hospital_assets.simulation.parameters import Parameters
from hospital_assets.simulation.stays.stay_chains import Stays


def match(
    seed: int, parameters: Parameters, stays: Stays, transferred: NDArray[np.bool_]
) -> Integers:
    """Return for each stay the stay whose patient comes back with it, or -1.

    A returning patient takes the next free admission of the same department once the return is
    due. Those who died or were transferred don't come back.
    """
    rules = parameters.readmission
    returns = chance(DrawStream(seed, "readmission").bits(stays.serial), rules.probability)
    delays = distributions.exponential(rules.mean_days * MINUTES_PER_DAY)
    delay = quantile(DrawStream(seed, "readmission/delay").bits(stays.serial), delays)
    due = stays.discharged + round(rules.minimum_days * MINUTES_PER_DAY) + delay
    returning = returns & ~stays.died & ~transferred
    predecessor = np.full(len(stays), -1, np.int64)
    for department in range(len(parameters.departments)):
        inside = np.flatnonzero(stays.department == department)
        admissions = inside[np.lexsort((stays.bed[inside], stays.admitted[inside]))]
        coming = inside[returning[inside]]
        coming = coming[np.lexsort((stays.bed[coming], due[coming]))]
        first = np.searchsorted(stays.admitted[admissions], due[coming])
        turn = np.arange(len(coming))
        taken = turn + np.maximum.accumulate(first - turn) if len(coming) else turn
        within = taken < len(admissions)
        predecessor[admissions[taken[within]]] = coming[within]
    return predecessor


def roots(predecessor: Integers) -> Integers:
    """Return the first stay of each stay's chain, by pointer jumping."""
    root = np.where(predecessor < 0, np.arange(len(predecessor)), predecessor)
    while True:
        further = root[root]
        if np.array_equal(further, root):
            return root
        root = further
