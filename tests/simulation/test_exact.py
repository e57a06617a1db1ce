"""Transcendental functions of the simulation: near the truth, and the same bits everywhere."""

import hashlib
from collections.abc import Callable
from decimal import Decimal, localcontext
from statistics import NormalDist

import numpy as np
import pytest
from numpy.typing import NDArray

from hospital_assets.simulation.chance import exact

_ULP = 2.0**-52


def _error(
    values: NDArray[np.float64], truth: Callable[[Decimal], Decimal], at: NDArray[np.float64]
) -> float:
    """Return the largest relative error in units of the last place."""
    with localcontext() as context:
        context.prec = 40
        wanted = [truth(Decimal(float(x))) for x in at]
        errors = [
            abs((Decimal(float(value)) - want) / want)
            for value, want in zip(values, wanted, strict=True)
            if want
        ]
    return float(max(errors)) / _ULP


def test_exponentials_and_logarithms_are_within_two_units_of_the_last_place() -> None:
    exponents = np.linspace(-60, 60, 2001)
    assert _error(exact.exp(exponents), lambda x: x.exp(), exponents) < 2
    values = np.concatenate([np.linspace(0.5, 2, 1001), exact.exp(np.linspace(-300, 300, 1001))])
    assert _error(exact.log(values), lambda x: x.ln(), values) < 2


def test_a_power_is_the_exponential_of_the_logarithm_times_the_exponent() -> None:
    bases = np.linspace(0.1, 10, 500)
    assert exact.power(bases, 0.5) == pytest.approx(np.sqrt(bases), rel=1e-14)


def test_cosines_of_turns_are_those_of_the_circle() -> None:
    turns = np.linspace(-3, 3, 4001)
    assert np.abs(exact.cosine(turns) - np.cos(2 * np.pi * turns)).max() < 1e-14
    assert list(exact.cosine([0.0, 0.5, 1.0])) == [1.0, -1.0, 1.0]


def test_normal_quantiles_are_those_of_the_standard_library() -> None:
    probabilities = np.concatenate([np.linspace(0.001, 0.999, 999), [1e-15, 1e-9, 1 - 1e-9]])
    wanted = np.array([NormalDist().inv_cdf(p) for p in probabilities])
    assert exact.normal_quantile(probabilities) == pytest.approx(wanted, abs=1e-12)


def test_normal_probabilities_are_those_of_the_standard_library() -> None:
    values = np.linspace(-9, 9, 2001)
    wanted = np.array([NormalDist().cdf(value) for value in values])
    assert np.abs(exact.normal_probability(values) - wanted).max() < 2e-15
    assert list(exact.normal_probability([0.0])) == [0.5]


def test_interpolation_runs_through_its_points_and_is_flat_beyond() -> None:
    curve = exact.interpolate([-1, 0, 1, 2, 3, 9], [0, 2, 3], [10, 20, 0])
    assert list(curve) == [10, 10, 15, 20, 0, 0]


def test_every_bit_is_pinned() -> None:
    """Whoever changes a function changes the hospital: this hash changes with it."""
    grid = np.linspace(-20, 20, 10_001)
    positive = np.linspace(2.0**-40, 40, 10_001)
    between = np.linspace(2.0**-40, 1 - 2.0**-40, 10_001)
    digest = hashlib.sha256()
    for values in (
        exact.exp(grid),
        exact.log(positive),
        exact.cosine(grid),
        exact.normal_quantile(between),
        exact.normal_probability(grid),
    ):
        digest.update(values.tobytes())
    assert digest.hexdigest() == "2844aff4d1cf41dfa4b63e840a8114d376542dbee1cab67d19e4ea097b118e2a"
