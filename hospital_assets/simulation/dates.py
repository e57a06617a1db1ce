"""Dates and instants as integers: days and minutes since 1970-01-01, local time."""

from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hospital_assets.simulation.chance.draws import Integers

MINUTES_PER_DAY = 1440
_EPOCH = date(1970, 1, 1).toordinal()


def day_number(day: date) -> int:
    """Return the day's number."""
    return day.toordinal() - _EPOCH


def day_of(number: int) -> date:
    """Return the date of a day's number."""
    return date.fromordinal(int(number) + _EPOCH)


def weekday(days: ArrayLike) -> Integers:
    """Return 0 for Monday to 6 for Sunday."""
    return (np.asarray(days, np.int64) + 3) % 7


def month(days: ArrayLike) -> Integers:
    """Return 0 for January to 11 for December."""
    return np.asarray(days, np.int64).astype("M8[D]").astype("M8[M]").astype(np.int64) % 12


def add_years(days: ArrayLike, years: ArrayLike) -> Integers:
    """Return the same calendar day some years on (or back); 29 February becomes 1 March."""
    dates = np.asarray(days, np.int64).astype("M8[D]")
    months = dates.astype("M8[M]")
    day_in_month = (dates - months.astype("M8[D]")).astype(np.int64)
    shifted = months.astype(np.int64) + 12 * np.asarray(years, np.int64)
    return shifted.astype("M8[M]").astype("M8[D]").astype(np.int64) + day_in_month


def completed_years(since: ArrayLike, days: ArrayLike) -> Integers:
    """Return the whole years from `since` to `days`: the age in years of someone born then."""
    start, end = np.asarray(since, np.int64), np.asarray(days, np.int64)
    years = _year(end) - _year(start)
    return years - (add_years(start, years) > end)


def year_month_day(days: ArrayLike) -> tuple[Integers, Integers, Integers]:
    """Return the calendar year, month (1 to 12) and day of the month."""
    dates = np.asarray(days, np.int64).astype("M8[D]")
    months = dates.astype("M8[M]")
    year, month = np.divmod(months.astype(np.int64), 12)
    return year + 1970, month + 1, (dates - months.astype("M8[D]")).astype(np.int64) + 1


def _year(days: Integers) -> Integers:
    return days.astype("M8[D]").astype("M8[Y]").astype(np.int64)


def as_dates(days: ArrayLike) -> NDArray[np.datetime64]:
    """Return day numbers as numpy dates, which polars takes as Date."""
    return np.asarray(days, np.int64).astype("M8[D]")


def as_instants(minutes: ArrayLike) -> NDArray[np.datetime64]:
    """Return minute numbers as numpy instants in microseconds, which polars takes as Datetime."""
    return (np.asarray(minutes, np.int64) * 60_000_000).astype("M8[us]")


def month_start(days: ArrayLike, months_on: ArrayLike = 0) -> Integers:
    """Return the first day of each day's month, or of the month some months on (or back)."""
    months = np.asarray(days, np.int64).astype("M8[D]").astype("M8[M]").astype(np.int64)
    later = (months + np.asarray(months_on, np.int64)).astype("M8[M]")
    return later.astype("M8[D]").astype(np.int64)


def year_start(days: ArrayLike) -> Integers:
    """Return 1 January of each day's year."""
    return _year(np.asarray(days, np.int64)).astype("M8[Y]").astype("M8[D]").astype(np.int64)
