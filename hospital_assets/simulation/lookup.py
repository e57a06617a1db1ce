"""Looking up: on which days a record of somebody or something is, by its id."""

import numpy as np

from hospital_assets.calendar.period import Period
from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.encounters import (
    days_of_number,
    encounter_ids,
    encounter_numbers,
    encounters,
)
from hospital_assets.simulation.hospital import Hospital
from hospital_assets.simulation.population.person_numbers import rank_of, sex_of
from hospital_assets.simulation.rosters import roster


def days_of_encounter(hospital: Hospital, encounter_id: int) -> Integers:
    """Return the days on which an encounter is active; none if there is no such one."""
    number = encounter_numbers(hospital.seed, np.array([encounter_id]))
    if encounter_ids(hospital.seed, number)[0] != encounter_id:  # Larger than any id.
        return np.empty(0, np.int64)
    return days_of_number(hospital, int(number[0]))


def is_person(hospital: Hospital, person_id: int) -> bool:
    """Return whether somebody who was born by the end of the period has the number."""
    registration = hospital.population.registration
    person = registration.persons(np.array([person_id]))
    _, last = hospital.numbers(hospital.period)
    born = hospital.population.births.before(sex_of(person), np.array([last + 1]))
    is_id = registration.person_ids(person) == person_id
    return bool((is_id & (rank_of(person) < born))[0])


def days_of_person(hospital: Hospital, person_id: int, days: Period) -> Integers:
    """Return on which of the days a person is registered, has an encounter or works a shift."""
    first, last = hospital.numbers(days)
    person = hospital.population.registration.persons(np.array([person_id]))
    active = encounters(hospital, first, last)
    shifts = roster(hospital, first, last).assignments
    registered = hospital.population.registration.days(person)
    found = np.concatenate(
        [
            active.day[active.person == person],
            shifts.day[shifts.person == person],
            registered[(registered >= first) & (registered <= last)],
        ]
    )
    return np.unique(found)


def days_of_staff(hospital: Hospital, staff_id: int, days: Period) -> Integers:
    """Return on which of the days a member of staff works a shift or misses a planned one."""
    first, last = hospital.numbers(days)
    found = roster(hospital, first, last)
    worked, missed = found.assignments, found.missed
    return np.unique(
        np.concatenate([worked.day[worked.staff == staff_id], missed.day[missed.staff == staff_id]])
    )
