"""Public holidays of South Africa: fixed ones, Easter's, the Mondays after, proclaimed ones."""

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.dates import day_number, day_of
from hospital_assets.simulation.parameters.holidays import HolidayRules

# Public Holidays Act 36 of 1994, schedule 1, as (month, day).
_FIXED = (
    (1, 1),
    (3, 21),
    (4, 27),
    (5, 1),
    (6, 16),
    (8, 9),
    (9, 24),
    (12, 16),
    (12, 25),
    (12, 26),
)
_SUNDAY = 6


def easter(year: int) -> date:
    """Return the year's Easter Sunday, of the Gregorian calendar (Meeus, Jones, Butcher)."""
    golden = year % 19
    century, of_century = divmod(year, 100)
    leap_centuries, rest = divmod(century, 4)
    correction = (8 * century + 13) // 25
    full_moon = (19 * golden + century - leap_centuries - correction + 15) % 30
    leap_years, years = divmod(of_century, 4)
    to_sunday = (32 + 2 * rest + 2 * leap_years - full_moon - years) % 7
    shift = (golden + 11 * full_moon + 19 * to_sunday) // 433
    month = (full_moon + to_sunday - 7 * shift + 90) // 25
    return date(year, month, (full_moon + to_sunday - 7 * shift + 33 * month + 19) % 32)


def holidays(rules: HolidayRules, first: int, last: int) -> Integers:
    """Return the day numbers of the public holidays from the year of `first` to that of `last`."""
    found = set(rules.proclaimed)
    for year in range(day_of(first).year, day_of(last).year + 1):
        sunday = easter(year)
        fixed = [date(year, month, day) for month, day in _FIXED]
        found.update(fixed, [sunday - timedelta(days=2), sunday + timedelta(days=1)])
        found.update(day + timedelta(days=1) for day in fixed if day.weekday() == _SUNDAY)
    return np.array(sorted(day_number(day) for day in found), np.int64)


def is_holiday(rules: HolidayRules, days: Integers) -> NDArray[np.bool_]:
    """Return for each day number whether it is a public holiday."""
    if not len(days):
        return np.zeros(0, np.bool_)
    return np.isin(days, holidays(rules, int(days.min()), int(days.max())))
