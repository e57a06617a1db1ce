"""The clock of a campaign: ticks, the days that are due, and changes of pace."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital_assets.calendar.clock import (
    Campaign,
    Pace,
    at_another_pace,
    days_due,
    first_campaign,
    next_tick,
    ticks,
)
from tests.calendar.brief import PERIOD

EPOCH = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
QUARTER_HOUR = 900.0
NINE_DAY_TICKS = 864
A_DAY_A_TICK, IN_NINE_DAYS = Pace(QUARTER_HOUR), Pace(QUARTER_HOUR, campaign_days=9)

instants = st.integers(0, 31_536_000_000).map(lambda ms: EPOCH + timedelta(milliseconds=ms))
paces = st.builds(
    Pace,
    st.sampled_from([1.0, 15.0, 60.0, 180.0, 900.0, 3600.0]),
    st.one_of(st.none(), st.sampled_from([0.5, 1.0, 9.0, 30.0])),
)


def campaign(pace: Pace = A_DAY_A_TICK) -> Campaign:
    return Campaign(EPOCH, pace, "fingerprint")


def ticks_in_all(pace: Pace) -> float | None:
    """Return the ticks that the wall-clock days of a pace have, None for a day a tick."""
    days = pace.campaign_days
    return None if days is None else days * 86_400 / pace.tick_seconds


def at_tick(number: int, seconds: float = 0.0) -> datetime:
    return EPOCH + timedelta(seconds=number * QUARTER_HOUR + seconds)


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        (at_tick(0, -86_400), 0),
        (at_tick(0), 0),
        (at_tick(1, -0.001), 0),
        (at_tick(1), 1),
        (at_tick(2, -1), 1),
        (at_tick(1582), 1582),
    ],
)
def test_a_tick_falls_every_quarter_of_an_hour(instant: datetime, expected: int) -> None:
    assert ticks(campaign(), instant) == expected
    assert days_due(campaign(), PERIOD, instant) == expected


def test_the_first_day_is_due_with_the_first_tick_and_the_last_stays_the_last() -> None:
    assert PERIOD.days[: days_due(campaign(), PERIOD, at_tick(1))] == [PERIOD.first_day]
    assert days_due(campaign(), PERIOD, at_tick(1581)) == 1581
    assert days_due(campaign(), PERIOD, at_tick(5000)) == 1582


def test_an_instant_of_another_time_zone_is_the_same_instant() -> None:
    there = at_tick(7).astimezone(datetime.fromisoformat("2026-01-01T00:00+02:00").tzinfo)
    assert ticks(campaign(), there) == 7


def test_nine_days_make_every_day_due_once_and_the_last_at_the_last_tick() -> None:
    nine = campaign(IN_NINE_DAYS)
    due = [days_due(nine, PERIOD, at_tick(number)) for number in range(NINE_DAY_TICKS + 1)]
    steps = [later - earlier for earlier, later in pairwise(due)]
    assert due[0] == 0
    assert due[-2] < 1582
    assert due[-1] == 1582
    assert set(steps) == {1, 2}
    assert days_due(nine, PERIOD, at_tick(NINE_DAY_TICKS + 50)) == 1582


@given(instant=instants, pace=paces)
def test_the_next_tick_is_the_first_later_instant_with_another_number(
    instant: datetime, pace: Pace
) -> None:
    made = campaign(pace)
    coming = next_tick(made, instant)
    assert coming > instant
    assert ticks(made, coming) == ticks(made, instant) + 1
    assert ticks(made, coming - timedelta(microseconds=1)) <= ticks(made, instant)


@given(first=instants, second=instants, pace=paces)
def test_days_never_become_undue(first: datetime, second: datetime, pace: Pace) -> None:
    earlier, later = sorted([first, second])
    made = campaign(pace)
    assert 0 <= days_due(made, PERIOD, earlier) <= days_due(made, PERIOD, later) <= PERIOD.length


@given(instant=instants, pace=paces, wanted=st.integers(0, 1582))
def test_a_first_start_has_its_days_due_at_once(instant: datetime, pace: Pace, wanted: int) -> None:
    """Where a tick brings several days, no more of them than one tick brings beyond the wanted."""
    made = first_campaign(PERIOD, instant, pace, wanted, "fingerprint")
    due = days_due(made, PERIOD, instant)
    whole_ticks = ticks_in_all(pace) or PERIOD.length
    assert wanted <= due <= wanted + max(1.0, PERIOD.length / whole_ticks)
    if pace.campaign_days is None:
        assert due == wanted


def test_quarter_hour_ticks_fall_on_the_quarters() -> None:
    instant = datetime(2026, 7, 3, 10, 7, 31, tzinfo=UTC)
    made = first_campaign(PERIOD, instant, A_DAY_A_TICK, 7, "fingerprint")
    assert made.epoch == datetime(2026, 7, 3, 8, 15, tzinfo=UTC)
    assert next_tick(made, instant) == datetime(2026, 7, 3, 10, 15, tzinfo=UTC)


@given(instant=instants, before=paces, after=paces, started=st.integers(0, 100_000))
def test_another_pace_keeps_the_days_that_are_due(
    instant: datetime,
    before: Pace,
    after: Pace,
    started: int,
) -> None:
    made = Campaign(instant - timedelta(seconds=started), before, "fingerprint")
    changed = at_another_pace(made, PERIOD, instant, after)
    due, now_due = (days_due(one, PERIOD, instant) for one in (made, changed))
    whole_ticks = ticks_in_all(after)
    a_tick = PERIOD.length / whole_ticks if whole_ticks else 0.0
    assert due <= now_due <= due + a_tick
    assert changed.pace == after
    assert changed.fingerprint == "fingerprint"
