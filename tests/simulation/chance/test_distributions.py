"""Quantile tables: what they draw, and the bounds that they never leave."""

import numpy as np

from hospital_assets.simulation.chance import distributions
from hospital_assets.simulation.chance.draws import DrawStream

BITS = DrawStream(1, "test").bits(np.arange(200_000))
MOST = np.array([2**64 - 1], np.uint64)


def test_no_minute_lies_in_an_hour_without_weight() -> None:
    morning = distributions.hourly((0,) * 6 + (22, 33, 24, 13, 8) + (0,) * 13)
    minutes = distributions.quantile(np.concatenate([BITS, MOST]), morning)
    assert minutes.min() >= 6 * 60
    assert minutes.max() <= 11 * 60


def test_hours_are_as_frequent_as_their_weights() -> None:
    weights = (1,) * 8 + (0,) * 4 + (3,) * 12
    minutes = distributions.quantile(BITS, distributions.hourly(weights))
    shares = np.bincount(minutes // 60, minlength=24) / len(BITS)
    assert np.abs(shares - np.array(weights) / sum(weights)).max() < 0.003


def test_a_lognormal_has_its_mean_and_deviation() -> None:
    table = distributions.lognormal_of(5.3, 4.0, 1440)
    days = distributions.quantile(BITS, table) / 1440
    assert abs(days.mean() - 5.3) < 0.05
    assert abs(days.std() - 4.0) < 0.15
    assert distributions.quantile(MOST, table)[0] <= table[-1]


def test_an_exponential_has_its_mean_and_deviation() -> None:
    waits = distributions.quantile(BITS, distributions.exponential(600.0))
    assert abs(waits.mean() - 600) < 6
    assert abs(waits.std() - 600) < 12
