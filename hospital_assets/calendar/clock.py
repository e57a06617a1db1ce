"""The clock of a campaign: which days and slots are due at an instant of wall-clock time.

Tick n of a campaign falls n ticks after its epoch, and with it day n - 1 is due: a day's records
arrive when the day is over.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import ceil

from hospital_assets.calendar.period import Period

SECONDS_PER_DAY = 86_400


@dataclass(frozen=True)
class Pace:
    """How fast the period is digitised.

    `tick_seconds` is the wall-clock time of a tick; `campaign_days`, where set, the wall-clock
    days into which the whole period is fitted instead of a day a tick.
    """

    tick_seconds: float
    campaign_days: float | None = None

    @property
    def ticks_in_all(self) -> int | None:
        """The ticks into which the whole period is fitted; None for a day a tick."""
        if self.campaign_days is None:
            return None
        return max(1, round(self.campaign_days * SECONDS_PER_DAY / self.tick_seconds))


@dataclass(frozen=True)
class Campaign:
    """The digitisation of the whole period, pinned at the first start.

    `epoch` is the aware instant at which it began; `fingerprint` the identity of the simulation.
    """

    epoch: datetime
    pace: Pace
    fingerprint: str


def ticks(campaign: Campaign, instant: datetime) -> int:
    """Return how many ticks have passed at the instant, 0 before the first."""
    elapsed = (instant - campaign.epoch).total_seconds()
    return max(0, int(elapsed // campaign.pace.tick_seconds))


def days_due(campaign: Campaign, period: Period, instant: datetime) -> int:
    """Return how many days of the period, from the first, are due at the instant."""
    passed, whole = ticks(campaign, instant), campaign.pace.ticks_in_all
    if whole is not None:
        passed = passed * period.length // whole
    return min(passed, period.length)


def slots_due(campaign: Campaign, period: Period, instant: datetime, slots_per_day: int) -> int:
    """Return how many slots of events, counted from the first day's first, are due.

    A stream tick is the slots_per_day-th part of a tick; a day's last slot falls due with the day.
    """
    elapsed = (instant - campaign.epoch).total_seconds()
    passed = max(0, int(elapsed * slots_per_day // campaign.pace.tick_seconds))
    whole = campaign.pace.ticks_in_all
    if whole is not None:
        passed = passed * period.length // whole
    return min(passed, period.length * slots_per_day)


def slot(period: Period, number: int, slots_per_day: int) -> tuple[date, int]:
    """Return day and slot (from 1) of the number-th slot, from 0."""
    return period.day(number // slots_per_day), number % slots_per_day + 1


def next_tick(campaign: Campaign, instant: datetime) -> datetime:
    """Return the instant of the first tick after the given one."""
    passed = ticks(campaign, instant)
    return campaign.epoch + timedelta(seconds=(passed + 1) * campaign.pace.tick_seconds)


def first_campaign(
    period: Period, instant: datetime, pace: Pace, days_due_at_once: int, fingerprint: str
) -> Campaign:
    """Return the campaign that starts at the instant, with some days due at once.

    Its ticks fall on whole multiples of the tick since the Unix epoch: quarter-hour ticks on the
    quarter hours.
    """
    needed, whole = days_due_at_once, pace.ticks_in_all
    if whole is not None:
        needed = ceil(days_due_at_once * whole / period.length)
    current = instant.timestamp() // pace.tick_seconds
    epoch = datetime.fromtimestamp((current - needed) * pace.tick_seconds, UTC)
    return Campaign(epoch, pace, fingerprint)


def at_another_pace(campaign: Campaign, period: Period, instant: datetime, pace: Pace) -> Campaign:
    """Return the campaign that goes on at another pace, with the same days due at the instant."""
    due = days_due(campaign, period, instant)
    return first_campaign(period, instant, pace, due, campaign.fingerprint)
