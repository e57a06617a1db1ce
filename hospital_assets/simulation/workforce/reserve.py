"""The reserve: people who are called for a shift that a post's own holder can't work.

A member can be called on the days of his or her own class only, every fourth day by default, so
that rest and weekly hours hold by construction.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hospital_assets.simulation.chance.draws import DrawStream, Integers, below, chance
from hospital_assets.simulation.dates import completed_years, day_number, month_start, year_start
from hospital_assets.simulation.parameters.staffing import Staffing
from hospital_assets.simulation.parameters.workforce import (
    DOCTOR,
    MOST_DEPARTMENTS,
    ReservePool,
    WorkforceRules,
)
from hospital_assets.simulation.population.person_numbers import FEMALE, MALE, NOBODY
from hospital_assets.simulation.population.population import Population
from hospital_assets.simulation.workforce.candidates import Candidates
from hospital_assets.simulation.workforce.careers import retirement_day
from hospital_assets.simulation.workforce.posts import Posts

FIRST_STAFF_NUMBER = 9_000_000


@dataclass(frozen=True)
class Members:
    """The members of the reserve, in order of pool; one element a member.

    `grade` is an index of the grades, `department` one of the departments, NOBODY for pools of the
    whole hospital. Members work up to `last_day`; `qualified` is the day from which service counts.
    """

    grade: Integers
    department: Integers
    person: Integers
    last_day: Integers
    qualified: Integers

    @property
    def staff(self) -> Integers:
        """The members' staff numbers."""
        return FIRST_STAFF_NUMBER + np.arange(len(self.person))


@dataclass(frozen=True)
class Reserve:
    """Members with their pools; `start` and `size` are by number of the pool, 0 where none is."""

    members: Members
    start: Integers
    size: Integers
    days_between_calls: int

    def classes(self, pool: Integers) -> Integers:
        """Return how many members of each pool may be called on a day."""
        return self.size[pool] // self.days_between_calls

    def member(self, pool: Integers, place: Integers, day: Integers) -> Integers:
        """Return the member who stands at a place of the pool's class of the day, in a circle."""
        turn = place % np.maximum(self.classes(pool), 1)
        return self.start[pool] + turn * self.days_between_calls + day % self.days_between_calls


def pools_of_posts(staffing: Staffing, rules: WorkforceRules, posts: Posts) -> Integers:
    """Return the number of the pool that covers each post's shifts.

    First come the pools of seniors by department, then those of other doctors, then one a role.
    """
    senior = np.array([grade.senior for grade in rules.grades])[posts.grade]
    roles = [role.name for role in staffing.roles]
    of_doctors = np.where(senior, 0, MOST_DEPARTMENTS) + posts.department
    return np.where(
        posts.role == roles.index(DOCTOR), of_doctors, 2 * MOST_DEPARTMENTS + posts.role
    )


def reserve(
    seed: int,
    staffing: Staffing,
    rules: WorkforceRules,
    population: Population,
    candidates: Candidates,
) -> Reserve:
    """Return the reserve as it stands from the workforce's first day on; nobody is added later."""
    plan = list(_pools(staffing, rules))
    size = np.array([members for _, _, _, members in plan])
    pool_of = np.repeat(np.arange(len(plan)), size)
    spec = [pool for pool, _, _, _ in plan]
    first = np.full(len(pool_of), day_number(rules.first_day), np.int64)
    staff = FIRST_STAFF_NUMBER + np.arange(len(pool_of))
    bits = DrawStream(seed, "reserve").bits(staff)
    sex = np.where(
        chance(bits, np.array([one.female_share for one in spec])[pool_of]), FEMALE, MALE
    )
    age = np.array([one.youngest for one in spec])[pool_of] + below(
        bits << np.uint64(32), np.array([one.ages for one in spec])[pool_of]
    )
    who = candidates.choose(staff, first, age, sex)
    members = _members(staffing, rules, population, plan, pool_of, who, first)
    start, sizes = (
        np.zeros(3 * MOST_DEPARTMENTS, np.int64),
        np.zeros(3 * MOST_DEPARTMENTS, np.int64),
    )
    numbers = [number for _, number, _, _ in plan]
    start[numbers], sizes[numbers] = np.cumsum(size) - size, size
    return Reserve(members, start, sizes, rules.reserve.days_between_calls)


def _pools(
    staffing: Staffing, rules: WorkforceRules
) -> Iterator[tuple[ReservePool, int, int, int]]:
    """Yield parameters, number, department and number of members of every pool, in order.

    Pools hold as many members in each class of days.
    """
    grades = {grade.name: grade for grade in rules.grades}
    roles = [role.name for role in staffing.roles]
    classes = rules.reserve.days_between_calls
    for department in range(len(staffing.departments)):
        for pool in (one for one in rules.reserve.pools if one.members_per_department):
            first = 0 if grades[pool.grade].senior else MOST_DEPARTMENTS
            members = -(-pool.members_per_department // classes) * classes
            yield pool, first + department, department, members
    for pool in (one for one in rules.reserve.pools if one.members_per_post):
        role = grades[pool.grade].role
        posts_ = sum(getattr(entry, role) for entry in staffing.departments)
        members = -(-round(posts_ * pool.members_per_post) // classes) * classes
        yield pool, 2 * MOST_DEPARTMENTS + roles.index(role), NOBODY, members


def _members(
    staffing: Staffing,
    rules: WorkforceRules,
    population: Population,
    plan: list[tuple[ReservePool, int, int, int]],
    pool_of: Integers,
    who: Integers,
    first: Integers,
) -> Members:
    """Return what is known of the members; a place for which nobody was found works never."""
    names = [grade.name for grade in rules.grades]
    grade = np.array([names.index(pool.grade) for pool, _, _, _ in plan])[pool_of]
    department = np.array([number for _, _, number, _ in plan])[pool_of]
    found = who != NOBODY
    someone = np.where(found, who, 0)
    born, _ = population.births.of(someone)
    leaves = np.minimum(
        retirement_day(born, staffing.retirement_age), population.deaths.days(someone)
    )
    last_day = np.where(found, leaves, first) - 1
    service = _service(rules, grade, completed_years(born, first))
    qualified = month_start(year_start(first), -12 * service)
    return Members(grade, department, who, last_day, qualified)


def _service(rules: WorkforceRules, grade: Integers, age: Integers) -> Integers:
    """Return the years of service of members of a grade and age: since the usual qualification."""
    usual = {
        one.role: one.qualification_ages[
            one.qualification_weights.index(max(one.qualification_weights))
        ]
        for one in rules.professions
    }
    qualified_at = np.array([usual[one.role] for one in rules.grades])[grade]
    least = np.array([one.least_service_years for one in rules.grades])[grade]
    return np.maximum(age - qualified_at, least)
