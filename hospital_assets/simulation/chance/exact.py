"""Transcendental functions that give the same bits on every processor.

A processor's own `exp` or `log` may differ in the last bit from another's. IEEE 754 fixes the
result of +, -, *, / and the square root, so what is built from these alone, element by element, is
the same everywhere. Sums of floats are not: their order depends on the machine.
"""

from collections.abc import Sequence
from math import factorial

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

# ln 2 in two parts: a whole number of steps times the first has no rounding.
_LN2_HIGH = float.fromhex("0x1.62e42fee00000p-1")
_LN2_LOW = float.fromhex("0x1.a39ef35793c76p-33")
_HALF_ROOT = 0.7071067811865476
_TAU = 6.283185307179586
_DENSITY_AT_ZERO = 0.3989422804014327
_NORMAL_TERMS = 120
_EXP_TERMS = [1.0 / factorial(n) for n in range(14)]
_COSINE_TERMS = [(-1.0) ** n / factorial(2 * n) for n in range(13)]
_LOG_TERMS = [2.0 / (2 * n + 1) for n in range(12)]

# Rational approximations of the normal quantile: algorithm AS 241, PPND16 (Wichura 1988).
_CENTRE = (
    (
        3.3871328727963666080e0,
        1.3314166789178437745e2,
        1.9715909503065514427e3,
        1.3731693765509461125e4,
        4.5921953931549871457e4,
        6.7265770927008700853e4,
        3.3430575583588128105e4,
        2.5090809287301226727e3,
    ),
    (
        1.0,
        4.2313330701600911252e1,
        6.8718700749205790830e2,
        5.3941960214247511077e3,
        2.1213794301586595867e4,
        3.9307895800092710610e4,
        2.8729085735721942674e4,
        5.2264952788528545610e3,
    ),
)
_TAIL = (
    (
        1.42343711074968357734e0,
        4.63033784615654529590e0,
        5.76949722146069140550e0,
        3.64784832476320460504e0,
        1.27045825245236838258e0,
        2.41780725177450611770e-1,
        2.27238449892691845833e-2,
        7.74545014278341407640e-4,
    ),
    (
        1.0,
        2.05319162663775882187e0,
        1.67638483018380384940e0,
        6.89767334985100004550e-1,
        1.48103976427480074590e-1,
        1.51986665636164571966e-2,
        5.47593808499534494600e-4,
        1.05075007164441684324e-9,
    ),
)
_FAR_TAIL = (
    (
        6.65790464350110377720e0,
        5.46378491116411436990e0,
        1.78482653991729133580e0,
        2.96560571828504891230e-1,
        2.65321895265761230930e-2,
        1.24266094738807843860e-3,
        2.71155556874348757815e-5,
        2.01033439929228813265e-7,
    ),
    (
        1.0,
        5.99832206555887937690e-1,
        1.36929880922735805310e-1,
        1.48753612908506148525e-2,
        7.86869131145613259100e-4,
        1.84631831751005468180e-5,
        1.42151175831644588870e-7,
        2.04426310338993978564e-15,
    ),
)


def exp(exponent: ArrayLike) -> Floats:
    """Return e to the power of each exponent, which lies between -700 and 700."""
    x = np.asarray(exponent, np.float64)
    steps = np.floor(x / (_LN2_HIGH + _LN2_LOW) + 0.5)
    rest = (x - steps * _LN2_HIGH) - steps * _LN2_LOW
    return np.ldexp(_polynomial(_EXP_TERMS, rest), steps.astype(np.int32))


def log(value: ArrayLike) -> Floats:
    """Return the natural logarithm of each value, which is above zero."""
    mantissa, power = np.frexp(np.asarray(value, np.float64))
    low = mantissa < _HALF_ROOT
    mantissa, power = np.where(low, mantissa * 2.0, mantissa), power - low
    ratio = (mantissa - 1.0) / (mantissa + 1.0)
    return power * _LN2_HIGH + (power * _LN2_LOW + ratio * _polynomial(_LOG_TERMS, ratio * ratio))


def power(base: ArrayLike, exponent: ArrayLike) -> Floats:
    """Return each base, above zero, to the power of its exponent."""
    return exp(np.asarray(exponent, np.float64) * log(base))


def cosine(turns: ArrayLike) -> Floats:
    """Return the cosine of each angle, given in whole turns: 0.25 is a right angle."""
    x = np.asarray(turns, np.float64)
    folded = np.abs(x - np.floor(x + 0.5))
    beyond = folded > 0.25
    angle = _TAU * np.where(beyond, 0.5 - folded, folded)
    value = _polynomial(_COSINE_TERMS, angle * angle)
    return np.where(beyond, -value, value)


def normal_quantile(probability: ArrayLike) -> Floats:
    """Return the standard normal quantile of each probability, above 0 and below 1."""
    p = np.asarray(probability, np.float64)
    centred = p - 0.5
    inner = 0.180625 - centred * centred
    centre = centred * _ratio(_CENTRE, np.maximum(inner, 0.0))
    distance = np.sqrt(-log(np.minimum(p, 1.0 - p)))
    tail = np.where(
        distance <= 5.0, _ratio(_TAIL, distance - 1.6), _ratio(_FAR_TAIL, distance - 5.0)
    )
    return np.where(np.abs(centred) <= 0.425, centre, np.where(centred < 0, -tail, tail))


def normal_probability(value: ArrayLike) -> Floats:
    """Return the probability that a standard normal lies below each value, true to 1e-15.

    By the series of Marsaglia (2004): 0.5 + density * (x + x**3 / 3 + x**5 / (3 * 5) + ...).
    """
    x = np.clip(np.asarray(value, np.float64), -8.0, 8.0)
    square = x * x
    term = x.copy()
    series = x.copy()
    for number in range(1, _NORMAL_TERMS):
        term = term * square / (2 * number + 1)
        series = series + term
    return 0.5 + series * exp(-0.5 * square) * _DENSITY_AT_ZERO


def interpolate(x: ArrayLike, knots: ArrayLike, values: ArrayLike) -> Floats:
    """Return the piecewise linear curve through (knots, values) at each x, flat beyond its ends."""
    points, heights = np.asarray(knots, np.float64), np.asarray(values, np.float64)
    at = np.clip(np.asarray(x, np.float64), points[0], points[-1])
    left = np.clip(np.searchsorted(points, at, side="right") - 1, 0, len(points) - 2)
    share = (at - points[left]) / (points[left + 1] - points[left])
    return heights[left] + share * (heights[left + 1] - heights[left])


def curve(points: Sequence[tuple[float, float]], x: ArrayLike) -> Floats:
    """Return the piecewise linear curve through the points (x, y) at each x."""
    knots, values = zip(*points, strict=True)
    return interpolate(x, knots, values)


def _polynomial(terms: list[float] | tuple[float, ...], x: Floats) -> Floats:
    value = np.full_like(x, terms[-1])
    for term in terms[-2::-1]:
        value = value * x + term
    return value


def _ratio(fraction: tuple[tuple[float, ...], tuple[float, ...]], x: Floats) -> Floats:
    return _polynomial(fraction[0], x) / _polynomial(fraction[1], x)
