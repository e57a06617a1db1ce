"""When a stay ends: survivors leave at the hours of discharges, fewer of them at weekends."""

import numpy as np

from hospital_assets.simulation.chance.distributions import hourly, quantile
from hospital_assets.simulation.chance.draws import Integers, chance
from hospital_assets.simulation.dates import MINUTES_PER_DAY, weekday
from hospital_assets.simulation.stays.model import StayModel
from hospital_assets.simulation.stays.patients import Flags
from hospital_assets.simulation.stays.stay_draws import StayDraws

_SATURDAY, _SUNDAY = 5, 6


def discharge_minutes(
    model: StayModel, draws: StayDraws, ready: Integers, raw_end: Integers, died: Flags
) -> Integers:
    """Return the minute of each stay's end: that of a death, or the nearest one of a discharge."""
    rules = model.rules.timelines.discharge
    hour = quantile(draws.discharge_hour, hourly(model.rules.timelines.hours.discharge))
    end = raw_end - raw_end % MINUTES_PER_DAY + hour
    half = MINUTES_PER_DAY // 2
    later = (raw_end - end >= half).astype(np.int64)
    earlier = (end - raw_end > half).astype(np.int64)
    end = end + MINUTES_PER_DAY * (later - earlier)
    end = end + MINUTES_PER_DAY * _days_off_weekend(model, draws, end // MINUTES_PER_DAY)
    shaped = ~died & (end >= ready + rules.earliest_minutes)
    shaped &= raw_end - ready >= rules.from_minutes
    return np.where(shaped, end, raw_end)


def _days_off_weekend(model: StayModel, draws: StayDraws, day: Integers) -> Integers:
    """Return by how many days each end moves to a day beside the weekend or holiday.

    From Saturday to Friday or Monday, from Sunday to Friday or Monday, from a holiday to the next
    day.
    """
    share = model.rules.timelines.discharge.moved_off_weekend_share
    moves = ~model.pressure.works_on(day) & chance(draws.weekend, share)
    from_saturday = np.where(draws.weekend & np.uint64(1) == 0, -1, 2)
    from_sunday = np.where(draws.weekend & np.uint64(3) == 0, -2, 1)
    of_week = weekday(day)
    days = np.where(of_week == _SUNDAY, from_sunday, 1)
    days = np.where(of_week == _SATURDAY, from_saturday, days)
    return np.where(moves, days, 0)
