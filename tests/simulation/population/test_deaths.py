"""Deaths: when people die, who dies on a day, and who is still there to be drawn."""

from datetime import date

import numpy as np
import pytest

from hospital_assets.simulation.chance.draws import DrawStream
from hospital_assets.simulation.dates import day_number
from hospital_assets.simulation.population.life_table import yearly_hazard
from hospital_assets.simulation.population.person_numbers import (
    NEVER,
    NOBODY,
    SEXES,
    person,
    rank_of,
    sex_of,
)
from hospital_assets.simulation.population.population import Population

FIRST = day_number(date(2020, 12, 1))


def deaths_of_a_year(population: Population, year: int) -> int:
    first, end = day_number(date(year, 1, 1)), day_number(date(year + 1, 1, 1))
    deaths = population.deaths
    return len(deaths.between(first, end)[0]) + len(deaths.newborns_between(first, end)[0])


def living_on(population: Population, day: int) -> int:
    before = int(population.births.before(np.array(SEXES), day).sum())
    first = day_number(population.rules.mortality.first_day)
    deaths = population.deaths
    return (
        before
        - len(deaths.between(first, day)[0])
        - len(deaths.newborns_between(first - 28, day)[0])
    )


def test_nobody_dies_before_birth_or_the_first_day_of_deaths(
    small: Population, everybody: np.ndarray
) -> None:
    days = small.deaths.days(everybody)
    born = small.births.days(everybody)
    assert (days >= born).all()
    assert days.min() >= day_number(small.rules.mortality.first_day)
    assert 0.85 < (days == NEVER).mean() < 0.95


def test_the_living_born_before_a_year_are_counted(
    small: Population, everybody: np.ndarray
) -> None:
    first, day = day_number(small.rules.mortality.first_day), day_number(date(2022, 7, 1))
    week = first + (day - first) // 7 * 7
    alive = everybody[small.deaths.days(everybody) >= week]
    for sex in SEXES:
        ends = small.births.before(sex, [day_number(date(year, 1, 1)) for year in (1940, 1990)])
        living = [((sex_of(alive) == sex) & (rank_of(alive) < end)).sum() for end in ends]
        assert small.deaths.living_before(sex, ends, day).tolist() == living
        # Of the oldest, many have died since.
        assert living[0] < 0.9 * ends[0]


@pytest.mark.parametrize("length", [1, 6, 7, 8, 30])
def test_the_dead_of_some_days_are_those_whose_day_it_is(
    small: Population, everybody: np.ndarray, length: int
) -> None:
    first = FIRST + 203
    found, days = small.deaths.between(first, first + length)
    newborns, their_days = small.deaths.newborns_between(first, first + length)
    assert np.array_equal(small.deaths.days(found), days)
    assert np.array_equal(small.deaths.days(newborns), their_days)
    all_days = small.deaths.days(everybody)
    dead = everybody[(all_days >= first) & (all_days < first + length)]
    assert np.array_equal(np.sort(dead), np.sort(np.concatenate([found, newborns])))
    ages = their_days - small.births.days(newborns)
    assert ((ages >= 0) & (ages <= 27)).all()
    assert np.array_equal(np.lexsort((found, days)), np.arange(len(found)))


def test_as_many_die_as_statistics_say(full: Population) -> None:
    for year, rate in ((2022, 8.4), (2021, 11.5), (2023, 8.4)):
        middle = living_on(full, day_number(date(year, 7, 1)))
        assert 1000 * deaths_of_a_year(full, year) / middle == pytest.approx(rate, abs=0.4)


def test_covid_doubles_the_deaths_of_a_wave(full: Population) -> None:
    waves = [
        len(full.deaths.between(day_number(first), day_number(first) + 14)[0])
        for first in (date(2021, 1, 2), date(2021, 6, 29), date(2023, 1, 2), date(2023, 6, 29))
    ]
    assert waves[0] > 1.8 * waves[2]
    assert waves[1] > 1.8 * waves[3]


def test_newborns_and_infants_die_as_often_as_statistics_say(full: Population) -> None:
    bounds = np.array([day_number(date(2022, 1, 1)), day_number(date(2023, 1, 1))])
    born = np.concatenate(
        [person(sex, np.arange(*full.births.before(sex, bounds))) for sex in SEXES]
    )
    ages = full.deaths.days(born) - full.births.days(born)
    assert 1000 * (ages < 28).mean() == pytest.approx(11.5, abs=1.2)
    assert 1000 * (ages < 365).mean() == pytest.approx(21, abs=3)


def test_life_expectancy_is_that_of_the_country(full: Population) -> None:
    rules = full.rules.mortality
    ages = np.arange(0.02, 115, 0.02)
    for sex, expected in ((0, 69.2), (1, 63.6)):
        risk = yearly_hazard(rules.hazard(sex), ages) * 0.02
        living = (1 - rules.neonatal) * np.exp(-np.cumsum(risk))
        assert living.sum() * 0.02 == pytest.approx(expected, abs=1.8)


@pytest.mark.parametrize(("low", "high"), [(0, 0), (5, 12), (30, 34), (80, 84), (90, 101)])
def test_a_drawn_person_lives_and_is_of_the_age(full: Population, low: int, high: int) -> None:
    number = 2000
    sex = np.arange(number) % 2
    day = FIRST + np.arange(number) % 1500
    first, end = full.births.ranks_of_ages(sex, low, high, day)
    stream = DrawStream(1, "test")
    found = full.deaths.draw_living(stream, np.arange(number), sex, first, end, day, 20)
    assert (found != NOBODY).all()
    assert np.array_equal(sex_of(found), sex)
    assert ((rank_of(found) >= first) & (rank_of(found) < end)).all()
    assert (full.deaths.days(found) > day + 20).all()
    # In any order, and some of them alone.
    rows = np.arange(number)[::-3]
    again = full.deaths.draw_living(stream, rows, sex[rows], first[rows], end[rows], day[rows], 20)
    assert np.array_equal(again, found[rows])


def test_nobody_is_drawn_from_an_empty_range(full: Population) -> None:
    none = full.deaths.draw_living(
        DrawStream(1, "test"),
        np.arange(2),
        np.array([0, 1]),
        np.array([500, 0]),
        np.array([500, 0]),
        np.array([FIRST, FIRST]),
    )
    assert (none == NOBODY).all()


def test_positions_lead_back_to_their_people(small: Population, everybody: np.ndarray) -> None:
    asked = everybody[::11]
    cells, positions = small.deaths.positions(asked)
    assert np.array_equal(small.deaths.persons(cells, positions), asked)
    assert (positions < small.deaths.cells.size[cells]).all()
