"""Integer quantile tables: a draw looks its value up and interpolates without floating point."""

from functools import cache

import numpy as np

from hospital_assets.simulation.chance import exact
from hospital_assets.simulation.chance.draws import Bits, Integers
from hospital_assets.simulation.chance.exact import Floats

_CELLS_LOG2 = 14
_CELLS = 1 << _CELLS_LOG2
_HOURS, _MINUTES = 24, 1440


@cache
def _probabilities() -> Floats:
    """Return the probabilities of the knots; the outermost stand a quarter cell from 0 and 1."""
    knots = np.arange(_CELLS + 1) / _CELLS
    knots[0], knots[-1] = 0.25 / _CELLS, 1 - 0.25 / _CELLS
    return knots


@cache
def _normal_knots() -> Floats:
    half = exact.normal_quantile(_probabilities()[: _CELLS // 2 + 1])
    return np.concatenate([half, -half[-2::-1]])


def normal(deviation: float, unit: float = 1.0) -> Integers:
    """Return the quantile table of a normal of mean 0 with this standard deviation, in units."""
    return np.rint(deviation * _normal_knots() * unit).astype(np.int64)


def lognormal(mu: float, sigma: float, unit: float = 1.0) -> Integers:
    """Return the quantile table of a lognormal of log-mean mu and log-deviation sigma, in units."""
    return np.rint(exact.exp(mu + sigma * _normal_knots()) * unit).astype(np.int64)


def lognormal_about(median: float, sigma: float) -> Integers:
    """Return the quantile table of the lognormal with this median and log-deviation sigma."""
    return lognormal(float(exact.log(median)), sigma)


def lognormal_of(mean: float, deviation: float, unit: float = 1.0) -> Integers:
    """Return the quantile table of the lognormal with this mean and standard deviation."""
    ratio = deviation / mean
    variance = float(exact.log(1 + ratio * ratio))
    return lognormal(float(exact.log(mean)) - variance / 2, float(np.sqrt(variance)), unit)


def exponential(mean: float) -> Integers:
    """Return the quantile table of an exponential with this mean, in the mean's unit."""
    return np.rint(-mean * exact.log(1 - _probabilities())).astype(np.int64)


def hourly(weights: tuple[float, ...]) -> Integers:
    """Return the quantile table of the minute of the day from 24 hourly weights."""
    return _of_day(np.array(weights))


def hourly_curve(weights: tuple[float, ...]) -> Integers:
    """Return the quantile table of the minute of the day from weights at the middles of 24 hours.

    Between them the weight goes straight from one to the next, over midnight too.
    """
    minutes = np.arange(_MINUTES) + 0.5 - _MINUTES / _HOURS / 2
    before = np.floor(minutes * _HOURS / _MINUTES).astype(np.int64)
    within = minutes * _HOURS / _MINUTES - before
    hours = np.array(weights)
    return _of_day(hours[before % _HOURS] * (1 - within) + hours[(before + 1) % _HOURS] * within)


def _of_day(weights: Floats) -> Integers:
    """Return the quantile table of the minute of the day from weights of its even parts."""
    edges = np.concatenate([[0.0], np.cumsum(weights)])
    edges = edges / edges[-1]
    shares = np.arange(_CELLS + 1) / _CELLS
    last = int(np.flatnonzero(weights)[-1])
    part = np.minimum(np.searchsorted(edges, shares, "right") - 1, last)
    within = (shares - edges[part]) / (edges[part + 1] - edges[part])
    minutes = (part + within) * (_MINUTES / len(weights))
    return np.floor(np.minimum(minutes, _MINUTES - 1.0)).astype(np.int64)


def quantile(bits: Bits, table: Integers, row: Integers | None = None) -> Integers:
    """Return the table's value at each draw, interpolated in integers.

    `table` is one quantile table, or a stack of them with the wanted one of each draw in `row`.
    """
    cell = (bits >> np.uint64(64 - _CELLS_LOG2)).astype(np.int64)
    fraction = ((bits >> np.uint64(64 - _CELLS_LOG2 - 20)) & np.uint64(0xFFFFF)).astype(np.int64)
    flat = table.reshape(-1)
    start = cell if row is None else cell + row * (_CELLS + 1)
    low = flat[start]
    return low + (((flat[start + 1] - low) * fraction) >> 20)
