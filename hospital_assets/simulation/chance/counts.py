"""Counts of events: Poisson numbers from a draw and a mean."""

from functools import cache

import numpy as np

from hospital_assets.simulation.chance import exact
from hospital_assets.simulation.chance.draws import Bits, Integers
from hospital_assets.simulation.chance.exact import Floats

_NORMALS_LOG2 = 12
_SMALL_MEAN = 9.0
_MOST_OF_SMALL_MEAN = 45


def poisson(bits: Bits, means: Floats) -> Integers:
    """Return a Poisson number for each draw and mean, which is above zero.

    By inversion up to a mean of 9, above it by the Cornish-Fisher expansion of the quantile to the
    second order.
    """
    cell = (bits >> np.uint64(64 - _NORMALS_LOG2)).astype(np.int64)
    normal = _normals()[cell]
    spread = np.sqrt(means) * normal
    counts = np.maximum(np.floor(means + spread + (normal * normal - 1) / 6 + 0.5), 0)
    small = means <= _SMALL_MEAN
    if small.any():
        counts[small] = _by_inversion(bits[small], means[small])
    return counts.astype(np.int64)


def _by_inversion(bits: Bits, means: Floats) -> Floats:
    uniform = (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53
    probability = exact.exp(-means)
    cumulated = probability.copy()
    counts = np.zeros(len(means))
    for number in range(1, _MOST_OF_SMALL_MEAN):
        beyond = uniform >= cumulated
        if not beyond.any():
            break
        counts[beyond] = number
        probability = probability * means / number
        cumulated = cumulated + probability
    return counts


@cache
def _normals() -> Floats:
    """Return normal quantiles at the middle of each cell of the unit interval."""
    cells = 1 << _NORMALS_LOG2
    return exact.normal_quantile((np.arange(cells) + 0.5) / cells)
