"""The simulated calendar: which days are due at an instant of wall-clock time.

Pure: every instant is an argument. Tick n of a campaign falls n ticks after its epoch, and with it
day n - 1 is due: a day's records arrive when the day is over.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import ceil

SECONDS_PER_DAY = 86_400


@dataclass(frozen=True)
class Campaign:
    """The pace at which the period is digitised, pinned at the first start.

    `epoch` is an aware instant; `tick_seconds` the wall-clock time of a tick; `campaign_days`,
    where set, the wall-clock days into which the whole period is fitted instead of a day a tick.
    `fingerprint` is the identity of the simulation.
    """

    epoch: datetime
    tick_seconds: float
    campaign_days: float | None
    fingerprint: str


@dataclass(frozen=True)
class Calendar:
    """The days of the simulated period, both ends included."""

    first_day: date
    last_day: date

    @property
    def length(self) -> int:
        """Return the number of days."""
        return (self.last_day - self.first_day).days + 1

    def day(self, number: int) -> date:
        """Return the number-th day, from 0."""
        return self.first_day + timedelta(days=number)

    def days(self, first: int, end: int) -> list[date]:
        """Return the days numbered first to end - 1."""
        return [self.day(number) for number in range(first, end)]


PERIOD = Calendar(date(2020, 12, 1), date(2025, 3, 31))


def ticks(campaign: Campaign, instant: datetime) -> int:
    """Return how many ticks have passed at the instant, 0 before the first."""
    elapsed = (instant - campaign.epoch).total_seconds()
    return max(0, int(elapsed // campaign.tick_seconds))


def days_due(campaign: Campaign, calendar: Calendar, instant: datetime) -> int:
    """Return how many days of the calendar, from the first, are due at the instant."""
    passed = ticks(campaign, instant)
    if campaign.campaign_days is None:
        return min(passed, calendar.length)
    whole = max(1, round(campaign.campaign_days * SECONDS_PER_DAY / campaign.tick_seconds))
    return min(passed * calendar.length // whole, calendar.length)


def slots_due(campaign: Campaign, calendar: Calendar, instant: datetime, slots_per_day: int) -> int:
    """Return how many slots of transfers, counted from the first day's first, are due.

    A stream tick is the slots_per_day-th part of a tick; a day's last slot falls due with the day.
    """
    elapsed = (instant - campaign.epoch).total_seconds()
    passed = max(0, int(elapsed * slots_per_day // campaign.tick_seconds))
    if campaign.campaign_days is not None:
        whole = max(1, round(campaign.campaign_days * SECONDS_PER_DAY / campaign.tick_seconds))
        passed = passed * calendar.length // whole
    return min(passed, calendar.length * slots_per_day)


def slot(calendar: Calendar, number: int, slots_per_day: int) -> tuple[date, int]:
    """Return day and slot (from 1) of the number-th slot, from 0."""
    return calendar.day(number // slots_per_day), number % slots_per_day + 1


def next_tick(campaign: Campaign, instant: datetime) -> datetime:
    """Return the instant of the first tick after the given one."""
    return campaign.epoch + timedelta(
        seconds=(ticks(campaign, instant) + 1) * campaign.tick_seconds
    )


def first_campaign(
    calendar: Calendar,
    instant: datetime,
    tick_seconds: float,
    campaign_days: float | None,
    days_due_at_once: int,
    fingerprint: str,
) -> Campaign:
    """Return the campaign that starts at the instant, with some days due at once.

    Its ticks fall on whole multiples of the tick since the Unix epoch: quarter-hour ticks on the
    quarter hours.
    """
    needed = days_due_at_once
    if campaign_days is not None:
        whole = max(1, round(campaign_days * SECONDS_PER_DAY / tick_seconds))
        needed = ceil(days_due_at_once * whole / calendar.length)
    current = instant.timestamp() // tick_seconds
    epoch = datetime.fromtimestamp((current - needed) * tick_seconds, UTC)
    return Campaign(epoch, tick_seconds, campaign_days, fingerprint)


def at_another_pace(
    campaign: Campaign,
    calendar: Calendar,
    instant: datetime,
    tick_seconds: float,
    campaign_days: float | None,
) -> Campaign:
    """Return the campaign that goes on at another pace, with the same days due at the instant."""
    due = days_due(campaign, calendar, instant)
    return first_campaign(calendar, instant, tick_seconds, campaign_days, due, campaign.fingerprint)
