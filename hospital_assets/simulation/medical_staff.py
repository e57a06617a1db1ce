"""Doctors by day: who holds a post, and who is on a shift that touches the day."""

from dataclasses import dataclass

import numpy as np

from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.dates import MINUTES_PER_DAY
from hospital_assets.simulation.hospital import Hospital
from hospital_assets.simulation.parameters.workforce import DOCTOR
from hospital_assets.simulation.population.person_numbers import NOBODY
from hospital_assets.simulation.rosters import roster
from hospital_assets.simulation.workforce.reserve import FIRST_STAFF_NUMBER

NOT_IN_POST = -1
_STAFF_BITS = 32


@dataclass(frozen=True)
class MedicalStaff:
    """Doctors by day, by day and staff number; one element a day and doctor.

    `department` and `grade` are indices; `qualified` is the day from which service counts, `hired`
    the first day in the post, or NOT_IN_POST of who is called in.
    """

    day: Integers
    staff: Integers
    person: Integers
    department: Integers
    grade: Integers
    qualified: Integers
    hired: Integers


def medical_staff(hospital: Hospital, first: int, last: int) -> MedicalStaff:
    """Return the doctors of each day of [first, last].

    Last night's watch is among them, also those whose post ended with that day.
    """
    staff = hospital.workforce
    posts, holders, members = staff.posts, staff.holders, staff.reserve.members
    doctor = [role.name for role in staff.staffing.roles].index(DOCTOR)
    medical = np.flatnonzero(posts.role == doctor)
    days = np.arange(first, last + 1)
    day, post = np.repeat(days, len(medical)), np.tile(medical, len(days))
    holder = holders.at(post, day)
    held = holder != NOBODY
    worked = roster(hospital, first - 1, last).assignments
    on_shift = np.flatnonzero(posts.role[worked.post] == doctor)
    keys = [(day[held] << _STAFF_BITS) | holders.staff[holder[held]]]
    for later in (0, 1):
        touched = worked.day[on_shift] + later
        still = (worked.ends[on_shift] - 1) // MINUTES_PER_DAY >= touched
        inside = still & (touched >= first) & (touched <= last)
        keys.append((touched[inside] << _STAFF_BITS) | worked.staff[on_shift[inside]])
    everyone = np.unique(np.concatenate(keys))
    day, number = everyone >> _STAFF_BITS, everyone & ((1 << _STAFF_BITS) - 1)
    called = number >= FIRST_STAFF_NUMBER
    by_number = np.argsort(holders.staff, kind="stable")
    place = np.searchsorted(holders.staff[by_number], number)
    row = by_number[np.minimum(place, len(by_number) - 1)]
    member = np.where(called, number - FIRST_STAFF_NUMBER, 0)
    return MedicalStaff(
        day,
        number,
        np.where(called, members.person[member], holders.person[row]),
        np.where(called, members.department[member], posts.department[holders.post[row]]),
        np.where(called, members.grade[member], posts.grade[holders.post[row]]),
        np.where(called, members.qualified[member], holders.qualified[row]),
        np.where(called, NOT_IN_POST, holders.hired[row]),
    )
