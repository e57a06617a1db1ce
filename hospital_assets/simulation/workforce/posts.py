"""Posts: the establishment of every department by grade and cycle, and the posts left vacant."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.parameters.staffing import Cycle, Establishment, Staffing
from hospital_assets.simulation.parameters.workforce import (
    DOCTOR,
    NURSE,
    NURSES_ON_COVER_CYCLE,
    Grade,
    WorkforceRules,
)


@dataclass(frozen=True)
class Posts:
    """All posts, in order of department, role, grade and cycle; one element a post.

    `department`, `role`, `grade` and `cycle` are indices into the lists of the parameters, `offset`
    the days by which a post is ahead in its cycle. `place` counts the `peers`: the posts of the
    same department, grade and cycle. `group` numbers these sets. Nobody holds a `vacant` post.
    """

    department: Integers
    role: Integers
    grade: Integers
    cycle: Integers
    offset: Integers
    place: Integers
    peers: Integers
    group: Integers
    vacant: NDArray[np.bool_]

    def __len__(self) -> int:
        """Return the number of posts."""
        return len(self.department)


def posts(staffing: Staffing, rules: WorkforceRules) -> Posts:
    """Return the posts of a hospital, the vacant ones of each grade after its filled ones."""
    rows = [
        (department, role.name, *row)
        for department, entry in enumerate(staffing.departments)
        for role in staffing.roles
        for row in _posts_of(staffing, rules, entry, role.name)
    ]
    roles = [role.name for role in staffing.roles]
    numbers = [(department, roles.index(role), *rest) for department, role, *rest in rows]
    department, role, grade, cycle, offset, place, peers, vacant = np.array(numbers, np.int64).T
    group = (department * len(rules.grades) + grade) * len(staffing.cycles) + cycle
    return Posts(
        department, role, grade, cycle, offset, place, peers, group, vacant.astype(np.bool_)
    )


def _posts_of(
    staffing: Staffing, rules: WorkforceRules, entry: Establishment, role: str
) -> Iterator[tuple[int, int, int, int, int, bool]]:
    """Yield grade, cycle, offset, place, peers and vacancy of a department's posts of one role."""
    grades = [number for number, grade in enumerate(rules.grades) if grade.role == role]
    chosen = [rules.grades[number] for number in grades]
    sizes = _grade_sizes(getattr(entry, role), chosen, staffing)
    cycles = _cycle_sizes(sizes, chosen, staffing, role)
    profession = next(one for one in rules.professions if one.role == role)
    running = [0] * len(staffing.cycles)
    for number, grade, size, filled in zip(grades, chosen, sizes, cycles, strict=True):
        vacant = _split(round(size * profession.vacant_share), _shares(grade, staffing.cycles))
        for cycle, peers in enumerate(filled):
            # Nurses of all grades share out the offsets, so that each watch has one where few are.
            ahead = running[cycle] if role == NURSE else 0
            for place in range(peers):
                offset = _offset(staffing.cycles[cycle], place + ahead)
                yield number, cycle, offset, place, peers, False
            running[cycle] += peers
        for cycle, peers in enumerate(vacant):
            for place in range(peers):
                yield number, cycle, _offset(staffing.cycles[cycle], place), place, peers, True


def _grade_sizes(posts_: int, grades: Sequence[Grade], staffing: Staffing) -> list[int]:
    """Split a department's posts of a role by grade, with the seniors that its watches need."""
    sizes = _split(posts_, [grade.share for grade in grades])
    least = [grade.least_posts for grade in grades]
    covering = _covering_grade(grades)
    if covering is not None:
        least[covering] = max(least[covering], staffing.seniors_on_cover_cycle)
    donors = [number for number, wanted in enumerate(least) if not wanted]
    for number, wanted in enumerate(least):
        while sizes[number] < wanted:
            sizes[max(donors, key=lambda donor: sizes[donor])] -= 1
            sizes[number] += 1
    return sizes


def _cycle_sizes(
    sizes: Sequence[int], grades: Sequence[Grade], staffing: Staffing, role: str
) -> list[list[int]]:
    """Split the posts of each grade by cycle, enough of them on the cover cycle."""
    cover = [cycle.name for cycle in staffing.cycles].index(staffing.cover_cycle)
    split = [
        _split(size, _shares(grade, staffing.cycles))
        for size, grade in zip(sizes, grades, strict=True)
    ]
    covering = _covering_grade(grades)
    if covering is not None:
        _move_to(split[covering], cover, staffing.seniors_on_cover_cycle)
    if role == NURSE:
        for one in reversed(split):
            _move_to(
                one,
                cover,
                NURSES_ON_COVER_CYCLE - sum(row[cover] for row in split if row is not one),
            )
    return split


def _covering_grade(grades: Sequence[Grade]) -> int | None:
    """Return the most junior of the senior grades of doctors, which covers the watches."""
    seniors = [n for n, grade in enumerate(grades) if grade.role == DOCTOR and grade.senior]
    return seniors[0] if seniors else None


def _move_to(sizes: list[int], cycle: int, wanted: int) -> None:
    """Move posts from the largest other cycles to one until it has as many as wanted, or all."""
    others = [number for number in range(len(sizes)) if number != cycle]
    while sizes[cycle] < min(wanted, sum(sizes)):
        sizes[max(others, key=lambda other: sizes[other])] -= 1
        sizes[cycle] += 1


def _shares(grade: Grade, cycles: Sequence[Cycle]) -> list[float]:
    return [grade.cycles.get(cycle.name, 0.0) for cycle in cycles]


def _split(size: int, shares: Sequence[float]) -> list[int]:
    """Split a number of posts by shares, by largest remainder."""
    exact = [share * size / sum(shares) for share in shares]
    sizes = [int(value) for value in exact]
    rest = sorted(range(len(exact)), key=lambda number: sizes[number] - exact[number])
    for number in rest[: size - sum(sizes)]:
        sizes[number] += 1
    return sizes


def _offset(cycle: Cycle, place: int) -> int:
    return 0 if cycle.weekly else cycle.offsets[place % len(cycle.offsets)]
