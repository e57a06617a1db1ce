"""Births by day: how many of each sex, and from a rank to its day of birth and back."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hospital_assets.simulation.chance import exact
from hospital_assets.simulation.chance.counts import poisson
from hospital_assets.simulation.chance.draws import DrawStream, Integers
from hospital_assets.simulation.chance.exact import Floats
from hospital_assets.simulation.dates import add_years, day_number, weekday, year_month_day
from hospital_assets.simulation.parameters.births import BirthRules
from hospital_assets.simulation.parameters.mortality import MortalityRules
from hospital_assets.simulation.parameters.people import PeopleRules
from hospital_assets.simulation.parameters.population import PopulationRules
from hospital_assets.simulation.population.life_table import (
    YEAR_DAYS,
    calendar_factor,
    yearly_hazard,
)
from hospital_assets.simulation.population.person_numbers import SEXES, rank_of, sex_of

# Below it a pyramid's oldest would stand for more births than there were.
_LEAST_SURVIVAL = 0.05
# Cohorts, by age in the reference year, that take what rounding leaves of the number of files.
_ROUNDING_FROM_AGE, _ROUNDING_TO_AGE, _ROUNDING_REST_AGE = 8, 47, 22


@dataclass(frozen=True)
class Births:
    """Everybody ever born, in order of birth within each sex.

    `before_day[sex, day - first_day]` and `before_year[sex, year - first_year]` count the people of
    a sex born before a day or the first of January; both have one entry beyond the last.
    """

    first_year: int
    first_day: int
    before_day: Integers
    before_year: Integers

    @property
    def years(self) -> Integers:
        """Return the years of birth."""
        return self.first_year + np.arange(self.before_year.shape[1] - 1)

    def before(self, sex: ArrayLike, days: ArrayLike) -> Integers:
        """Return how many people of the sex are born before each day: a bound on ranks."""
        last = self.before_day.shape[1] - 1
        index = np.clip(np.asarray(days, np.int64) - self.first_day, 0, last)
        return self.before_day[np.asarray(sex, np.int64), index]

    def of(self, persons: Integers) -> tuple[Integers, Integers]:
        """Return each person's day of birth and place among those of the same sex born that day.

        Raises ValueError for a number that nobody has.
        """
        sexes, ranks = sex_of(persons), rank_of(persons)
        days, places = np.empty_like(ranks), np.empty_like(ranks)
        for sex in SEXES:
            rows = np.flatnonzero(sexes == sex)
            before = self.before_day[sex]
            if len(rows) and ranks[rows].max() >= before[-1]:
                raise ValueError("a rank lies beyond the last birth")
            index = np.searchsorted(before, ranks[rows], "right") - 1
            days[rows] = index + self.first_day
            places[rows] = ranks[rows] - before[index]
        return days, places

    def days(self, persons: Integers) -> Integers:
        """Return each person's day of birth."""
        return self.of(persons)[0]

    def ranks_of_ages(
        self, sex: ArrayLike, low_age: ArrayLike, high_age: ArrayLike, days: ArrayLike
    ) -> tuple[Integers, Integers]:
        """Return the ranks [low, high) of people of these completed years on each day.

        Both ages are included. Newborns count from the day after their birth on.
        """
        youngest = np.minimum(_last_birth_of_age(low_age, days) + 1, np.asarray(days))
        oldest = _last_birth_of_age(np.asarray(high_age) + 1, days) + 1
        return self.before(sex, oldest), self.before(sex, youngest)


def _last_birth_of_age(ages: ArrayLike, days: ArrayLike) -> Integers:
    """Return the last day of birth of those who have completed these years on each day.

    On 29 February that is 28 February of a common year: who is born on 1 March has to wait.
    """
    born = add_years(days, -np.asarray(ages))
    return born - (add_years(born, ages) > np.asarray(days))


def all_births(seed: int, rules: PeopleRules) -> Births:
    """Return the births that give the pyramid on its day and exactly the wished number of files."""
    first_year = rules.population.reference_day.year - rules.population.oldest_age - 1
    years = np.arange(first_year, rules.births.last_year + 1)
    by_year = _births_by_year(rules.population, rules.births, rules.mortality, years)
    first = _births_by_day(seed, rules.births, years, by_year)
    end = day_number(rules.population.campaign_last_day)
    lacking = rules.population.size - int(first.before(np.array(SEXES), end + 1).sum())
    reference = rules.population.reference_day.year - first_year
    middle = slice(reference - _ROUNDING_TO_AGE, reference - _ROUNDING_FROM_AGE + 1)
    each, rest = divmod(lacking, 2 * (_ROUNDING_TO_AGE - _ROUNDING_FROM_AGE + 1))
    by_year[:, middle] += each
    by_year[0, reference - _ROUNDING_REST_AGE] += rest
    return _births_by_day(seed, rules.births, years, by_year)


def _births_by_year(
    population: PopulationRules, births: BirthRules, mortality: MortalityRules, years: Integers
) -> Integers:
    """Return the births [sex, year]: the living of the pyramid divided by their survival."""
    reference = population.reference_day.year - int(years[0])
    born = np.zeros((2, len(years)))
    for sex in SEXES:
        living = _living(population, sex, years)
        born[sex] = living / _survival(population, mortality, sex, years)
        born[sex, reference] = born[sex, reference - 1] * births.reference_year_factor
        for year in range(reference + 1, len(years)):
            born[sex, year] = born[sex, year - 1] * births.later_year_factor
    end = population.campaign_last_day
    last = end.year - int(years[0])
    first_of_year = day_number(date(end.year, 1, 1))
    length = day_number(date(end.year + 1, 1, 1)) - first_of_year
    of_campaign = born.copy()
    of_campaign[:, last] *= (day_number(end) - first_of_year + 1) / length
    of_campaign[:, last + 1 :] = 0
    total = np.cumsum(of_campaign.reshape(-1))[-1]
    return np.rint(born * (population.size / total)).astype(np.int64)


def _living(population: PopulationRules, sex: int, years: Integers) -> Floats:
    """Return who of each year of birth lives on the reference day, in the pyramid's unit."""
    bands = population.ages
    edges = np.array([float(band.age) for band in bands] + [population.oldest_age + 1.0])
    people = np.array([(band.female, band.male)[sex] for band in bands])
    cumulated = np.concatenate([[0.0], np.cumsum(people)])
    starts = year_starts(np.append(years, years[-1] + 1))
    ages = (day_number(population.reference_day) - starts) / YEAR_DAYS
    younger = _monotone_cubic(edges, cumulated, np.clip(ages, 0, edges[-1] - 0.1))
    younger = np.where(ages > 0, younger, 0.0)
    return younger[:-1] - younger[1:]


def _monotone_cubic(knots: Floats, values: Floats, at: Floats) -> Floats:
    """Return the monotone piecewise cubic curve through the knots (Fritsch and Carlson 1980)."""
    width = knots[1:] - knots[:-1]
    slope = (values[1:] - values[:-1]) / width
    steepness = np.zeros(len(knots))
    product, total = slope[:-1] * slope[1:], slope[:-1] + slope[1:]
    steepness[1:-1] = np.where(product > 0, 2 * product / total, 0)
    steepness[0] = slope[0]
    left = np.clip(np.searchsorted(knots, at, "right") - 1, 0, len(width) - 1)
    t = (at - knots[left]) / width[left]
    back = 1 - t
    return (
        values[left] * (1 + 2 * t) * back * back
        + steepness[left] * width[left] * t * back * back
        + values[left + 1] * t * t * (3 - 2 * t)
        + steepness[left + 1] * width[left] * t * t * (t - 1)
    )


def _survival(
    population: PopulationRules, mortality: MortalityRules, sex: int, years: Integers
) -> Floats:
    """Return the share of each year's births who live on the reference day.

    Nobody dies before the first day of deaths, so earlier births are asked from that day on.
    """
    reference, first = day_number(population.reference_day), day_number(mortality.first_day)
    middles = year_starts(years) + 182
    weeks = np.arange(first, reference, 7.0)
    since = np.maximum(first, middles)
    # Each birth's own weeks, counted from its first one on.
    days = since[:, None] + (weeks - first)[None, :]
    ages = (days - middles[:, None]) / YEAR_DAYS
    hazard = np.minimum(yearly_hazard(mortality.hazard(sex), ages), mortality.most_a_year)
    hazard = hazard * calendar_factor(mortality, days, ages)
    cumulated = np.cumsum(np.where(days < reference, hazard, 0.0), axis=1)[:, -1] * 7 / YEAR_DAYS
    newborn = np.where(middles >= first, 1 - mortality.neonatal, 1.0)
    survival = np.where(since < reference, exact.exp(-cumulated) * newborn, 1.0)
    return np.maximum(survival, _LEAST_SURVIVAL)


def _births_by_day(seed: int, rules: BirthRules, years: Integers, by_year: Integers) -> Births:
    """Scatter each year's births over its days: Poisson, then scaled to the year's number."""
    starts = year_starts(np.append(years, years[-1] + 1))
    days = np.arange(starts[0], starts[-1])
    year = np.searchsorted(starts, days, "right") - 1
    weights = _weights_of_days(rules, days)
    share = weights / _sums_by_year(weights, starts)[year]
    first = starts - starts[0]
    before_day = np.empty((2, len(days) + 1), np.int64)
    before_year = np.zeros((2, len(starts)), np.int64)
    for sex in SEXES:
        number = by_year[sex][year]
        drawn = poisson(DrawStream(seed, f"births/{sex}").bits(days), share * number)
        cumulated = np.concatenate([[0], np.cumsum(drawn)])
        drawn_by_year = cumulated[first[1:]] - cumulated[first[:-1]]
        within = cumulated[:-1] - cumulated[first[:-1]][year]
        before_year[sex, 1:] = np.cumsum(by_year[sex])
        scaled = within * number // np.maximum(drawn_by_year[year], 1)
        before_day[sex, :-1] = before_year[sex][year] + scaled
        before_day[sex, -1] = before_year[sex, -1]
    return Births(int(years[0]), int(starts[0]), before_day, before_year)


def _weights_of_days(rules: BirthRules, days: Integers) -> Floats:
    """Return the births of each day against an ordinary one of its year."""
    year, month, day_of_month = year_month_day(days)
    institutional = exact.curve(rules.institutional, year)
    weights = np.array(rules.by_month)[month - 1]
    weights = weights * (1 + institutional * np.array(rules.by_weekday)[weekday(days)])
    new_year = (month == 1) & (day_of_month == 1)
    heaping = np.where(new_year, exact.curve(rules.on_1_january, year), 1.0)
    heaping = heaping * np.where(day_of_month == 15, exact.curve(rules.on_15th, year), 1.0)
    christmas = (month == 12) & (day_of_month == 25)
    return weights * heaping * np.where(christmas, rules.on_christmas_day, 1.0)


def _sums_by_year(weights: Floats, starts: Integers) -> Floats:
    """Return the sum of each year's weights, added day by day."""
    first = starts - starts[0]
    lengths = first[1:] - first[:-1]
    table = np.zeros((len(lengths), int(lengths.max())))
    table[np.arange(table.shape[1])[None, :] < lengths[:, None]] = weights
    return np.cumsum(table, axis=1)[:, -1]


def year_starts(years: NDArray[np.int64]) -> Integers:
    """Return the first of January of each year."""
    return (years - 1970).astype("M8[Y]").astype("M8[D]").astype(np.int64)
