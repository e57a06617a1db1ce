"""Shifts that are worked, by whom, and in whose place."""

from dataclasses import dataclass, fields
from enum import IntEnum

import numpy as np

from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.dates import MINUTES_PER_DAY
from hospital_assets.simulation.parameters.staffing import Staffing


class Cover(IntEnum):
    """Whether a shift is worked by the post's holder, or by a member of the reserve.

    NEEDED is cover without which a watch would be without a senior, or without a nurse.
    """

    NONE = 0
    CALLED = 1
    NEEDED = 2


@dataclass(frozen=True)
class Assignments:
    """Shifts worked, sorted by day and post; one element a shift.

    `post` is the post whose shift it is, `shift` an index of the shifts, `starts` and `ends` are in
    minutes, `cover` says who works it (see Cover).
    """

    day: Integers
    post: Integers
    shift: Integers
    staff: Integers
    person: Integers
    cover: Integers
    starts: Integers
    ends: Integers

    def __len__(self) -> int:
        """Return the number of shifts."""
        return len(self.day)


def assignments(
    staffing: Staffing,
    day: Integers,
    post: Integers,
    shift: Integers,
    staff: Integers,
    person: Integers,
    cover: Integers,
) -> Assignments:
    """Return the shifts with their hours, in any order of the given ones."""
    hours = np.array([(one.start_hour, one.hours) for one in staffing.shifts], np.int64)
    starts = day * MINUTES_PER_DAY + hours[shift, 0] * 60
    return Assignments(
        day, post, shift, staff, person, cover, starts, starts + hours[shift, 1] * 60
    )


def together(parts: list[Assignments]) -> Assignments:
    """Return the shifts of all parts, sorted."""
    columns = [
        np.concatenate([getattr(part, field.name) for part in parts])
        for field in fields(Assignments)
    ]
    order = np.lexsort((columns[1], columns[0]))
    return Assignments(*(column[order] for column in columns))
