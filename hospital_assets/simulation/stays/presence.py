"""Who is in the hospital when."""

import numpy as np

from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.dates import MINUTES_PER_DAY
from hospital_assets.simulation.stays.bed_allocation import NOT_ADMITTED
from hospital_assets.simulation.stays.hospital_stays import HospitalStays
from hospital_assets.simulation.stays.patients import EMERGENCY, Flags

_MINUTE_BITS = 32


class Presence:
    """Who is in the hospital when; `rows` are the stays that take place, in order of arrival.

    They are in a bed or cot, or at least in the emergency department. Others were cancelled. Who
    finds no bed here is ill elsewhere until the end of the stay. `discharged` are the rows of those
    who leave a bed or cot of this hospital alive.
    """

    def __init__(self, stays: HospitalStays) -> None:
        wished, persons = stays.timelines, stays.persons
        in_department = (wished.route == EMERGENCY) & (wished.died | ~wished.direct)
        is_here = (stays.admitted != NOT_ADMITTED) | (wished.mother >= 0)
        takes_place = is_here | in_department
        self.discharged = np.flatnonzero(is_here & ~wished.died)
        self.rows = np.flatnonzero(takes_place)
        rows = self.rows[np.lexsort((wished.arrived[self.rows], persons[self.rows]))]
        self._persons = persons[rows]
        self._keys = (self._persons << _MINUTE_BITS) | wished.arrived[rows]
        self._ends, self._died = wished.end[rows], wished.died[rows]

    def touches(self, persons: Integers, days: Integers, margin: int) -> Flags:
        """Return whose stays touch the days within `margin` of a day, or who has died in one."""
        if not len(self._keys):
            return np.zeros(len(persons), np.bool_)
        after = (persons << _MINUTE_BITS) | ((days + margin + 1) * MINUTES_PER_DAY)
        last = np.maximum(np.searchsorted(self._keys, after, "left") - 1, 0)
        still = self._ends[last] >= (days - margin) * MINUTES_PER_DAY
        return (self._persons[last] == persons) & (self._died[last] | still)
