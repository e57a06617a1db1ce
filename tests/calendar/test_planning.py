"""What a tick asks for: nothing is forgotten, nothing asked twice, and a range stays short."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hospital_assets.calendar.period import Period
from hospital_assets.calendar.planning import (
    MAXIMUM_DAYS_A_RANGE,
    MAXIMUM_RANGES,
    missing_ranges,
)
from tests.calendar.brief import PERIOD, some_days

DAY = timedelta(days=1)


def test_nothing_is_missing_where_everything_is_there_or_under_way() -> None:
    due = PERIOD.days[:4]
    assert missing_ranges(due, set(due[:2]), set(due[2:])) == []
    assert missing_ranges([], set(), set()) == []


def test_the_oldest_missing_days_come_first() -> None:
    due = PERIOD.days[:10]
    assert missing_ranges(due, {due[2]}, {due[5], due[6]}) == [
        Period(due[0], due[1]),
        Period(due[3], due[4]),
        Period(due[7], due[9]),
    ]


def test_a_long_gap_is_cut_into_ranges_that_follow_each_other() -> None:
    ranges = missing_ranges(PERIOD.days, set(), set())
    assert len(ranges) == MAXIMUM_RANGES
    assert [one.length for one in ranges] == [MAXIMUM_DAYS_A_RANGE] * MAXIMUM_RANGES
    assert ranges[0].first_day == PERIOD.first_day
    assert all(later.first_day == earlier.last_day + DAY for earlier, later in pairwise(ranges))


@given(due=st.integers(0, PERIOD.length), present=some_days, in_flight=some_days)
def test_ranges_are_short_disjoint_in_order_and_of_missing_days(
    due: int, present: set[date], in_flight: set[date]
) -> None:
    expected = PERIOD.days[:due]
    ranges = missing_ranges(expected, present, in_flight)
    asked = [day for one in ranges for day in one.days]
    missing = [day for day in expected if day not in present | in_flight]
    assert asked == missing[: len(asked)]
    assert len(ranges) <= MAXIMUM_RANGES
    assert all(one.length <= MAXIMUM_DAYS_A_RANGE for one in ranges)
    assert len(asked) == len(missing) or len(ranges) == MAXIMUM_RANGES


@given(due=st.integers(0, PERIOD.length), present=some_days)
def test_evaluation_after_evaluation_covers_everything(due: int, present: set[date]) -> None:
    there = set(present)
    for _ in range(100):
        ranges = missing_ranges(PERIOD.days[:due], there, set())
        if not ranges:
            break
        there |= {day for one in ranges for day in one.days}
    assert set(PERIOD.days[:due]) <= there
