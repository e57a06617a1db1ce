"""Registration: each file once, none after a death, an equal share a day."""

from datetime import date

import numpy as np

from hospital_assets.simulation.dates import day_number
from hospital_assets.simulation.population.population import Population

FIRST = day_number(date(2020, 12, 1))
LAST = day_number(date(2025, 3, 31))


def test_everybody_is_registered_once_within_the_campaign(
    small: Population, everybody: np.ndarray
) -> None:
    days = small.registration.days(everybody)
    assert days.min() == FIRST
    assert days.max() == LAST
    a_day = np.bincount(days - FIRST)
    assert a_day.sum() == small.rules.population.size
    assert np.abs(a_day / a_day.mean() - 1).max() < 0.15


def test_the_registered_of_a_day_are_those_whose_day_it_is(
    small: Population, everybody: np.ndarray
) -> None:
    days = small.registration.days(everybody)
    for day in (FIRST, FIRST + 1, FIRST + 213, FIRST + 800, LAST):
        found = small.registration.registered_on(day)
        assert len(np.unique(found)) == len(found)
        assert np.array_equal(np.sort(found), np.sort(everybody[days == day]))


def test_the_files_of_some_weeks_have_no_birthdays_in_common(small: Population) -> None:
    weeks = [small.registration.registered_on(FIRST + 300 + day) for day in range(60)]
    born = small.births.days(np.concatenate(weeks))
    earliest, latest = day_number(date(1990, 1, 1)), day_number(date(2009, 12, 31))
    inside = born[(born >= earliest) & (born <= latest)]
    a_birthday = np.bincount(inside - earliest, minlength=latest - earliest + 1)
    # Poisson's numbers have 1; dates that are written down for unknown ones raise it a little.
    assert 0.8 < a_birthday.var() / a_birthday.mean() < 1.5


def test_after_the_campaign_newborns_are_registered(small: Population) -> None:
    found = small.registration.registered_on(LAST + 30)
    assert len(found) > 10
    assert (small.births.days(found) == LAST + 30).all()


def test_nobody_is_registered_before_birth_or_after_a_death_in_the_campaign(
    small: Population, everybody: np.ndarray
) -> None:
    days = small.registration.days(everybody)
    died = small.deaths.days(everybody)
    assert (days >= small.births.days(everybody)).all()
    assert ((days <= died) | (died < FIRST)).all()


def test_person_ids_are_eight_digits_and_unique(small: Population, everybody: np.ndarray) -> None:
    ids = np.sort(small.registration.person_ids(everybody))
    assert (np.diff(ids) > 0).all()
    assert ids[0] >= 10_000_000
    assert ids[-1] <= 99_999_999
