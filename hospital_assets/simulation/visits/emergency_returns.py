"""Visits to the emergency department after a discharge, that end without admission."""

from dataclasses import dataclass

import numpy as np

from hospital_assets.simulation.chance.distributions import exponential, quantile
from hospital_assets.simulation.chance.draws import Integers, chance
from hospital_assets.simulation.dates import MINUTES_PER_DAY
from hospital_assets.simulation.parameters.emergency import VisitsAfterDischarge
from hospital_assets.simulation.population.deaths import Deaths
from hospital_assets.simulation.stays.grouping import contains
from hospital_assets.simulation.stays.hospital_stays import HospitalStays
from hospital_assets.simulation.stays.model import StayModel
from hospital_assets.simulation.stays.patients import Flags
from hospital_assets.simulation.stays.presence import Presence
from hospital_assets.simulation.visits.appointments import Appointments

_DAY_BITS = 20


@dataclass(frozen=True)
class EmergencyReturns:
    """Visits that follow from a stay (a row), by day."""

    stay: Integers
    day: Integers

    def between(self, first: int, last: int) -> Integers:
        """Return the stays behind the visits of the days [first, last]."""
        return self.stay[slice(*np.searchsorted(self.day, [first, last + 1]))]


def emergency_returns(
    model: StayModel,
    rules: VisitsAfterDischarge,
    deaths: Deaths,
    inpatients: HospitalStays,
    presence: Presence,
    booked: Appointments,
    staff: Integers,
) -> EmergencyReturns:
    """Return the visits after discharges.

    Nobody comes who is in a stay within a day, or dead, or was here the day before, or has an
    appointment on that day or the next; nor do the `staff`.
    """
    stays = inpatients.timelines
    rows = presence.discharged
    for_visit, for_day, _ = model.stream("revisit").series(stays.serial[rows], 3)
    share = np.where(stays.mother[rows] >= 0, rules.newborn_share, rules.share)
    comes = chance(for_visit, share)
    stay = rows[comes]
    wait = quantile(for_day[comes], exponential(rules.mean_days * MINUTES_PER_DAY))
    day = stays.end[stay] // MINUTES_PER_DAY + rules.earliest_days + wait // MINUTES_PER_DAY
    persons = inpatients.persons[stay]
    able = ~presence.touches(persons, day, 1) & (deaths.days(persons) > day)
    able &= ~contains(staff, persons)
    stay, day = stay[able], day[able]

    order = np.lexsort((stays.serial[stay], day, inpatients.persons[stay]))
    stay, day = stay[order], day[order]
    elsewhere = _comes_again(inpatients.persons[stay], day)
    elsewhere |= _is_booked(inpatients, booked, inpatients.persons[stay], day)
    stay, day = stay[~elsewhere], day[~elsewhere]
    order = np.lexsort((stays.serial[stay], day))
    return EmergencyReturns(stay[order], day[order])


def _comes_again(persons: Integers, day: Integers) -> Flags:
    """Return which visits follow another of the same person by a day at most."""
    again = np.zeros(len(day), np.bool_)
    again[1:] = (persons[1:] == persons[:-1]) & (day[1:] - day[:-1] <= 1)
    return again


def _is_booked(
    inpatients: HospitalStays, booked: Appointments, persons: Integers, day: Integers
) -> Flags:
    """Return which visits lie on the day of an appointment, or on the day before one."""
    keys = np.sort((inpatients.persons[booked.stay] << _DAY_BITS) | booked.day)
    wished = (persons << _DAY_BITS) | day
    return contains(keys, wished) | contains(keys, wished + 1)
