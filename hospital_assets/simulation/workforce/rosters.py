"""Which shift every post has on which day: each walks its cycle, offices close on holidays."""

import numpy as np

from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.parameters.staffing import SHIFT_PATTERN_FREE, Staffing
from hospital_assets.simulation.workforce.posts import Posts

FREE = -1
_MONDAY = 4  # 1970-01-05


def planned_shifts(
    staffing: Staffing, posts: Posts, holidays: Integers, first: int, last: int
) -> Integers:
    """Return the shift (an index, or FREE) of every post on the days [first, last]: [days, posts].

    `holidays` are the public holidays, as days.
    """
    longest = max(len(cycle.pattern) for cycle in staffing.cycles)
    letters = {shift.letter: number for number, shift in enumerate(staffing.shifts)}
    letters[SHIFT_PATTERN_FREE] = FREE
    pattern = np.full((len(staffing.cycles), longest), FREE, np.int64)
    for number, cycle in enumerate(staffing.cycles):
        pattern[number, : len(cycle.pattern)] = [letters[letter] for letter in cycle.pattern]
    length = np.array([len(cycle.pattern) for cycle in staffing.cycles])[posts.cycle]
    # A weekly cycle starts on a Monday; for the others any fixed day will do.
    days = np.arange(first, last + 1)
    state = (days[:, None] - _MONDAY + posts.offset[None, :]) % length[None, :]
    shifts = pattern[posts.cycle[None, :], state]
    weekly = np.array([cycle.weekly for cycle in staffing.cycles])[posts.cycle]
    shifts[np.ix_(np.isin(days, holidays), weekly)] = FREE
    return shifts
