"""Staff in bed: a stay of a holder is an absence, and a member of the reserve passes a call on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.dates import MINUTES_PER_DAY
from hospital_assets.simulation.parameters.staffing import Staffing
from hospital_assets.simulation.workforce.holders import Holders
from hospital_assets.simulation.workforce.leave_grid import days_of
from hospital_assets.simulation.workforce.parental_leave import Away
from hospital_assets.simulation.workforce.reserve import Reserve

_DAY_BITS = 20


@dataclass(frozen=True)
class InBed:
    """The days on which staff can't begin a shift because they are, or will be, inpatients.

    `holders` are the stays of holders, one an element; `_calls` the sorted keys of member and day
    on which a member of the reserve can't be called.
    """

    holders: Away
    _calls: Integers

    def reserve(self, member: Integers, day: Integers) -> NDArray[np.bool_]:
        """Return whether each member of the reserve is in bed on the day."""
        if not len(self._calls):
            return np.zeros(len(member), np.bool_)
        key = (member << _DAY_BITS) | day
        place = np.minimum(np.searchsorted(self._calls, key), len(self._calls) - 1)
        return self._calls[place] == key


def in_bed(
    staffing: Staffing,
    holders: Holders,
    reserve: Reserve,
    person: Integers,
    arrived: Integers,
    left: Integers,
) -> InBed:
    """Return when which staff are inpatients, from all stays: person, minutes of arrival and end.

    A shift of the eve that would last beyond the arrival isn't begun.
    """
    overrun = max((shift.start_hour + shift.hours) * 60 for shift in staffing.shifts)
    first = (arrived - max(overrun - MINUTES_PER_DAY, 0)) // MINUTES_PER_DAY
    last = left // MINUTES_PER_DAY
    stay, holder = _pairs(person, holders.person)
    in_post = (first[stay] <= holders.last_day[holder]) & (last[stay] >= holders.first_day[holder])
    stay, holder = stay[in_post], holder[in_post]
    called, member = _pairs(person, reserve.members.person)
    row, day = days_of(first[called], last[called])
    calls = np.unique((member[row] << _DAY_BITS) | day)
    return InBed(Away(holder, first[stay], last[stay]), calls)


def nobody_in_bed() -> InBed:
    """Return that no member of staff is an inpatient."""
    nothing = np.zeros(0, np.int64)
    return InBed(Away(nothing, nothing, nothing), nothing)


def _pairs(person: Integers, staff: Integers) -> tuple[Integers, Integers]:
    """Return (stay, row of the staff) of the stays of staff; nobody is there twice."""
    order = np.argsort(staff, kind="stable")
    place = np.minimum(np.searchsorted(staff[order], person), len(staff) - 1)
    stay = np.flatnonzero(staff[order][place] == person)
    return stay, order[place[stay]]
