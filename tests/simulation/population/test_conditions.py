"""Chronic conditions: as frequent as surveys say, lethal, and asked from either end."""

from datetime import date

import numpy as np
import pytest

from hospital_assets.simulation.chance.draws import DrawStream
from hospital_assets.simulation.dates import day_number
from hospital_assets.simulation.population.person_numbers import SEXES, person, sex_of
from hospital_assets.simulation.population.population import Population

REFERENCE = day_number(date(2022, 7, 1))


@pytest.fixture(scope="module")
def living(full: Population) -> np.ndarray:
    """Every fourth of those who live on the reference day."""
    everyone = np.concatenate(
        [person(sex, np.arange(0, full.births.before(sex, REFERENCE), 4)) for sex in SEXES]
    )
    return everyone[full.deaths.days(everyone) > REFERENCE]


def test_hiv_is_as_frequent_as_the_survey_found(full: Population, living: np.ndarray) -> None:
    ages = (REFERENCE - full.births.days(living)) / 365.2425
    has = full.conditions.has("HIV", living)
    for sex in SEXES:
        for low in range(15, 55, 5):
            rows = (sex_of(living) == sex) & (ages >= low) & (ages < low + 5)
            survey = full.conditions.prevalence("HIV", sex, [low + 2.5])[0]
            assert has[rows].mean() == pytest.approx(survey, abs=0.025)


def test_every_condition_is_as_frequent_as_its_rule_says(
    full: Population, living: np.ndarray
) -> None:
    conditions = full.conditions
    ages = (REFERENCE - full.births.days(living)) / 365.2425
    where = conditions.where(living)
    for name in conditions.names:
        found = conditions.has_at(name, *where).sum()
        expected = sum(
            conditions.prevalence(name, sex, ages[sex_of(living) == sex]).sum() for sex in SEXES
        )
        assert found / expected == pytest.approx(1, abs=0.12), name


def test_whoever_dies_soon_is_ill_more_often(full: Population, living: np.ndarray) -> None:
    died, _ = full.deaths.between(REFERENCE, REFERENCE + 365)
    for name, times in (("HF", 2.0), ("C34", 3.0), ("HIV", 1.3)):
        among_dead = full.conditions.has(name, died).mean()
        ages = (REFERENCE - full.births.days(died)) / 365.2425
        expected = np.mean(
            [
                full.conditions.prevalence(name, int(sex), [age])[0]
                for sex, age in zip(sex_of(died)[::50], ages[::50], strict=True)
            ]
        )
        assert among_dead > times * expected, name


@pytest.mark.parametrize("name", ["HIV", "HF", "C61"])
@pytest.mark.parametrize(
    ("day", "first", "end", "sex"),
    [
        (date(2023, 5, 17), 1988, 1990, 0),
        (date(2021, 2, 3), 1950, 1953, 1),
        (date(2024, 9, 1), 1938, 1941, 1),
        (date(2025, 3, 31), 2017, 2018, 1),
    ],
)
def test_the_nth_living_with_a_condition_are_those_of_a_count(
    full: Population, name: str, day: date, first: int, end: int, sex: int
) -> None:
    number = day_number(day)
    start = day_number(full.rules.mortality.first_day)
    monday = start + (number - start) // 7 * 7
    bounds = np.array([day_number(date(first, 1, 1)), day_number(date(end, 1, 1))])
    people = person(sex, np.arange(*full.births.before(sex, bounds)))
    counted = people[(full.deaths.days(people) >= monday) & full.conditions.has(name, people)]
    # Who dies in the first 28 days counts as dead from the beginning on.
    ages = full.deaths.days(counted) - full.births.days(counted)
    counted = counted[ages >= 28]
    total = full.conditions.living_with(name, sex, first, end, number)
    found = full.conditions.nth_living(name, sex, first, end, number, np.arange(total))
    assert np.array_equal(np.sort(found), np.sort(counted))


@pytest.mark.parametrize("name", ["HIV", "HF", "C53"])
def test_somebody_picked_has_the_condition_or_lacks_it(full: Population, name: str) -> None:
    number = 3000
    entity = np.arange(number)
    sex = np.zeros(number, np.int64)
    day = np.full(number, REFERENCE)
    low, high = full.births.ranks_of_ages(sex, 45, 64, day)
    positive = entity % 2 == 0
    bits = DrawStream(1, "test").bits(entity)
    none = np.zeros(number, np.bool_)
    found = full.conditions.pick(name, sex, low, high, bits, positive, none)
    assert np.array_equal(full.conditions.has(name, found), positive)
    ages = (REFERENCE - full.births.days(found)) / 365.25
    assert ages.min() > 43.9
    assert ages.max() < 66.1
    registered = full.conditions.pick(name, sex, low, high, bits, positive, ~none)
    assert np.isin(registered[positive], full.conditions.members(name)).mean() > 0.95


def test_without_anybody_ill_somebody_well_is_picked(full: Population) -> None:
    sex = np.ones(50, np.int64)
    low, high = full.births.ranks_of_ages(sex, 30, 40, np.full(50, REFERENCE))
    yes = np.ones(50, np.bool_)
    found = full.conditions.pick(
        "C53", sex, low, high, DrawStream(1, "test").bits(np.arange(50)), yes, yes
    )
    assert not full.conditions.has("C53", found).any()


def test_members_have_the_condition_and_are_a_share_of_all(full: Population) -> None:
    for one in full.rules.conditions:
        members = full.conditions.members(one.name)
        assert full.conditions.has(one.name, members).all()
        assert len(np.unique(members)) == len(members)
