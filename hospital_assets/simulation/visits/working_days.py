"""Working days, counted: clinics are open on them."""

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.dates import weekday
from hospital_assets.simulation.holidays import is_holiday
from hospital_assets.simulation.parameters.holidays import HolidayRules

_SATURDAY = 5


class WorkingDays:
    """The working days between two days, numbered from the first on."""

    def __init__(self, rules: HolidayRules, first: int, last: int) -> None:
        days = np.arange(first, last + 1)
        self._first = first
        self._is_open = (weekday(days) < _SATURDAY) & ~is_holiday(rules, days)
        self._up_to = np.cumsum(self._is_open)
        self._open_days = days[self._is_open]

    def are_open(self, days: Integers) -> NDArray[np.bool_]:
        """Return which of the days are working days."""
        return self._is_open[days - self._first]

    def number(self, day: int) -> int:
        """Return how many working days there are up to the day."""
        return int(self._up_to[day - self._first])

    def next_from(self, days: Integers, further: Integers) -> Integers:
        """Return each working day; for another day one that follows, at most the last one known.

        `further` is how many working days that one lies after the first.
        """
        at = np.clip(days - self._first, 0, len(self._is_open) - 1)
        number = np.where(self._is_open[at], self._up_to[at] - 1, self._up_to[at] + further)
        return self._open_days[np.minimum(number, len(self._open_days) - 1)]
