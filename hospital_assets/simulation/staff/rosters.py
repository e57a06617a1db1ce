"""Who works which shift on which day: every post walks its cycle."""

from dataclasses import dataclass

import numpy as np

from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.dates import MINUTES_PER_DAY
from hospital_assets.simulation.parameters import SHIFT_PATTERN_FREE, Staffing
from hospital_assets.simulation.staff.posts import Posts

_FREE = -1
_MONDAY = 4  # 1970-01-05


@dataclass(frozen=True)
class Shifts:
    """Shifts worked, by day and post; times in minutes, shifts as indices."""

    day: Integers
    post: Integers
    shift: Integers
    starts: Integers
    ends: Integers


def shifts(staffing: Staffing, posts: Posts, first: int, last: int) -> Shifts:
    """Return the shifts that start on the days [first, last], sorted by day and post."""
    longest = max(len(cycle.pattern) for cycle in staffing.cycles)
    letters = {shift.letter: number for number, shift in enumerate(staffing.shifts)}
    letters[SHIFT_PATTERN_FREE] = _FREE
    pattern = np.full((len(staffing.cycles), longest), _FREE, np.int64)
    for number, cycle in enumerate(staffing.cycles):
        pattern[number, : len(cycle.pattern)] = [letters[letter] for letter in cycle.pattern]
    length = np.array([len(cycle.pattern) for cycle in staffing.cycles])[posts.cycle]
    # A weekly cycle starts on a Monday; for the others any fixed day will do.
    days = np.arange(first, last + 1)
    state = (days[:, None] - _MONDAY + posts.offset[None, :]) % length[None, :]
    worked = pattern[posts.cycle[None, :], state]
    row, post = np.nonzero(worked != _FREE)
    shift = worked[row, post]
    starts = days[row] * MINUTES_PER_DAY + _minutes(staffing, "start_hour")[shift]
    return Shifts(days[row], post, shift, starts, starts + _minutes(staffing, "hours")[shift])


def _minutes(staffing: Staffing, field: str) -> Integers:
    return np.array([getattr(shift, field) for shift in staffing.shifts], np.int64) * 60
