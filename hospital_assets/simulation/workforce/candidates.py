"""People for posts: of an age and sex, living, and never the same person twice."""

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance.draws import DrawStream, Integers, below
from hospital_assets.simulation.population.person_numbers import NOBODY, person
from hospital_assets.simulation.population.population import Population

_TRIES = 60


class Candidates:
    """Choose people for posts one round after the other; whoever was chosen is taken for ever."""

    def __init__(self, seed: int, population: Population, least_days: int) -> None:
        self._stream = DrawStream(seed, "staff/who")
        self._population, self._least_days = population, least_days
        self._taken = np.zeros(0, np.int64)

    def choose(self, staff: Integers, days: Integers, ages: Integers, sexes: Integers) -> Integers:
        """Return for each staff number a person of the sex and completed age on the day.

        The person lives on for `least_days`. NOBODY where all tries failed.
        """
        low, high = self._population.births.ranks_of_ages(sexes, ages, ages, days)
        chosen = np.full(len(staff), NOBODY, np.int64)
        open_ = np.arange(len(staff))
        for attempt in range(_TRIES):
            if not len(open_):
                break
            first, last = low[open_], high[open_]
            rank = first + below(
                self._stream.bits(staff[open_], attempt), np.maximum(last - first, 1)
            )
            who = person(sexes[open_], rank)
            fits = (first < last) & ~np.isin(who, self._taken)
            fits &= self._population.deaths.days(who) > days[open_] + self._least_days
            fits &= _first_of_each(who, fits)
            chosen[open_[fits]] = who[fits]
            self._taken = np.concatenate([self._taken, who[fits]])
            open_ = open_[~fits]
        return chosen


def _first_of_each(values: Integers, eligible: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which eligible values are the first of their kind among the eligible."""
    places = np.flatnonzero(eligible)
    _, firsts = np.unique(values[places], return_index=True)
    result = np.zeros(len(values), np.bool_)
    result[places[firsts]] = True
    return result
