"""Who lies in the beds: a person for each chain of stays, nobody in two chains.

Each department has pools of people of its own within the inpatients' stratum, one a sex, as large
as its need for people of its ages. The first stays of a department are served in the order of
admission, about a week's worth a round. Within a round every stay has a class of its pool to
itself (the members whose number leaves the same remainder), so that no two meet; what a class has
given away in former rounds is marked.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance.draws import DrawStream, Integers, below, chance
from hospital_assets.simulation.dates import MINUTES_PER_DAY, day_number
from hospital_assets.simulation.parameters import Department, Parameters
from hospital_assets.simulation.people.population import (
    FEMALE,
    INPATIENTS,
    MALE,
    SEXES,
    Population,
    person,
)
from hospital_assets.simulation.stays.stay_chains import Stays

_SHARES = 1000
_DAYS_A_ROUND = 8


class PopulationTooSmallError(ValueError):
    """A department has used up the people of its ages."""

    def __init__(self, department: str) -> None:
        super().__init__(
            f"{department} has used up the people of fitting age and sex;"
            " raise population.size or lower the department's beds"
        )


@dataclass(frozen=True)
class Pools:
    """The pools of all departments and sexes: `first` and `width` by [department, sex].

    A pool is the inpatients whose number within their stratum, modulo 1000, lies in
    [first, first + width).
    """

    first: Integers
    width: Integers

    def members_below(self, department: Integers, sex: Integers, ranks: Integers) -> Integers:
        """Return how many members of each pool have a rank below the given one."""
        whole, rest = np.divmod(INPATIENTS.members_below(ranks), _SHARES)
        width = self.width[department, sex]
        return whole * width + np.clip(rest - self.first[department, sex], 0, width)

    def rank(self, department: Integers, sex: Integers, member: Integers) -> Integers:
        """Return the rank of the n-th member of each pool."""
        whole, rest = np.divmod(member, self.width[department, sex])
        return INPATIENTS.rank(whole * _SHARES + self.first[department, sex] + rest)


def pools(parameters: Parameters, people: Population) -> Pools:
    """Share the inpatients out: to each pool in proportion to admissions by people of its ages."""
    reference = day_number(parameters.population.reference_day)
    need = np.zeros((len(parameters.departments), len(SEXES)))
    for number, department in enumerate(parameters.departments):
        rate = admissions_a_day(department, parameters)
        for sex, share in ((FEMALE, department.female_share), (MALE, 1 - department.female_share)):
            low, high = people.ranks_of_ages(sex, department.min_age, department.max_age, reference)
            everybody = people.born_before(sex, reference)
            need[number, sex] = rate * share / max((high - low)[0] / everybody[0], 1e-9)
    bounds = np.rint(np.cumsum(need, axis=0) / need.sum(axis=0) * _SHARES).astype(np.int64)
    first = np.concatenate([np.zeros((1, len(SEXES)), np.int64), bounds[:-1]])
    return Pools(first, bounds - first)


def admissions_a_day(department: Department, parameters: Parameters) -> float:
    """Return the expected admissions a day."""
    return department.beds * parameters.stays.occupancy / department.mean_stay_days


def assign(
    seed: int, parameters: Parameters, people: Population, stays: Stays, root: Integers
) -> Integers:
    """Return the person of each stay; stays of one chain have one person."""
    firsts = np.flatnonzero(root == np.arange(len(stays)))
    firsts = firsts[np.lexsort((stays.bed[firsts], stays.admitted[firsts]))]
    department, serial = stays.department[firsts], stays.serial[firsts]
    departments = parameters.departments
    women = np.array([one.female_share for one in departments])[department]
    sex = (~chance(DrawStream(seed, "inpatient/sex").bits(serial), women)).astype(np.int64)
    shares = pools(parameters, people)
    days = stays.admitted[firsts] // MINUTES_PER_DAY - 1
    # A table by day is smaller than the stays, and the ages of a day are looked up once.
    calendar = np.arange(days.min(), days.max() + 1)
    low, high = (
        members[department, sex, days - calendar[0]]
        for members in _of_fitting_ages(parameters, people, shares, calendar)
    )
    classes = np.array(
        [max(1, round(admissions_a_day(one, parameters) * _DAYS_A_ROUND)) for one in departments]
    )
    turn = _turn(department, len(departments))
    round_, class_ = np.divmod(turn, classes[department])
    step_low = -((class_ - low) // classes[department])
    step_high = -((class_ - high) // classes[department])
    row = (np.concatenate([[0], np.cumsum(classes)])[department] + class_) * len(SEXES) + sex
    wish = DrawStream(seed, "inpatient/choice").bits(serial)
    taken = np.zeros((len(SEXES) * classes.sum(), int(step_high.max(initial=0)) + 1), np.bool_)
    step = np.empty(len(firsts), np.int64)
    in_rounds = np.argsort(round_, kind="stable")
    borders = np.searchsorted(round_[in_rounds], np.arange(round_.max(initial=-1) + 2))
    for begin, end in pairwise(borders):
        group = in_rounds[begin:end]
        room = step_high[group] - step_low[group]
        offset = below(wish[group], np.maximum(room, 1))
        step[group] = _take(taken, row[group], step_low[group], room, offset)
        if step[group].min() < 0:
            short = group[step[group].argmin()]
            raise PopulationTooSmallError(departments[department[short]].name)
    member = step * classes[department] + class_
    persons = np.empty(len(stays), np.int64)
    persons[firsts] = person(sex, shares.rank(department, sex, member))
    return persons[root]


def _of_fitting_ages(
    parameters: Parameters, people: Population, shares: Pools, days: Integers
) -> tuple[Integers, Integers]:
    """Return the members [low, high) of the pools [department, sex, day] who have the ages."""
    departments = parameters.departments
    department, sex = np.arange(len(departments))[:, None, None], np.array(SEXES)[:, None]
    youngest = np.array([one.min_age for one in departments])[department]
    oldest = np.array([one.max_age for one in departments])[department]
    low, high = people.ranks_of_ages(sex, youngest, oldest, days)
    return (
        shares.members_below(department, sex, low),
        shares.members_below(department, sex, high),
    )


def _turn(department: Integers, departments: int) -> Integers:
    """Return how many stays of the same department come before each one."""
    turn = np.empty(len(department), np.int64)
    for number in range(departments):
        inside = department == number
        turn[inside] = np.arange(inside.sum())
    return turn


def _take(
    taken: NDArray[np.bool_], row: Integers, low: Integers, room: Integers, offset: Integers
) -> Integers:
    """Mark and return a free column for each row within [low, low + room), or -1 where none is.

    The search starts at the offset and goes round; the rows are all different.
    """
    column = np.full(len(row), -1, np.int64)
    seeking = np.arange(len(row))
    for probe in range(int(room.max())):
        seeking = seeking[probe < room[seeking]]
        wanted = low[seeking] + (offset[seeking] + probe) % room[seeking]
        free = ~taken[row[seeking], wanted]
        found = seeking[free]
        column[found] = wanted[free]
        taken[row[found], wanted[free]] = True
        seeking = seeking[~free]
        if not len(seeking):
            break
    return column
