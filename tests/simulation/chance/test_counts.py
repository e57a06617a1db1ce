"""Poisson counts: mean, variance and share of zeros, small means and large ones."""

from math import exp

import numpy as np
import pytest

from hospital_assets.simulation.chance.counts import poisson
from hospital_assets.simulation.chance.draws import DrawStream

DRAWS = 200_000


@pytest.mark.parametrize("mean", [0.001, 0.3, 2.0, 8.9, 9.1, 40.0, 2_500.0])
def test_counts_have_the_mean_and_variance_of_a_poisson(mean: float) -> None:
    counts = poisson(DrawStream(1, "test").bits(np.arange(DRAWS)), np.full(DRAWS, mean))
    error = 4 * (mean / DRAWS) ** 0.5
    assert abs(counts.mean() - mean) < error + mean * 0.001
    assert abs(counts.var() / mean - 1) < 0.02 + 4 * (1 / (mean * DRAWS)) ** 0.5
    assert abs((counts == 0).mean() - exp(-mean)) < 4 * (exp(-mean) / DRAWS) ** 0.5 + 1e-4


def test_no_count_is_negative() -> None:
    lowest, highest = np.array([0], np.uint64), np.array([2**64 - 1], np.uint64)
    for mean in (1e-12, 1.0, 9.0, 9.0001, 30.0):
        assert poisson(lowest, np.array([mean]))[0] >= 0
        assert poisson(highest, np.array([mean]))[0] < mean + 10 * mean**0.5 + 20
