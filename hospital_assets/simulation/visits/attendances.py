"""Emergency and outpatient attendances: visits that need no bed.

Those who are admitted through the emergency department are attendances too, a few hours before
their admission; the others fill the day up to its number, its hours and its weekday.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance import distributions
from hospital_assets.simulation.chance.distributions import quantile
from hospital_assets.simulation.chance.draws import (
    DrawStream,
    Integers,
    below,
    chance,
    choose,
    thresholds,
)
from hospital_assets.simulation.dates import MINUTES_PER_DAY, month, weekday
from hospital_assets.simulation.parameters import Parameters
from hospital_assets.simulation.people.population import (
    CLINICS_FIRST,
    EMERGENCY_FIRST,
    EMERGENCY_WIDTH,
    FEMALE,
    MALE,
    STRATA,
    Population,
    person,
)
from hospital_assets.simulation.stays.stay_chains import Stays

NO_STAY = -1
_LONGEST_ADMITTED = 22 * 60
_LONGEST = 23 * 60
_HOUR_WEIGHT = 1000


@dataclass(frozen=True)
class Visits:
    """Attendances; times in minutes. `stay` is the position of the stay that follows, or -1.

    `serial` identifies an attendance for ever: its day and its number within the day, or the stay
    that follows.
    """

    serial: Integers
    department: Integers
    person: Integers
    arrived: Integers
    left: Integers
    stay: Integers

    def __len__(self) -> int:
        """Return the number of attendances."""
        return len(self.serial)

    def take(self, positions: Integers | NDArray[np.bool_]) -> "Visits":
        """Return some of the attendances."""
        return Visits(*(getattr(self, name)[positions] for name in self.__dataclass_fields__))


class Attendances:
    """The attendances of any days of a hospital.

    `emergency` is the index of the emergency department; `through_emergency` says of each
    stay whether it was admitted through that department.
    """

    def __init__(
        self, seed: int, parameters: Parameters, people: Population, stays: Stays, persons: Integers
    ) -> None:
        self._rules, self._people = parameters.attendances, people
        self._departments = parameters.departments
        self.emergency = [one.name for one in self._departments].index(
            parameters.emergency_department
        )
        self._streams = {
            name: DrawStream(seed, f"attendance/{name}")
            for name in ("noise", "hour", "minute", "length", "clinic", "person", "sex")
        }
        rules = self._rules
        self._noise = (
            distributions.lognormal(-(rules.noise_sigma**2) / 2, rules.noise_sigma, _HOUR_WEIGHT)
            if rules.noise_sigma
            else np.full_like(distributions.exponential(1), _HOUR_WEIGHT)
        )
        self._stay_minutes = distributions.lognormal(
            np.log(rules.discharged_median_minutes), rules.discharged_sigma
        )
        self._clinic_minutes = distributions.lognormal(
            np.log(rules.clinic_median_minutes), rules.clinic_sigma
        )
        self._clinic_hours = distributions.hourly(rules.clinic_by_hour)
        self._clinics = np.flatnonzero([one.clinic_weight > 0 for one in self._departments])
        self._clinic_bounds = thresholds(
            [self._departments[number].clinic_weight for number in self._clinics]
        )
        self._admitted = _before_admission(seed, parameters, stays, persons, self.emergency)
        self.through_emergency = np.zeros(len(stays), np.bool_)
        self.through_emergency[self._admitted.stay] = True

    def between(self, first: int, last: int) -> Visits:
        """Return the attendances that arrive on the days [first, last], sorted by day."""
        admitted = self._admitted_between(first, last)
        days = np.arange(first, last + 1)
        totals = self._totals(days)
        hours = np.zeros((len(days), 24), np.int64)
        arrival = np.divmod(admitted.arrived - first * MINUTES_PER_DAY, MINUTES_PER_DAY)
        np.add.at(hours, (arrival[0], arrival[1] // 60), 1)
        emergency = np.rint(totals * self._rules.emergency_share).astype(np.int64)
        others = np.maximum(emergency - hours.sum(axis=1), 0)
        parts = [
            admitted,
            self._emergency_visits(days, others, emergency, hours),
            self._clinic_visits(days, np.maximum(totals - emergency, 0)),
        ]
        names = Visits.__dataclass_fields__
        return Visits(*(np.concatenate([getattr(one, name) for one in parts]) for name in names))

    def _admitted_between(self, first: int, last: int) -> Visits:
        low, high = np.searchsorted(
            self._admitted.arrived, [first * MINUTES_PER_DAY, (last + 1) * MINUTES_PER_DAY]
        )
        return self._admitted.take(np.arange(low, high))

    def _totals(self, days: Integers) -> Integers:
        """Return the attendances of each day, admitted ones included."""
        rules = self._rules
        by_weekday = np.asarray(rules.by_weekday) / np.mean(rules.by_weekday)
        by_month = np.asarray(rules.by_month) / np.mean(rules.by_month)
        expected = rules.mean_per_day * by_weekday[weekday(days)] * by_month[month(days)]
        noise = quantile(self._streams["noise"].bits(days), self._noise)
        totals = np.rint(expected * noise / _HOUR_WEIGHT).astype(np.int64)
        return np.clip(totals, rules.minimum_per_day, rules.maximum_per_day)

    def _emergency_visits(
        self, days: Integers, count: Integers, total: Integers, admitted_by_hour: Integers
    ) -> Visits:
        """Return the visits that end at home, in the hours that the admitted leave to them."""
        day, number = _numbered(days, count)
        serial = _serial(day, number)
        share = np.asarray(self._rules.emergency_by_hour)
        share = np.rint(share / share.sum() * _HOUR_WEIGHT).astype(np.int64)
        open_ = np.maximum(total[:, None] * share[None, :] - _HOUR_WEIGHT * admitted_by_hour, 0)
        cumulative = np.cumsum(open_, axis=1)[day - days[0]]
        draw = below(self._streams["hour"].bits(serial), cumulative[:, -1])
        hour = (cumulative <= draw[:, None]).sum(axis=1)
        minute = below(self._streams["minute"].bits(serial), 60)
        arrived = day * MINUTES_PER_DAY + hour * 60 + minute
        length = quantile(self._streams["length"].bits(serial), self._stay_minutes)
        residue = EMERGENCY_FIRST + day % EMERGENCY_WIDTH
        visitors = self._visitors(serial, day, number, count[day - days[0]], residue, None)
        return Visits(
            serial=serial,
            department=np.full(len(day), self.emergency),
            person=visitors,
            arrived=arrived,
            left=arrived + np.clip(length, 15, _LONGEST),
            stay=np.full(len(day), NO_STAY),
        )

    def _clinic_visits(self, days: Integers, count: Integers) -> Visits:
        """Return the appointments of each day, in the departments that hold clinics."""
        day, number = _numbered(days, count)
        serial = _serial(day, number + self._rules.maximum_per_day)
        clinic = choose(self._streams["clinic"].bits(serial), self._clinic_bounds)
        minute = quantile(self._streams["minute"].bits(serial), self._clinic_hours)
        arrived = day * MINUTES_PER_DAY + minute
        length = quantile(self._streams["length"].bits(serial), self._clinic_minutes)
        # Within a day the visits of one clinic count from 0, in the order of their serials.
        group = (day - days[0]) * len(self._clinics) + clinic
        by_group = np.argsort(group, kind="stable")
        size = np.bincount(group, minlength=len(days) * len(self._clinics))
        place = np.empty(len(day), np.int64)
        place[by_group] = np.arange(len(day)) - np.repeat(np.cumsum(size) - size, size)
        parity = day % 2
        residue = CLINICS_FIRST + clinic * 2 + parity
        visitors = self._visitors(serial, day, place, size[group], residue, self._clinics[clinic])
        return Visits(
            serial=serial,
            department=self._clinics[clinic],
            person=visitors,
            arrived=arrived,
            left=arrived + np.clip(length, 10, 12 * 60),
            stay=np.full(len(day), NO_STAY),
        )

    def _visitors(
        self,
        serial: Integers,
        day: Integers,
        number: Integers,
        count: Integers,
        residue: Integers,
        department: Integers | None,
    ) -> Integers:
        """Return a person for each visit: different ones for the visits of a group.

        A group's people of fitting age and sex are cut into as many parts as it has visits, and
        each visit draws within its own part.
        """
        departments = self._departments
        share = np.full(len(day), 0.5)
        youngest, oldest = np.zeros(len(day), np.int64), np.full(len(day), 120)
        if department is not None:
            share = np.array([one.female_share for one in departments])[department]
            youngest = np.array([one.min_age for one in departments])[department]
            oldest = np.array([one.max_age for one in departments])[department]
        women = np.rint(count * share).astype(np.int64)
        female = number < women
        sex = np.where(female, FEMALE, MALE)
        place = np.where(female, number, number - women)
        size = np.where(female, women, count - women)
        low, high = self._people.ranks_of_ages(sex, youngest, oldest, day - 1)
        # Members of a residue class: ranks residue, residue + 40, ...
        first = -((residue - low) // STRATA)
        room = -((residue - high) // STRATA) - first
        part_low, part_high = place * room // size, (place + 1) * room // size
        within = below(self._streams["person"].bits(serial), np.maximum(part_high - part_low, 1))
        return person(sex, residue + STRATA * (first + part_low + within))


def _before_admission(
    seed: int, parameters: Parameters, stays: Stays, persons: Integers, emergency: int
) -> Visits:
    """Return the attendances that end in an admission, sorted by arrival."""
    share = np.array([one.emergency_share for one in parameters.departments])
    source = DrawStream(seed, "attendance/admitted").bits(stays.serial)
    through = np.flatnonzero(chance(source, share[stays.department]))
    rules = parameters.attendances
    least = round(rules.admitted_minimum_minutes)
    table = distributions.lognormal(
        np.log(rules.admitted_median_minutes - least), rules.admitted_sigma
    )
    wait = quantile(DrawStream(seed, "attendance/wait").bits(stays.serial[through]), table)
    # The few waits that would last longer than a day's work are folded back.
    arrived = stays.admitted[through] - least - wait % (_LONGEST_ADMITTED - least)
    order = np.lexsort((stays.serial[through], arrived))
    through = through[order]
    return Visits(
        serial=stays.serial[through],
        department=np.full(len(through), emergency),
        person=persons[through],
        arrived=arrived[order],
        left=stays.admitted[through],
        stay=through,
    )


def _numbered(days: Integers, count: Integers) -> tuple[Integers, Integers]:
    """Return day and number within the day for `count` visits on each day."""
    day = np.repeat(days, count)
    return day, np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)


def _serial(day: Integers, number: Integers) -> Integers:
    return (day << 13) | number
