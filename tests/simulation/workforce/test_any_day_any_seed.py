"""Rosters are the same however they are asked for, and any seed gives a whole workforce."""

from dataclasses import fields
from datetime import date

import numpy as np
import pytest

from hospital_assets.simulation.dates import day_number
from hospital_assets.simulation.workforce.assignments import Assignments
from hospital_assets.simulation.workforce.workforce import MissedShifts, Roster, Workforce
from tests.simulation.workforce import laws
from tests.simulation.workforce.hospitals import SEED, a_workforce, population

# A Friday: single days of leave by the draws of 2021 lie in the last week of 2020.
NEW_YEAR = day_number(date(2021, 1, 1))
SEEDS = (0, 1, 4, 2**63 - 1)


@pytest.fixture(scope="module")
def small() -> Workforce:
    return a_workforce(SEED, "small")


def same(range_: Roster, days: list[Roster]) -> bool:
    """Return whether days asked for one by one are those of the range."""
    return all(
        np.array_equal(
            getattr(getattr(range_, part), field.name),
            np.concatenate([getattr(getattr(day, part), field.name) for day in days]),
        )
        for part, kind in (("assignments", Assignments), ("missed", MissedShifts))
        for field in fields(kind)
    )


def test_days_one_by_one_backwards_are_those_of_the_range(small: Workforce) -> None:
    first, last = NEW_YEAR - 20, NEW_YEAR + 12
    days = {day: small.roster(day, day) for day in range(last, first - 1, -1)}
    assert same(small.roster(first, last), [days[day] for day in range(first, last + 1)])


def test_a_range_that_ends_with_the_year_is_as_in_a_longer_one(small: Workforce) -> None:
    first = NEW_YEAR - 30
    halves = [small.roster(first, NEW_YEAR - 1), small.roster(NEW_YEAR, NEW_YEAR + 10)]
    assert same(small.roster(first, NEW_YEAR + 10), halves)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("first", [date(2021, 7, 1), date(2024, 2, 12)])
def test_any_seed_keeps_the_laws_in_the_small_hospital(seed: int, first: date) -> None:
    hospital = a_workforce(seed, "small")
    roster = hospital.roster(day_number(first), day_number(first) + 34)
    assert laws.watches_without(hospital, roster, laws.seniors(hospital)) == 0
    assert laws.watches_without(hospital, roster, laws.nurses(hospital)) == 0
    assert laws.short_rests(roster.assignments) == 0
    assert laws.long_weeks(roster.assignments) == 0
    assert laws.dead_or_too_old(population(seed, "small"), roster.assignments) == 0
