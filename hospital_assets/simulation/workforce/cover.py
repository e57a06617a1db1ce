"""Who covers a shift whose holder is away: members of the reserve, called for it.

On the watches of the cover cycle every department has a senior doctor and a nurse: the first shift
that would leave it without one must be covered, others are with a chance.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance.draws import DrawStream, Integers, below, chance
from hospital_assets.simulation.parameters.staffing import SHIFT_PATTERN_FREE, Staffing
from hospital_assets.simulation.parameters.workforce import NURSE, WorkforceRules
from hospital_assets.simulation.workforce.posts import Posts
from hospital_assets.simulation.workforce.reserve import Reserve, pools_of_posts
from hospital_assets.simulation.workforce.rosters import FREE
from hospital_assets.simulation.workforce.staff_patients import InBed


@dataclass(frozen=True)
class Gaps:
    """Shifts without their holder for which somebody is called; one element a shift."""

    day: Integers
    post: Integers
    needed: NDArray[np.bool_]


@dataclass(frozen=True)
class Calls:
    """Members of the reserve who come: for which gaps (their rows), and who."""

    gap: Integers
    member: Integers


def gaps(
    seed: int,
    staffing: Staffing,
    rules: WorkforceRules,
    posts: Posts,
    shifts: Integers,
    away: NDArray[np.bool_],
    first_day: int,
) -> Gaps:
    """Return the shifts to be covered; `shifts` and `away` are [days, posts]."""
    row, post = np.nonzero((shifts != FREE) & away)
    roles = [role.name for role in staffing.roles]
    senior = np.array([grade.senior for grade in rules.grades])[posts.grade]
    nurse = posts.role == roles.index(NURSE)
    needed = np.zeros(len(row), np.bool_)
    cover = next(one for one in staffing.cycles if one.name == staffing.cover_cycle)
    for number, shift in enumerate(staffing.shifts):
        if shift.letter in set(cover.pattern) - {SHIFT_PATTERN_FREE}:
            for group in (senior, nurse):
                needed |= _needed(posts, group, shifts == number, away, row, post)
    share = {one.role: one.cover_share for one in rules.professions}
    chances = np.array([share[role] for role in roles])[posts.role[post]]
    day = row + first_day
    called = needed | chance(DrawStream(seed, "cover").bits(post, day), chances)
    return Gaps(day[called], post[called], needed[called])


def calls(
    seed: int,
    staffing: Staffing,
    rules: WorkforceRules,
    posts: Posts,
    reserve: Reserve,
    in_bed: InBed,
    wanted: Gaps,
) -> Calls:
    """Return who comes for which gaps; for a gap for which nobody is left, nobody does.

    Gaps of a day and pool take places in the day's class of the pool, from a hashed one on: those
    that need cover first. Whoever can't come passes the call on to the next of the class that
    nobody has called; where a senior is needed, then to the other departments' seniors.
    """
    pool = pools_of_posts(staffing, rules, posts)[wanted.post]
    place = _places(wanted, pool)
    classes = reserve.classes(pool)
    turn = below(DrawStream(seed, "cover/turn").bits(pool, wanted.day), np.maximum(classes, 1))
    member = reserve.member(pool, place + turn, wanted.day)
    comes = (place < classes) & _available(reserve, in_bed, member, wanted.day)
    called = set(zip(wanted.day[classes > 0].tolist(), member[classes > 0].tolist(), strict=True))
    order = np.lexsort((place, ~wanted.needed))
    for gap in order[~comes[order]]:
        others = _others(reserve, wanted, pool, place + turn, int(gap), len(staffing.departments))
        free = _available(reserve, in_bed, others, np.full(len(others), wanted.day[gap]))
        for other in others[free].tolist():
            if (int(wanted.day[gap]), other) not in called:
                called.add((int(wanted.day[gap]), other))
                member[gap], comes[gap] = other, True
                break
    coming = np.flatnonzero(comes)
    return Calls(coming, member[coming])


def _needed(
    posts: Posts,
    group: NDArray[np.bool_],
    on_watch: NDArray[np.bool_],
    away: NDArray[np.bool_],
    row: Integers,
    post: Integers,
) -> NDArray[np.bool_]:
    """Return which gaps are the first of a group on a watch where nobody of the group is left."""
    departments = int(posts.department.max()) + 1
    watch, worker = np.nonzero(on_watch & ~away & group[None, :])
    staffed = np.zeros((len(away), departments), np.bool_)
    staffed[watch, posts.department[worker]] = True
    open_ = on_watch[row, post] & group[post] & ~staffed[row, posts.department[post]]
    places = np.flatnonzero(open_)
    key = row[places] * departments + posts.department[post[places]]
    needed = np.zeros(len(row), np.bool_)
    needed[places[np.unique(key, return_index=True)[1]]] = True
    return needed


def _places(wanted: Gaps, pool: Integers) -> Integers:
    """Return each gap's place among those of its day and pool, needed ones first."""
    order = np.lexsort((wanted.post, ~wanted.needed, pool, wanted.day))
    day, pools = wanted.day[order], pool[order]
    begins = np.ones(len(order), np.bool_)
    begins[1:] = (day[1:] != day[:-1]) | (pools[1:] != pools[:-1])
    number = np.arange(len(order))
    places = np.empty(len(order), np.int64)
    places[order] = number - np.maximum.accumulate(np.where(begins, number, 0))
    return places


def _available(
    reserve: Reserve, in_bed: InBed, member: Integers, day: Integers
) -> NDArray[np.bool_]:
    return (reserve.members.last_day[member] >= day) & ~in_bed.reserve(member, day)


def _others(
    reserve: Reserve, wanted: Gaps, pool: Integers, place: Integers, gap: int, departments: int
) -> Integers:
    """Return who may come instead, in order: the rest of the class, then other departments'."""
    own, day = int(pool[gap]), wanted.day[gap]
    pools = [own]
    if wanted.needed[gap] and own < departments:
        pools += [(own + step) % departments for step in range(1, departments)]
    size = [int(reserve.classes(np.array([one]))[0]) for one in pools]
    numbers = np.repeat(pools, size)
    places = np.concatenate([place[gap] + np.arange(one) for one in size])
    return reserve.member(numbers, places, np.full(len(numbers), day))
