"""Encounters by day: who is in a bed or attends on each day."""

from dataclasses import dataclass

import numpy as np

from hospital_assets.simulation.chance.draws import Cipher, DrawStream, Integers
from hospital_assets.simulation.dates import MINUTES_PER_DAY
from hospital_assets.simulation.skeleton import Skeleton
from hospital_assets.simulation.visits.attendances import NO_STAY, Visits

CLASSES = ("inpatient", "emergency", "outpatient")
INPATIENT, EMERGENCY, OUTPATIENT = range(3)

_FIRST_ENCOUNTER_ID = 10**12
_ENCOUNTER_BITS = 40
_STAY, _BEFORE_STAY, _VISIT = 0, 1, 2


@dataclass(frozen=True)
class Encounters:
    """Encounters by the day on which they are active, one row a day and encounter.

    `stay` is the position of the stay (of an inpatient, or of the admission that follows), or -1;
    `serial` is what the encounter's own draws hang on: an emergency attendance that ends in an
    admission shares it with the stay, and so the diagnosis.
    """

    day: Integers
    kind: Integers
    serial: Integers
    department: Integers
    person: Integers
    begins: Integers
    ends: Integers
    stay: Integers

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.day)


def encounters(skeleton: Skeleton, first: int, last: int) -> Encounters:
    """Return the encounters that are active on each day of [first, last]."""
    stays = skeleton.stays
    stay, stay_day = _active(stays.admitted, stays.discharged, first, last)
    # Those of the eve may last past midnight.
    visits: Visits = skeleton.attendances.between(first - 1, last)
    visit, visit_day = _active(visits.arrived, visits.left, first, last)
    emergency = visits.department[visit] == skeleton.attendances.emergency
    return Encounters(
        day=np.concatenate([stay_day, visit_day]),
        kind=np.concatenate(
            [np.full(len(stay), INPATIENT), np.where(emergency, EMERGENCY, OUTPATIENT)]
        ),
        serial=np.concatenate([stays.serial[stay], visits.serial[visit]]),
        department=np.concatenate([stays.department[stay], visits.department[visit]]),
        person=np.concatenate([skeleton.patient[stay], visits.person[visit]]),
        begins=np.concatenate([stays.admitted[stay], visits.arrived[visit]]),
        ends=np.concatenate([stays.discharged[stay], visits.left[visit]]),
        stay=np.concatenate([stay, visits.stay[visit]]),
    )


def encounter_ids(seed: int, kind: Integers, serial: Integers, stay: Integers) -> Integers:
    """Return the id of each encounter: 13 digits, the same on every day, in no visible order."""
    tag = np.where(kind == INPATIENT, _STAY, np.where(stay == NO_STAY, _VISIT, _BEFORE_STAY))
    cipher = Cipher(DrawStream(seed, "encounter/id"), _ENCOUNTER_BITS)
    return _FIRST_ENCOUNTER_ID + cipher.forward((serial << 2) | tag)


def _active(begins: Integers, ends: Integers, first: int, last: int) -> tuple[Integers, Integers]:
    """Return position and day of what touches each day of [first, last]; times in minutes."""
    begin_day, end_day = begins // MINUTES_PER_DAY, ends // MINUTES_PER_DAY
    touching = np.flatnonzero((begin_day <= last) & (end_day >= first))
    low, high = np.maximum(begin_day[touching], first), np.minimum(end_day[touching], last)
    count = high - low + 1
    offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(touching, count), np.repeat(low, count) + offset
