"""Public holidays."""

from datetime import date

import numpy as np
import pytest

from hospital_assets.simulation.dates import day_number, day_of
from hospital_assets.simulation.holidays import easter, holidays, is_holiday
from hospital_assets.simulation.parameters.holidays import HolidayRules

NONE = HolidayRules()


def of_year(year: int, rules: HolidayRules = NONE) -> set[date]:
    first, last = day_number(date(year, 1, 1)), day_number(date(year, 12, 31))
    return {day_of(day) for day in holidays(rules, first, last)}


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (2000, date(2000, 4, 23)),
        (2008, date(2008, 3, 23)),
        (2021, date(2021, 4, 4)),
        (2022, date(2022, 4, 17)),
        (2024, date(2024, 3, 31)),
        (2038, date(2038, 4, 25)),
    ],
)
def test_easter_sunday_is_that_of_the_church(year: int, day: date) -> None:
    assert easter(year) == day


def test_good_friday_and_family_day_surround_easter() -> None:
    assert {date(2023, 4, 7), date(2023, 4, 10)} <= of_year(2023)


def test_the_monday_after_a_holiday_on_a_sunday_is_one_too() -> None:
    assert date(2021, 3, 22) in of_year(2021)
    assert date(2023, 4, 28) not in of_year(2023)


def test_a_year_has_twelve_holidays_beside_mondays_and_proclaimed_ones() -> None:
    assert len(of_year(2023)) == 12 + len({date(2023, 1, 2), date(2023, 9, 25)})


def test_a_proclaimed_day_is_a_holiday_of_its_year_alone() -> None:
    rules = HolidayRules((date(2024, 5, 29),))
    assert date(2024, 5, 29) in of_year(2024, rules)
    assert date(2023, 5, 29) not in of_year(2023, rules)


def test_days_are_told_apart_in_any_order() -> None:
    days = np.array([day_number(date(2023, 12, 25)), day_number(date(2022, 12, 27))])
    assert is_holiday(NONE, days).tolist() == [True, False]
    assert is_holiday(NONE, days[::-1]).tolist() == [False, True]
    assert not len(is_holiday(NONE, days[:0]))
