"""Who is on duty in a department at a minute, last night's shifts included."""

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance.draws import Bits, Integers, below
from hospital_assets.simulation.dates import MINUTES_PER_DAY
from hospital_assets.simulation.parameters.staffing import Staffing
from hospital_assets.simulation.population.person_numbers import NOBODY
from hospital_assets.simulation.workforce.assignments import Assignments
from hospital_assets.simulation.workforce.posts import Posts

_MEMBER_BITS = 32


class Duty:
    """The shifts of some posts, cut into the pieces of a day in which nobody comes or goes.

    A day is only whole if the shifts of its eve are there as well.
    """

    def __init__(
        self,
        staffing: Staffing,
        posts: Posts,
        worked: Assignments,
        weights: Integers,
    ) -> None:
        """Take the shifts of the posts that have a weight (one element a post).

        Somebody of twice the weight is chosen twice as often.
        """
        chosen = np.repeat(np.arange(len(worked.post)), weights[worked.post])
        self._departments = len(staffing.departments)
        self._edges = _edges(staffing)
        starts, ends = worked.starts[chosen], worked.ends[chosen]
        department, staff = posts.department[worked.post[chosen]], worked.staff[chosen]
        last = int(max((shift.start_hour + shift.hours - 1) // 24 for shift in staffing.shifts))
        keys, doctors = [], []
        for later in range(last + 1):
            day = starts // MINUTES_PER_DAY + later
            for piece, edge in enumerate(self._edges):
                minute = day * MINUTES_PER_DAY + edge
                on = (starts <= minute) & (minute < ends)
                keys.append(self._key(day[on], piece, department[on]))
                doctors.append(staff[on])
        key, doctor = np.concatenate(keys), np.concatenate(doctors)
        order = np.lexsort((doctor, key))
        self._keys, self._doctors = key[order], doctor[order]
        by_staff = np.lexsort((starts, staff))
        self._staff_starts = (staff[by_staff] << _MEMBER_BITS) | starts[by_staff]
        self._ends = ends[by_staff]

    def choose(self, bits: Bits, department: Integers, minute: Integers) -> Integers:
        """Return the staff number of one who is on duty, for each draw; NOBODY where nobody is."""
        day, within = np.divmod(minute, MINUTES_PER_DAY)
        piece = np.searchsorted(self._edges, within, "right") - 1
        key = self._key(day, piece, department)
        low = np.searchsorted(self._keys, key, "left")
        count = np.searchsorted(self._keys, key, "right") - low
        if not len(self._doctors):
            return np.full(len(minute), NOBODY, np.int64)
        place = np.minimum(low + below(bits, np.maximum(count, 1)), len(self._doctors) - 1)
        return np.where(count > 0, self._doctors[place], NOBODY)

    def is_on_shift(self, staff: Integers, minute: Integers) -> NDArray[np.bool_]:
        """Return whether each member of staff is on a shift at the minute."""
        if not len(self._ends):
            return np.zeros(len(minute), np.bool_)
        key = (staff << _MEMBER_BITS) | minute
        place = np.maximum(np.searchsorted(self._staff_starts, key, "right") - 1, 0)
        own = self._staff_starts[place] >> _MEMBER_BITS == staff
        return own & (self._staff_starts[place] <= key) & (minute < self._ends[place])

    def _key(self, day: Integers, piece: Integers | int, department: Integers) -> Integers:
        return (day * len(self._edges) + piece) * self._departments + department


def _edges(staffing: Staffing) -> Integers:
    """Return the minutes of a day at which a shift begins or ends, and midnight."""
    begins = {shift.start_hour * 60 for shift in staffing.shifts}
    ends = {(shift.start_hour + shift.hours) * 60 % MINUTES_PER_DAY for shift in staffing.shifts}
    return np.array(sorted(begins | ends | {0}), np.int64)
