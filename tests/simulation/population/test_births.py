"""Births: the pyramid, how they scatter over days, and from a rank to a day and back."""

from datetime import date

import numpy as np
import pytest

from hospital_assets.simulation.dates import completed_years, day_number, weekday, year_month_day
from hospital_assets.simulation.population.person_numbers import (
    FEMALE,
    MALE,
    SEXES,
    person,
    rank_of,
)
from hospital_assets.simulation.population.population import Population


def births_by_day(population: Population, first: date, end: date) -> tuple[np.ndarray, np.ndarray]:
    days = np.arange(day_number(first), day_number(end) + 1)
    before = sum(population.births.before(sex, days) for sex in SEXES)
    return days[:-1], np.diff(before)


def test_the_files_at_the_end_of_the_campaign_are_exactly_those_of_the_brief(
    full: Population, small: Population
) -> None:
    for population in (full, small):
        rules = population.rules.population
        end = day_number(rules.campaign_last_day) + 1
        assert int(population.births.before(np.array(SEXES), end).sum()) == rules.size


def test_a_rank_leads_to_its_day_of_birth_and_back(full: Population, some: np.ndarray) -> None:
    days, places = full.births.of(some)
    sexes = some >> 23
    assert np.array_equal(full.births.before(sexes, days) + places, rank_of(some))
    assert (rank_of(some) < full.births.before(sexes, days + 1)).all()


def test_the_pyramid_of_the_reference_day_is_that_of_the_files(full: Population) -> None:
    rules = full.rules.population
    reference = day_number(rules.reference_day)
    everyone = np.concatenate(
        [person(sex, np.arange(0, full.births.before(sex, reference), 5)) for sex in SEXES]
    )
    living = everyone[full.deaths.days(everyone) > reference]
    ages = completed_years(full.births.days(living), np.full(len(living), reference))
    edges = [*(band.age for band in rules.ages), rules.oldest_age + 2]
    for sex, name in ((FEMALE, "female"), (MALE, "male")):
        wanted = np.array([getattr(band, name) for band in rules.ages])
        total = sum(band.female + band.male for band in rules.ages)
        found = np.histogram(ages[living >> 23 == sex], edges)[0]
        assert np.abs(found / len(living) - wanted / total).max() < 0.0012


def test_births_of_a_day_scatter_like_births_do(full: Population) -> None:
    days, births = births_by_day(full, date(2014, 1, 1), date(2019, 1, 1))
    year, month, day = year_month_day(days)
    ordinary = ~((month == 12) & (day == 25)) & ~((month == 1) & (day == 1))
    expected = births.mean() * np.ones(len(days))
    for label in (month, weekday(days), year):
        for value in np.unique(label):
            rows = label == value
            expected[rows] *= births[rows].mean() / expected[rows].mean()
    dispersion = ((births - expected) ** 2 / expected)[ordinary].mean()
    assert 0.9 < dispersion < 1.25


def test_fewer_are_born_at_weekends_and_more_in_march(full: Population) -> None:
    days, births = births_by_day(full, date(2005, 1, 1), date(2020, 1, 1))
    by_weekday = [births[weekday(days) == one].mean() for one in range(7)]
    assert max(by_weekday[5:]) < 0.97 * min(by_weekday[:5])
    by_month = [births[year_month_day(days)[1] == month].mean() for month in range(1, 13)]
    assert by_month[2] / np.mean(by_month) == pytest.approx(1.04, abs=0.015)


def test_dates_that_were_not_known_are_written_as_the_first_of_january(full: Population) -> None:
    days, births = births_by_day(full, date(1935, 1, 1), date(1945, 1, 1))
    _, month, day = year_month_day(days)
    first = (month == 1) & (day == 1)
    assert births[first].mean() > 4 * births[~first].mean()


@pytest.mark.parametrize(
    "day", [date(2020, 12, 1), date(2024, 2, 29), date(2024, 3, 1), date(2025, 2, 28)]
)
@pytest.mark.parametrize(("low", "high"), [(0, 0), (1, 12), (13, 40), (65, 65), (90, 120)])
def test_ranks_of_ages_are_the_people_of_these_completed_years(
    small: Population, day: date, low: int, high: int
) -> None:
    number = day_number(day)
    for sex in SEXES:
        first, end = small.births.ranks_of_ages(sex, low, high, np.array([number]))
        ranks = np.arange(small.births.before(sex, number))
        born = small.births.days(person(sex, ranks))
        ages = completed_years(born, np.full(len(born), number))
        of_age = ranks[(ages >= low) & (ages <= high)]
        assert list(of_age) == list(range(int(first[0]), int(end[0])))


def test_a_number_that_nobody_has_is_refused(small: Population) -> None:
    beyond = small.births.before_day[FEMALE, -1]
    with pytest.raises(ValueError, match="beyond the last birth"):
        small.births.of(np.array([beyond]))
