"""Registration: the day on which a person's paper file is digitised, and the number it gets.

Files are digitised in equal shares a day, in a scrambled order, over the campaign. Whoever is born
in it or later is registered on the day of birth, and who dies in it before the file has its turn on
the day of death. Files of people who died before the campaign have their turn like any other.
"""

import numpy as np

from hospital_assets.simulation.chance.draws import Cipher, DrawStream, Integers
from hospital_assets.simulation.chance.permutations import CellScrambles
from hospital_assets.simulation.dates import day_number
from hospital_assets.simulation.parameters.population import PopulationRules
from hospital_assets.simulation.population.births import Births
from hospital_assets.simulation.population.deaths import Deaths
from hospital_assets.simulation.population.person_numbers import (
    FEMALE,
    RANK_BITS,
    SEXES,
    person,
    rank_of,
    sex_of,
)

_FIRST_PERSON_ID = 10_000_000


class Registration:
    """The day on which each person is registered, and the number in the master patient index."""

    def __init__(self, seed: int, births: Births, deaths: Deaths, rules: PopulationRules) -> None:
        self._births, self._deaths = births, deaths
        self._first = day_number(rules.campaign_first_day)
        self._campaign = day_number(rules.campaign_last_day) - self._first + 1
        self._ids = Cipher(DrawStream(seed, "person/id"), RANK_BITS + 1)
        self._born_before = births.before(np.array(SEXES), self._first)
        # Files are numbered by birth: a stride through them would meet the same birthdays each day.
        self._order = CellScrambles(
            DrawStream(seed, "person/digitised"),
            np.array([self._born_before.sum()]),
            np.array([0]),
        )
        self._files_before = self._files_before_each_day()

    def person_ids(self, persons: Integers) -> Integers:
        """Return the number in the master patient index, eight digits, in no visible order."""
        return self._ids.forward(persons) + _FIRST_PERSON_ID

    def persons(self, person_ids: Integers) -> Integers:
        """Return the person who would have each number in the index."""
        return self._ids.backward(person_ids - _FIRST_PERSON_ID)

    def days(self, persons: Integers) -> Integers:
        """Return the day on which each person is registered."""
        scheduled = self._scheduled(persons)
        died = self._deaths.days(persons)
        return np.where(died >= self._first, np.minimum(scheduled, died), scheduled)

    def registered_on(self, day: int) -> Integers:
        """Return the persons who are registered on the day, each once."""
        scheduled = np.concatenate([self._files_of(day), self._born_on(day)])
        died = np.concatenate(
            [
                dead(day, day + 1)[0]
                for dead in (self._deaths.between, self._deaths.newborns_between)
            ]
        )
        early = died[self._scheduled(died) > day]
        return np.concatenate([scheduled[self.days(scheduled) == day], early])

    def _scheduled(self, persons: Integers) -> Integers:
        """Return the day on which each person's file has its turn."""
        ranks, sexes = rank_of(persons), sex_of(persons)
        days = self._births.days(persons)
        old = np.flatnonzero(ranks < self._born_before[sexes])
        file = ranks[old] + np.where(sexes[old] == FEMALE, 0, self._born_before[FEMALE])
        place = self._order.backward(file, np.zeros(len(file), np.int64))
        days[old] = self._first + np.searchsorted(self._files_before, place, "right") - 1
        return days

    def _files_of(self, day: int) -> Integers:
        """Return those born before the campaign whose file has its turn on the day."""
        number = day - self._first
        if not 0 <= number < self._campaign:
            return np.empty(0, np.int64)
        place = np.arange(*self._files_before[number : number + 2])
        file = self._order.forward(place, np.zeros(len(place), np.int64))
        sexes = (file >= self._born_before[FEMALE]).astype(np.int64)
        return person(sexes, file - sexes * self._born_before[FEMALE])

    def _born_on(self, day: int) -> Integers:
        """Return everybody born on the day, if it is one of the campaign or after it."""
        if day < self._first:
            return np.empty(0, np.int64)
        bounds = [self._births.before(sex, np.array([day, day + 1])) for sex in SEXES]
        return np.concatenate([person(sex, np.arange(*bounds[sex])) for sex in SEXES])

    def _files_before_each_day(self) -> Integers:
        """Return how many files of people born before the campaign come before each of its days.

        An equal share of all files a day, less those of who is born that day.
        """
        days = self._first + np.arange(self._campaign + 1)
        born = sum(self._births.before(sex, days) - self._born_before[sex] for sex in SEXES)
        total = int(self._births.before(np.array(SEXES), days[-1]).sum())
        return total * np.arange(self._campaign + 1) // self._campaign - born
