"""Rank space: within each sex, people stand in order of birth, and all else follows from the rank.

Nobody is stored. A person is the number `sex << 23 | rank` (sex 0 is female, rank 0 is the oldest);
a date of birth is arithmetic on the rank, and "born between these days" is a range of ranks.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hospital_assets.simulation.chance.draws import Cipher, DrawStream, Integers, Permutation
from hospital_assets.simulation.dates import add_years, day_number
from hospital_assets.simulation.parameters import Parameters, PopulationRules
from hospital_assets.simulation.parameters.visits import MOST_CLINICS

RANK_BITS = 23
SEXES = (0, 1)
FEMALE, MALE = SEXES
SEX_NAMES = ("female", "male")

# Disjoint groups by rank modulo 40, so that nobody is in two places at once.
STRATA = 40
_FIRST_PERSON_ID = 10_000_000


@dataclass(frozen=True)
class Stratum:
    """People whose rank modulo 40 lies in [first, first + width): a group of their own."""

    first: int
    width: int

    def members_below(self, ranks: ArrayLike) -> Integers:
        """Return how many members have a rank below each given one: the members' own ranks."""
        whole, rest = np.divmod(np.asarray(ranks, np.int64), STRATA)
        return whole * self.width + np.clip(rest - self.first, 0, self.width)

    def rank(self, member: ArrayLike) -> Integers:
        """Return the rank of the n-th member."""
        whole, rest = np.divmod(np.asarray(member, np.int64), self.width)
        return whole * STRATA + self.first + rest


STAFF = Stratum(0, 4)
INPATIENTS = Stratum(4, 14)
EMERGENCY_FIRST, EMERGENCY_WIDTH = 18, 6
CLINICS_FIRST = STRATA - 2 * MOST_CLINICS


def person(sex: ArrayLike, rank: ArrayLike) -> Integers:
    """Return the person number of a sex and rank."""
    return (np.asarray(sex, np.int64) << RANK_BITS) | np.asarray(rank, np.int64)


def sex_of(persons: ArrayLike) -> Integers:
    """Return 0 for women and 1 for men."""
    return np.asarray(persons, np.int64) >> RANK_BITS


def rank_of(persons: ArrayLike) -> Integers:
    """Return the persons' ranks within their sex."""
    return np.asarray(persons, np.int64) & ((1 << RANK_BITS) - 1)


class Population:
    """The population of a hospital: births, ids, and the day each paper file is digitised."""

    def __init__(self, seed: int, parameters: Parameters) -> None:
        self._first = day_number(parameters.population.campaign_first_day)
        self._days = day_number(parameters.population.campaign_last_day) - self._first + 1
        self._births = _birth_knots(parameters.population)
        self._ids = Cipher(DrawStream(seed, "person/id"), RANK_BITS + 1)
        self._adults = [int(self.born_before(sex, self._first - 1)[0]) for sex in SEXES]
        self._order = Permutation(DrawStream(seed, "person/digitised"), sum(self._adults))
        campaign_ends = self._first + np.arange(self._days + 1)
        born = self._born_since_start(campaign_ends - 1)
        total = sum(int(self.born_before(sex, self._first + self._days - 1)[0]) for sex in SEXES)
        self._files_before = total * np.arange(self._days + 1) // self._days - born

    def born_before(self, sex: ArrayLike, days: ArrayLike) -> Integers:
        """Return how many people of the sex are born before each day: a bound on ranks."""
        days, sexes = np.broadcast_arrays(np.atleast_1d(np.asarray(days, np.int64)), sex)
        counts = np.empty(days.shape, np.int64)
        for one in SEXES:
            knots, chosen = self._births[one], sexes == one
            counts[chosen] = knots.ranks_before(days[chosen])
        return counts

    def date_of_birth(self, persons: ArrayLike) -> Integers:
        """Return the day of birth of each person."""
        return self.births(persons)[0]

    def births(self, persons: ArrayLike) -> tuple[Integers, Integers]:
        """Return each person's day of birth and place among those of the same sex born that day."""
        persons = np.atleast_1d(np.asarray(persons, np.int64))
        days, places = np.empty_like(persons), np.empty_like(persons)
        for one in SEXES:
            chosen = np.flatnonzero(sex_of(persons) == one)
            days[chosen], places[chosen] = self._births[one].births(rank_of(persons[chosen]))
        return days, places

    def ranks_of_ages(
        self, sex: ArrayLike, min_age: ArrayLike, max_age: ArrayLike, days: ArrayLike
    ) -> tuple[Integers, Integers]:
        """Return the ranks [low, high) of people of these completed years on each day.

        Newborns count from the day after their birth on.
        """
        youngest = np.minimum(add_years(days, -np.asarray(min_age)) + 1, np.asarray(days))
        oldest = add_years(days, -np.asarray(max_age) - 1) + 1
        return self.born_before(sex, oldest), self.born_before(sex, youngest)

    def person_id(self, persons: ArrayLike) -> Integers:
        """Return the number in the master patient index, eight digits, in no visible order."""
        return self._ids.forward(persons) + _FIRST_PERSON_ID

    def registration_day(self, persons: ArrayLike) -> Integers:
        """Return the day each person's file is digitised, the day after birth at the earliest."""
        persons = np.atleast_1d(np.asarray(persons, np.int64))
        ranks, sexes = rank_of(persons), sex_of(persons)
        newborn = ranks >= np.asarray(self._adults)[sexes]
        days = self.date_of_birth(persons) + 1
        adults = (ranks + np.where(sexes == FEMALE, 0, self._adults[FEMALE]))[~newborn]
        place = self._order.backward(adults)
        days[~newborn] = self._first + np.searchsorted(self._files_before, place, "right") - 1
        return days

    def registered_on(self, day: int) -> Integers:
        """Return the persons whose files are digitised on the day: an equal share of all."""
        newborns = [
            person(sex, np.arange(*(int(self.born_before(sex, day - back)[0]) for back in (1, 0))))
            for sex in SEXES
        ]
        campaign_day = day - self._first
        if not 0 <= campaign_day < self._days:
            return np.concatenate(newborns)
        low, high = self._files_before[campaign_day : campaign_day + 2]
        adults = self._order.forward(np.arange(low, high))
        women = self._adults[FEMALE]
        sexes = (adults >= women).astype(np.int64)
        return np.concatenate([person(sexes, adults - sexes * women), *newborns])

    def _born_since_start(self, days: NDArray[np.int64]) -> Integers:
        """Return how many are born before the day after each one but not before the campaign."""
        total = np.zeros(days.shape, np.int64)
        for sex in SEXES:
            total += self.born_before(sex, days) - self._adults[sex]
        return np.maximum(total, 0)


@dataclass(frozen=True)
class _Births:
    """Piecewise linear births of one sex: `ranks[k]` people are born before day `knots[k]`."""

    knots: Integers
    ranks: Integers

    def ranks_before(self, days: Integers) -> Integers:
        piece = np.clip(np.searchsorted(self.knots, days, "right") - 1, 0, len(self.knots) - 2)
        step = self.ranks[piece + 1] - self.ranks[piece]
        length = self.knots[piece + 1] - self.knots[piece]
        since = np.clip(days - self.knots[piece], 0, length)
        return self.ranks[piece] - (-since * step) // length

    def births(self, ranks: Integers) -> tuple[Integers, Integers]:
        """Return the day of birth and the place among those born that day, for each rank."""
        piece = np.clip(np.searchsorted(self.ranks, ranks, "right") - 1, 0, len(self.ranks) - 2)
        step = np.diff(self.ranks)[piece]
        length = np.diff(self.knots)[piece]
        within = ranks - self.ranks[piece]
        day = within * length // step
        return self.knots[piece] + day, within + (-day * step) // length


def _birth_knots(population: PopulationRules) -> tuple[_Births, _Births]:
    """Turn the pyramid into births by day; they go on at the rate of the youngest band."""
    bands = population.ages
    years = np.diff([band.age for band in bands] + [population.oldest_age])
    reference = day_number(population.reference_day)
    end = day_number(population.campaign_last_day)
    century = int(add_years(end, 100))
    shares = {
        FEMALE: np.array([band.female for band in bands]),
        MALE: np.array([band.male for band in bands]),
    }
    until_end = (end - reference) / 365.2425
    totals = {sex: one.sum() + one[0] / years[0] * until_end for sex, one in shares.items()}
    scale = population.size / sum(totals.values())
    ages = [band.age for band in bands] + [population.oldest_age]
    birthdays = [_years_back(population.reference_day, age) for age in reversed(ages)]
    knots = np.array([*birthdays, end, century])
    births = []
    for sex in SEXES:
        alive = np.concatenate([[0.0], np.cumsum(shares[sex][::-1])])
        rate = shares[sex][0] / years[0] / 365.2425
        people = np.array([*alive, alive[-1] + rate * (end - reference)]) * scale
        ranks = np.rint(people).astype(np.int64)
        later = ranks[-1] + round(rate * scale * (century - end))
        births.append(_Births(knots, np.append(ranks, later)))
    return births[FEMALE], births[MALE]


def _years_back(day: date, years: int) -> int:
    """Return the first day of birth of people younger than `years` on the day."""
    return int(add_years(day_number(day), -years)) + (1 if years else 0)
