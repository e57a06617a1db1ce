"""Ranges of days, and how they are cut: nothing is forgotten, and no border is crossed."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital_assets.calendar.period import Period, by_half_year, by_month, consecutive
from hospital_assets.configuration.hospital_files import load_parameters
from hospital_assets.configuration.settings import ROOT
from tests.calendar.brief import PERIOD, some_days

DAY = timedelta(days=1)
ordered_days = some_days.map(sorted)


def test_the_period_is_that_of_the_brief() -> None:
    assert load_parameters(ROOT / "configs", "full").period == PERIOD
    assert PERIOD.length == 1582
    assert PERIOD.day(0) == date(2020, 12, 1)
    assert PERIOD.day(1581) == date(2025, 3, 31)
    assert PERIOD.days[30:32] == [date(2020, 12, 31), date(2021, 1, 1)]


@given(first=st.dates(date(2000, 1, 1), date(2030, 1, 1)), length=st.integers(1, 500))
def test_a_period_has_its_days_in_order_and_no_others(first: date, length: int) -> None:
    period = Period(first, first + timedelta(days=length - 1))
    assert period.length == length
    days = period.days
    assert days[0] == period.first_day
    assert days[-1] == period.last_day
    assert len(set(days)) == length
    assert days == sorted(days)
    assert all(day in period for day in days)
    assert period.first_day - DAY not in period
    assert period.last_day + DAY not in period


def test_an_end_before_the_start_is_refused() -> None:
    with pytest.raises(ValueError, match="must not lie before first_day"):
        Period(date(2023, 1, 2), date(2023, 1, 1))


@given(days=ordered_days, longest=st.one_of(st.none(), st.integers(1, 40)))
def test_consecutive_ranges_are_as_long_as_they_may_be(
    days: list[date], longest: int | None
) -> None:
    ranges = consecutive(days, longest)
    assert [day for one in ranges for day in one.days] == days
    for earlier, later in pairwise(ranges):
        assert later.first_day > earlier.last_day + DAY or earlier.length == longest
    assert longest is None or all(one.length <= longest for one in ranges)


@given(days=ordered_days)
def test_ranges_of_a_month_have_no_gap_cross_no_end_and_leave_nothing_out(days: list[date]) -> None:
    ranges = by_month(days)
    assert [day for one in ranges for day in one.days] == days
    assert all(one.first_day.replace(day=1) == one.last_day.replace(day=1) for one in ranges)


@given(days=ordered_days)
def test_a_month_is_cut_only_where_days_are_missing(days: list[date]) -> None:
    for earlier, later in pairwise(by_month(days)):
        assert later.first_day > earlier.last_day + DAY or later.first_day.day == 1


@given(days=ordered_days)
def test_half_years_share_no_month_and_leave_nothing_out(days: list[date]) -> None:
    ranges = by_half_year(days)
    assert [day for one in ranges for day in one.days] == days
    assert all(one.first_day.year == one.last_day.year for one in ranges)
    assert all((one.first_day.month <= 6) == (one.last_day.month <= 6) for one in ranges)
