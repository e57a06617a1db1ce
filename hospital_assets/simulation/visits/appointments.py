"""Appointments that follow from stays: after a discharge, and before a delivery."""

from dataclasses import dataclass

import numpy as np

from hospital_assets.simulation.chance.draws import Integers, below, chance, halves
from hospital_assets.simulation.dates import MINUTES_PER_DAY
from hospital_assets.simulation.parameters.beds import MATERNITY
from hospital_assets.simulation.parameters.clinics import AntenatalVisits, ClinicRules, FollowUps
from hospital_assets.simulation.population.deaths import Deaths
from hospital_assets.simulation.stays.grouping import contains, numbered
from hospital_assets.simulation.stays.hospital_stays import HospitalStays
from hospital_assets.simulation.stays.model import StayModel
from hospital_assets.simulation.stays.patients import Flags
from hospital_assets.simulation.stays.presence import Presence
from hospital_assets.simulation.visits.working_days import WorkingDays

# Antenatal visits count from here among the visits of a stay, so that each has draws of its own.
_FIRST_ANTENATAL = 10
_MOST_FOLLOW_UPS = 3
_QUARTERS = np.uint64(62)
_WORKING_WEEK = 5


@dataclass(frozen=True)
class Appointments:
    """Visits that follow from a stay (a row), by day."""

    stay: Integers
    day: Integers
    is_antenatal: Flags

    def on(self, day: int) -> "Appointments":
        """Return the appointments of one day."""
        rows = slice(*np.searchsorted(self.day, [day, day + 1]))
        return Appointments(self.stay[rows], self.day[rows], self.is_antenatal[rows])


def appointments(
    model: StayModel,
    rules: ClinicRules,
    deaths: Deaths,
    inpatients: HospitalStays,
    presence: Presence,
    working_days: WorkingDays,
    staff: Integers,
    days: tuple[int, int],
) -> Appointments:
    """Return the appointments from the first to the last of `days` that are kept.

    Whoever is in a bed on the day, or dies by then, doesn't come; nor do the `staff`, whose
    rosters don't know of visits.
    """
    after = _follow_ups(model, rules.follow_up, inpatients, presence)
    before = _antenatal(model, rules.antenatal, inpatients)
    stay, day, number = (np.concatenate(pair) for pair in zip(after, before, strict=True))
    serial = inpatients.timelines.serial[stay]
    # Otherwise the day after a weekend would have the appointments of three.
    further = below(model.stream("follow/closed").bits(serial, number), _WORKING_WEEK)
    day = working_days.next_from(day, further)
    persons = inpatients.persons[stay]
    is_antenatal = number >= _FIRST_ANTENATAL
    share = np.where(is_antenatal, rules.antenatal.shown_share, rules.follow_up.shown_share)
    bits = model.stream("follow/show").bits(serial, number)
    comes = (day >= days[0]) & (day <= days[1]) & chance(bits, share)
    comes &= ~presence.touches(persons, day, 0) & (deaths.days(persons) > day)
    comes &= ~contains(staff, persons)
    stay, day, is_antenatal = stay[comes], day[comes], is_antenatal[comes]
    order = np.lexsort((inpatients.timelines.serial[stay], day))
    return Appointments(stay[order], day[order], is_antenatal[order])


_Visits = tuple[Integers, Integers, Integers]


def _follow_ups(
    model: StayModel, rules: FollowUps, inpatients: HospitalStays, presence: Presence
) -> _Visits:
    """Return the stay, the day wished for and the number of each visit after a discharge."""
    stays = inpatients.timelines
    rows = presence.discharged
    shares = np.array([rules.share.get(pool, 0.0) for pool in model.pools.names])
    cots = model.pools.of_kind(MATERNITY)
    share = shares[np.where(stays.pool[rows] < 0, cots, stays.pool[rows])]
    share = share * np.where(stays.mother[rows] >= 0, rules.newborn_factor, 1.0)
    draws = model.stream("follow").series(stays.serial[rows], 3 + _MOST_FOLLOW_UPS - 1)
    for_second, for_third = halves(draws[1])
    visits = 1 + chance(for_second, rules.second_share) + chance(for_third, rules.third_share)
    at, number = numbered(np.where(chance(draws[0], share), visits, 0))

    first = np.array(rules.first_after_days)[(draws[2][at] >> _QUARTERS).astype(np.int64)]
    first += below(draws[3][at], rules.first_spread_days)
    _, spread = halves(np.stack(draws[2:])[number, at])
    later = rules.next_after_days + rules.next_every_days * number
    later += below(spread, rules.next_spread_days)
    wait = np.where(number == 0, first, later)
    return rows[at], stays.end[rows[at]] // MINUTES_PER_DAY + wait, number


def _antenatal(model: StayModel, rules: AntenatalVisits, inpatients: HospitalStays) -> _Visits:
    """Return the stay, the day wished for and the number of each visit before a delivery."""
    stays = inpatients.timelines
    rows = np.flatnonzero(model.mix.is_birth[stays.diagnosis] & (stays.mother < 0))
    draws = model.stream("antenatal").series(stays.serial[rows], 4)
    parts = []
    for number, days_before in enumerate(rules.days_before):
        comes = chance(draws[number], rules.share)
        day = stays.arrived[rows[comes]] // MINUTES_PER_DAY - days_before
        day -= below(draws[3][comes], rules.spread_days)
        parts.append((rows[comes], day, np.full(len(day), _FIRST_ANTENATAL + number)))
    stay, day, numbers = (np.concatenate(each) for each in zip(*parts, strict=True))
    return stay, day, numbers
