"""Who attends a patient: one senior of the department for a stay, or the stay's deputies.

The attending senior holds a post; whoever takes the post over takes its patients over. In the
emergency department and at a clinic it is one of those on duty in the department, of any grade.
"""

from collections.abc import Iterable

import numpy as np

from hospital_assets.simulation.chance.draws import DrawStream, Integers, below
from hospital_assets.simulation.dates import MINUTES_PER_DAY
from hospital_assets.simulation.parameters.workforce import DOCTOR
from hospital_assets.simulation.workforce.duty import Duty
from hospital_assets.simulation.workforce.workforce import Roster, Workforce

_DEPUTIES = 3


class Attending:
    """The attending doctors of some days; `eve_and_days` is a roster that begins on their eve."""

    def __init__(self, workforce: Workforce, eve_and_days: Roster) -> None:
        self._workforce = workforce
        posts, grades = workforce.posts, workforce.rules.grades
        worked = eve_and_days.assignments

        def duty(weights: Iterable[int]) -> Duty:
            return Duty(workforce.staffing, posts, worked, np.array([*weights])[posts.grade])

        self._duty = duty(int(grade.attends) for grade in grades)
        self._emergency = duty(grade.emergency_weight for grade in grades)
        self._clinic = duty(int(grade.role == DOCTOR) for grade in grades)
        senior = np.array([grade.senior for grade in grades])[posts.grade]
        seniors = np.flatnonzero(senior & ~posts.vacant)
        order = np.argsort(posts.department[seniors], kind="stable")
        self._posts = seniors[order]
        weekly = np.array([cycle.weekly for cycle in workforce.staffing.cycles])
        office = weekly[posts.cycle[self._posts]]
        weight = np.where(office, workforce.rules.attending.office_weight, 1)
        self._weights = np.cumsum(weight)
        department = posts.department[self._posts]
        departments = np.arange(len(workforce.staffing.departments))
        sums = np.concatenate([[0], self._weights])
        self._low = sums[np.searchsorted(department, departments, "left")]
        self._high = sums[np.searchsorted(department, departments, "right")]
        self._senior = DrawStream(workforce.seed, "attending/senior")
        self._cover = DrawStream(workforce.seed, "attending/cover")
        self._visit = DrawStream(workforce.seed, "attending/visit")

    def seniors(
        self, encounter: Integers, department: Integers, day: Integers, turn: int = 0
    ) -> Integers:
        """Return the staff number of the senior who attends each encounter on the day.

        `encounter` is a number that is the encounter's for ever. 0 while the post is vacant. Turns
        from 1 on are deputies.
        """
        low, high = self._low[department], self._high[department]
        place = low + below(self._senior.bits(encounter, turn), high - low)
        post = self._posts[np.searchsorted(self._weights, place, "right")]
        holder = self._workforce.holders.at(post, day)
        return np.where(holder >= 0, self._workforce.holders.staff[holder], 0)

    def at(self, encounter: Integers, department: Integers, minute: Integers) -> Integers:
        """Return the staff number of the doctor who sees each encounter's patient at the minute.

        The attending senior if on shift, otherwise the first deputy who is, otherwise another
        doctor of the department: NOBODY only if none is, which the cover of watches excludes.
        """
        doctor = self._duty.choose(self._cover.bits(encounter, minute), department, minute)
        for turn in range(_DEPUTIES, -1, -1):
            senior = self.seniors(encounter, department, minute // MINUTES_PER_DAY, turn)
            doctor = np.where(self._duty.is_on_shift(senior, minute), senior, doctor)
        return doctor

    def in_emergency(self, encounter: Integers, department: Integers, minute: Integers) -> Integers:
        """Return the staff number of the doctor who sees each patient at the minute.

        One of a grade that sees more patients there is found more often.
        """
        return self._emergency.choose(self._visit.bits(encounter, minute), department, minute)

    def at_clinic(self, encounter: Integers, department: Integers, minute: Integers) -> Integers:
        """Return the staff number of the doctor who sees each patient of a clinic at the minute."""
        return self._clinic.choose(self._visit.bits(encounter, minute), department, minute)
