"""Slots of the stream: five a day, the last with the day itself."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital_assets.calendar.clock import Campaign, Pace, days_due, slot, slots_due
from hospital_assets.sensors.slots import interval
from tests.calendar.brief import PERIOD

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
A_DAY = 5


def campaign(tick_seconds: float = 900, campaign_days: float | None = None) -> Campaign:
    """Return a campaign at the given pace."""
    return Campaign(EPOCH, Pace(tick_seconds, campaign_days), "a hospital")


def test_a_slot_falls_due_every_three_minutes() -> None:
    for minutes, due in ((0, 0), (2.9, 0), (3, 1), (14.9, 4), (15, 5), (18, 6)):
        instant = EPOCH + timedelta(minutes=minutes)
        assert slots_due(campaign(), PERIOD, instant, A_DAY) == due


@given(st.integers(0, 30 * 86_400), st.sampled_from([None, 9.0]))
def test_all_slots_of_a_day_are_due_with_the_day(seconds: int, campaign_days: float | None) -> None:
    pace, instant = campaign(900, campaign_days), EPOCH + timedelta(seconds=seconds)
    assert slots_due(pace, PERIOD, instant, A_DAY) >= A_DAY * days_due(pace, PERIOD, instant)


def test_no_slot_is_due_before_the_start_or_after_the_period() -> None:
    assert slots_due(campaign(), PERIOD, EPOCH - timedelta(days=1), A_DAY) == 0
    last = slots_due(campaign(), PERIOD, EPOCH + timedelta(days=4000), A_DAY)
    assert last == PERIOD.length * A_DAY
    assert slot(PERIOD, last - 1, A_DAY) == (date(2025, 3, 31), 5)
    assert slot(PERIOD, 0, A_DAY) == (date(2020, 12, 1), 1)


@pytest.mark.parametrize(("tick", "seconds"), [(900, 30), (60, 6), (1, 5)])
def test_the_sensor_looks_more_than_once_a_stream_tick_where_it_can(
    tick: float, seconds: int
) -> None:
    assert interval(tick) == seconds
