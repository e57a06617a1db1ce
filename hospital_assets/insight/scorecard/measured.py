"""A measured figure with the interval in which chance alone would let it lie.

All intervals are of 95 per cent. Every function returns None where there is nothing to measure.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, log, sqrt, tanh

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hospital_assets.simulation.chance.draws import DrawStream

Counts = NDArray[np.float64]

_Z = 1.96
_RESAMPLES = 200
_WEEK = 7
_FEWEST_DAYS = 28


@dataclass(frozen=True)
class Measured:
    """A figure, the ends of its interval, and how the interval was found."""

    value: float
    low: float
    high: float
    method: str


def share(part: int, whole: int) -> Measured | None:
    """Return a share in per cent, with Wilson's interval."""
    if not whole:
        return None
    found, spread = part / whole, _Z**2 / whole
    middle = (found + spread / 2) / (1 + spread)
    half = _Z / (1 + spread) * sqrt(found * (1 - found) / whole + spread / (4 * whole))
    # Rounding must not put the ends beside a share of none or all.
    low = 0.0 if part == 0 else middle - half
    high = 1.0 if part == whole else middle + half
    return Measured(100 * found, 100 * low, 100 * high, "Wilson")


def share_of(rows: pl.DataFrame, condition: pl.Expr) -> Measured | None:
    """Return the share of the rows on which a condition holds, in per cent."""
    part = rows.select(condition.fill_null(value=False).sum()).item()
    return share(int(part), rows.height)


def rate(count: float, exposure: float) -> Measured | None:
    """Return a count of events by what they are out of, with an interval of Poisson's."""
    if exposure <= 0:
        return None
    low = max(sqrt(max(count, 0)) - _Z / 2, 0) ** 2
    high = (sqrt(count + 1) + _Z / 2) ** 2
    return Measured(count / exposure, low / exposure, high / exposure, "Poisson")


def ratio(count: float, exposure: float, other: float, other_exposure: float) -> Measured | None:
    """Return how many times as frequent the first events are as the other ones."""
    if min(count, other, exposure, other_exposure) <= 0:
        return None
    found = count / exposure / (other / other_exposure)
    half = _Z * sqrt(1 / count + 1 / other)
    return Measured(found, found * exp(-half), found * exp(half), "of two Poisson counts")


def ratio_of_means(these: Counts, those: Counts) -> Measured | None:
    """Return the mean of the first values by that of the others, each with its own scatter."""
    if min(len(these), len(those)) < 2 or min(these.mean(), those.mean()) <= 0:
        return None
    found = float(these.mean() / those.mean())
    parts = [float(part.var()) / len(part) / float(part.mean()) ** 2 for part in (these, those)]
    half = _Z * sqrt(sum(parts))
    return Measured(found, found * exp(-half), found * exp(half), "of two means")


def mean(values: pl.Series) -> Measured | None:
    """Return a mean, with the normal distribution's interval."""
    # In order, since a sum's last digits depend on the order of its parts.
    known = np.sort(values.drop_nulls().to_numpy().astype(float))
    if len(known) < 2:
        return None
    half = _Z * known.std() / sqrt(len(known))
    return Measured(float(known.mean()), float(known.mean() - half), float(known.mean() + half),
                    "normal")  # fmt: skip


def deviation(values: pl.Series) -> Measured | None:
    """Return a standard deviation, whose own error follows from the fourth moment."""
    known = values.drop_nulls().to_numpy().astype(float)
    if len(known) < 2:
        return None
    moved = known - known.mean()
    found = float(known.std())
    if found == 0:
        return Measured(0.0, 0.0, 0.0, "normal")
    error = sqrt(max(float((moved**4).mean()) - found**4, 0) / len(known)) / (2 * found)
    return Measured(found, found - _Z * error, found + _Z * error, "normal")


def quantile(values: pl.Series, level: float) -> Measured | None:
    """Return a quantile, with the interval of order statistics."""
    known = np.sort(values.drop_nulls().to_numpy().astype(float))
    if not len(known):
        return None
    half = _Z * sqrt(len(known) * level * (1 - level))
    low, high = (
        known[int(np.clip(len(known) * level + side, 0, len(known) - 1))] for side in (-half, half)
    )
    return Measured(float(np.quantile(known, level)), float(low), float(high), "order statistics")


def correlation(one: Counts, other: Counts) -> Measured | None:
    """Return the correlation of two daily series, with Fisher's interval."""
    if len(one) < _FEWEST_DAYS or one.std() == 0 or other.std() == 0:
        return None
    found = float(np.corrcoef(one, other)[0, 1])
    if abs(found) >= 1:
        return Measured(found, found, found, "Fisher")
    turned, half = log((1 + found) / (1 - found)) / 2, _Z / sqrt(len(one) - 3)
    return Measured(found, tanh(turned - half), tanh(turned + half), "Fisher")


def memory(series: Counts) -> Measured | None:
    """Return the correlation of a daily series with itself a day later, with Bartlett's error."""
    if len(series) < _FEWEST_DAYS or series.std() == 0:
        return None
    moved = series - series.mean()
    found = float((moved[1:] * moved[:-1]).mean() / (moved**2).mean())
    half = _Z * sqrt(max(1 - found**2, 0) / len(series))
    return Measured(found, found - half, min(found + half, 1.0), "Bartlett")


def over_weeks(days: Counts, statistic: Callable[[Counts], float]) -> Measured | None:
    """Return a figure of daily rows, with the interval of a bootstrap over weeks."""
    whole = len(days) // _WEEK * _WEEK
    if whole < _FEWEST_DAYS:
        return None
    weeks = days[:whole].reshape(whole // _WEEK, _WEEK, *days.shape[1:])
    # Hashes, so that the same days give the same line.
    draws = DrawStream(0, "scorecard/weeks").bits(np.arange(_RESAMPLES * len(weeks)))
    chosen = (draws % np.uint64(len(weeks))).astype(np.int64).reshape(_RESAMPLES, len(weeks))
    again = [statistic(weeks[one].reshape(whole, *days.shape[1:])) for one in chosen]
    low, high = np.quantile(again, [0.025, 0.975])
    return Measured(float(statistic(days)), float(low), float(high), "bootstrap of weeks")


def exactly(value: float) -> Measured:
    """Return a figure that is counted and not sampled."""
    return Measured(value, value, value, "counted")


def without(series: Counts, *labels: NDArray[np.int64]) -> Counts:
    """Return what is left of a daily series once the levels of its labels are divided out.

    Labels are such as the weekday or the month of each day; the levels multiply.
    """
    fitted = np.full(len(series), series.mean())
    for _ in range(6):
        for label in labels:
            for value in np.unique(label):
                here = label == value
                fitted[here] *= series[here].sum() / max(fitted[here].sum(), 1e-9)
    left: Counts = series - fitted
    return left
