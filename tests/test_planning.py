"""Ranges of days: nothing is forgotten, nothing asked twice, and a range stays short."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hospital_assets.clock import PERIOD
from hospital_assets.planning import (
    MAXIMUM_DAYS_A_RANGE,
    MAXIMUM_RANGES,
    DayRange,
    by_half_year,
    by_month,
    consecutive,
    missing_ranges,
    ranges_by_month,
)

DAY = timedelta(days=1)
numbers = st.sets(st.integers(0, PERIOD.length - 1), max_size=60)


def days_of(chosen: set[int]) -> set[date]:
    return {PERIOD.day(number) for number in chosen}


def test_nothing_is_missing_where_everything_is_there_or_under_way() -> None:
    due = PERIOD.days(0, 4)
    assert missing_ranges(due, set(due[:2]), set(due[2:])) == []
    assert missing_ranges([], set(), set()) == []


def test_the_oldest_missing_days_come_first() -> None:
    due = PERIOD.days(0, 10)
    assert missing_ranges(due, {due[2]}, {due[5], due[6]}) == [
        DayRange(due[0], due[1]),
        DayRange(due[3], due[4]),
        DayRange(due[7], due[9]),
    ]


def test_a_long_gap_is_cut_into_ranges_that_follow_each_other() -> None:
    ranges = missing_ranges(PERIOD.days(0, PERIOD.length), set(), set())
    assert len(ranges) == MAXIMUM_RANGES
    assert [len(one.days) for one in ranges] == [MAXIMUM_DAYS_A_RANGE] * MAXIMUM_RANGES
    assert ranges[0].first == PERIOD.first_day
    assert all(later.first == earlier.last + DAY for earlier, later in pairwise(ranges))


@given(due=st.integers(0, PERIOD.length), present=numbers, in_flight=numbers)
def test_ranges_are_short_disjoint_in_order_and_of_missing_days(
    due: int, present: set[int], in_flight: set[int]
) -> None:
    expected = PERIOD.days(0, due)
    ranges = missing_ranges(expected, days_of(present), days_of(in_flight))
    asked = [day for one in ranges for day in one.days]
    missing = [day for day in expected if day not in days_of(present | in_flight)]
    assert asked == missing[: len(asked)]
    assert len(ranges) <= MAXIMUM_RANGES
    assert all(len(one.days) <= MAXIMUM_DAYS_A_RANGE for one in ranges)
    assert len(asked) == len(missing) or len(ranges) == MAXIMUM_RANGES


@given(due=st.integers(0, PERIOD.length), present=numbers)
def test_evaluation_after_evaluation_covers_everything(due: int, present: set[int]) -> None:
    there = days_of(present)
    for _ in range(100):
        ranges = missing_ranges(PERIOD.days(0, due), there, set())
        if not ranges:
            break
        there |= {day for one in ranges for day in one.days}
    assert set(PERIOD.days(0, due)) <= there


@given(chosen=numbers, longest=st.one_of(st.none(), st.integers(1, 40)))
def test_consecutive_ranges_are_as_long_as_they_may_be(
    chosen: set[int], longest: int | None
) -> None:
    days = sorted(days_of(chosen))
    ranges = consecutive(days, longest)
    assert [day for one in ranges for day in one.days] == days
    for earlier, later in pairwise(ranges):
        assert later.first > earlier.last + DAY or len(earlier.days) == longest


@given(chosen=numbers)
def test_months_are_whole_and_in_order(chosen: set[int]) -> None:
    days = sorted(days_of(chosen))
    months = list(by_month(days))
    assert [day for month in months for day in month] == days
    named = [(month[0].year, month[0].month) for month in months]
    assert named == sorted(set(named))
    assert all(
        (day.year, day.month) == name
        for month, name in zip(months, named, strict=True)
        for day in month
    )


@given(chosen=numbers)
def test_half_years_share_no_month_and_leave_nothing_out(chosen: set[int]) -> None:
    days = sorted(days_of(chosen))
    ranges = by_half_year(days)
    assert [day for one in ranges for day in one.days] == days
    assert all(one.first.year == one.last.year for one in ranges)
    assert all((one.first.month <= 6) == (one.last.month <= 6) for one in ranges)


@given(chosen=numbers)
def test_ranges_of_a_month_have_no_gap_cross_no_end_and_leave_nothing_out(chosen: set[int]) -> None:
    days = sorted(days_of(chosen))
    ranges = ranges_by_month(days)
    assert [day for one in ranges for day in one.days] == days
    assert all(one.first.replace(day=1) == one.last.replace(day=1) for one in ranges)
