"""The skeleton of stays: for every bed, gaps and stays follow each other from before the first day.

One loop over the stay number, vectorised over the beds. It is causal: a longer period adds stays
and changes none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance import distributions
from hospital_assets.simulation.chance.distributions import quantile
from hospital_assets.simulation.chance.draws import DrawStream, Integers, balanced, below, chance
from hospital_assets.simulation.dates import MINUTES_PER_DAY, day_number, weekday
from hospital_assets.simulation.parameters import Department, Parameters
from hospital_assets.simulation.stays.beds import beds_of

_LONGEST_STAY_DAYS = 200


@dataclass(frozen=True)
class Stays:
    """Stays in beds, by bed and number; times in minutes, departments as indices.

    `serial` identifies a stay for ever; `next_admission` is the time at which the bed is taken
    again.
    """

    bed: Integers
    number: Integers
    department: Integers
    admitted: Integers
    discharged: Integers
    next_admission: Integers
    died: NDArray[np.bool_]

    def __len__(self) -> int:
        """Return the number of stays."""
        return len(self.bed)

    @property
    def serial(self) -> Integers:
        """Return a number that no other stay has, whatever the period."""
        return serials(self.bed, self.number)


def serials(bed: Integers, number: Integers) -> Integers:
    """Return the serial of the number-th stay in each bed."""
    return (bed << 20) | number


class Intensity:
    """Admissions by hour and weekday, as a clock that runs faster when more patients come.

    `operational` maps minutes to that clock and `minutes` maps back, both in integers; on average
    both run at the same speed. `start` is the minute at which both begin, a midnight.
    """

    _UNIT = 1000
    _WEEK = 7 * MINUTES_PER_DAY

    def __init__(self, parameters: Parameters, start: int) -> None:
        by_hour = np.asarray(parameters.stays.admissions_by_hour)
        by_day = np.asarray(parameters.attendances.by_weekday)
        week = by_day[:, None] * by_hour[None, :]
        speed = np.rint(week / week.mean() * self._UNIT).astype(np.int64)
        self._start = start
        self._speed = speed[weekday(start // MINUTES_PER_DAY + np.arange(7))].reshape(-1)
        self._elapsed = np.concatenate([[0], np.cumsum(self._speed * 60)])

    def operational(self, minutes: Integers) -> Integers:
        """Return the operational time of each minute, in thousandths."""
        week, rest = np.divmod(minutes - self._start, self._WEEK)
        hour, minute = np.divmod(rest, 60)
        return week * self._elapsed[-1] + self._elapsed[hour] + self._speed[hour] * minute

    def minutes(self, operational: Integers) -> Integers:
        """Return the minute of each operational time."""
        week, rest = np.divmod(operational, self._elapsed[-1])
        hour = np.searchsorted(self._elapsed, rest, "right") - 1
        minute = (rest - self._elapsed[hour]) // self._speed[hour]
        return self._start + week * self._WEEK + hour * 60 + minute

    def after(self, minutes: Integers, wait: Integers) -> Integers:
        """Return the minutes that lie `wait` operational minutes after the given ones."""
        return self.minutes(self.operational(minutes) + wait * self._UNIT)


def simulate(seed: int, parameters: Parameters) -> Stays:
    """Return every stay that begins up to the day after the period, warm-up included.

    Those of the day after belong to attendances of the last day.
    """
    rules = parameters.stays
    start = (day_number(parameters.period.first_day) - rules.warm_up_days) * MINUTES_PER_DAY
    end = (day_number(parameters.period.last_day) + 2) * MINUTES_PER_DAY
    intensity = Intensity(parameters, start)
    department = beds_of(parameters.departments)
    beds = np.arange(len(department))
    longest = np.array([one.mean_stay_days for one in parameters.departments])[department]
    free: Integers = start + below(
        DrawStream(seed, "stay/first").bits(beds),
        np.rint(longest * MINUTES_PER_DAY).astype(np.int64) + 1,
    )
    admitted: list[Integers] = []
    discharged: list[Integers] = []
    for wait, length, minute in _draws(seed, parameters, department):
        arrival = intensity.after(free + rules.minimum_gap_minutes, wait)
        admitted.append(arrival)
        if arrival.min() >= end:
            break
        free = _discharge(arrival, length, minute, rules.minimum_stay_minutes)
        discharged.append(free)
    times = np.stack(admitted)
    begins, numbers = times[:-1].T.reshape(-1), np.tile(np.arange(len(discharged)), len(beds))
    bed = np.repeat(beds, len(discharged))
    wanted = begins < end
    serial = serials(bed[wanted], numbers[wanted])
    mortality = np.array([one.mortality for one in parameters.departments])
    died = chance(DrawStream(seed, "stay/death").bits(serial), mortality[department[bed[wanted]]])
    return Stays(
        bed=bed[wanted],
        number=numbers[wanted],
        department=department[bed[wanted]],
        admitted=begins[wanted],
        discharged=np.stack(discharged).T.reshape(-1)[wanted],
        next_admission=times[1:].T.reshape(-1)[wanted],
        died=died,
    )


def _draws(
    seed: int, parameters: Parameters, department: Integers
) -> Iterator[tuple[Integers, Integers, Integers]]:
    """Give for one number after another each bed's gap, stay and wished minute of discharge.

    The gap is in operational minutes. None depends on the stays before, so many are drawn at once.
    """
    rules, beds = parameters.stays, np.arange(len(department))
    lengths = np.stack([_stay_lengths(one) for one in parameters.departments])
    gaps = np.stack([_gap_lengths(one, rules.occupancy) for one in parameters.departments])
    discharge_minute = distributions.hourly(rules.discharges_by_hour)
    gap_draws, stay_draws = DrawStream(seed, "stay/gap"), DrawStream(seed, "stay/length")
    minute_draws = DrawStream(seed, "stay/discharge")
    for turn in count():
        wait = quantile(balanced(gap_draws, beds, turn), gaps, department)
        length = quantile(balanced(stay_draws, beds, turn), lengths, department)
        length = np.clip(length, rules.minimum_stay_minutes, _LONGEST_STAY_DAYS * MINUTES_PER_DAY)
        numbers = turn * len(wait) + np.arange(len(wait))[:, None]
        minute = quantile(minute_draws.bits(beds, numbers), discharge_minute)
        yield from zip(wait, length, minute, strict=True)


def _discharge(arrival: Integers, length: Integers, minute: Integers, minimum: int) -> Integers:
    """Return the discharge at the minute of the day that is nearest to the end of the stay.

    Stays too short for that end when they end.
    """
    raw = arrival + length
    shaped = raw - raw % MINUTES_PER_DAY + minute
    half = MINUTES_PER_DAY // 2
    shaped += MINUTES_PER_DAY * ((raw - shaped >= half).astype(np.int64) - (shaped - raw > half))
    return np.where(shaped >= arrival + minimum, shaped, raw)


def _stay_lengths(department: Department) -> Integers:
    """Return the quantile table of stays in minutes."""
    mean, median = department.mean_stay_days, department.median_stay_days
    if median is None:
        return distributions.lognormal_of(mean, department.stay_deviation_days, MINUTES_PER_DAY)
    return distributions.lognormal(log(median), sqrt(2 * log(mean / median)), MINUTES_PER_DAY)


def _gap_lengths(department: Department, occupancy: float) -> Integers:
    """Return the quantile table of the operational minutes between two stays in a bed."""
    mean = department.mean_stay_days * MINUTES_PER_DAY * (1 - occupancy) / occupancy
    return distributions.exponential(mean)
