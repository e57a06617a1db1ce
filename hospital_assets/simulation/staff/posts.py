"""Staff posts and who holds them: one person after another, each gone at 65 or by resignation.

Every post draws its holders from a class of its own among the staff's stratum, so that nobody
holds two posts, and the classes reach over all ages.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance import distributions
from hospital_assets.simulation.chance.distributions import quantile
from hospital_assets.simulation.chance.draws import DrawStream, Integers, below, chance
from hospital_assets.simulation.dates import add_years, day_number
from hospital_assets.simulation.parameters import Cycle, Parameters, Role, Staffing
from hospital_assets.simulation.people.population import FEMALE, MALE, STAFF, Population, person

DOCTOR = "doctor"
_HOLDERS_A_POST = 100


@dataclass(frozen=True)
class Posts:
    """All posts: department, role and cycle as indices, the cycle's offset, and seniority.

    A senior post is held by someone with the years of service that its role asks of a senior.
    """

    department: Integers
    role: Integers
    senior: NDArray[np.bool_]
    cycle: Integers
    offset: Integers

    def __len__(self) -> int:
        """Return the number of posts."""
        return len(self.department)


@dataclass(frozen=True)
class Holders:
    """Who holds each post when, sorted by post and first day; days are inclusive.

    `staff` is the staff number; `qualified` the day from which service counts; `hired` the first
    day in the post, which for the first holders lies before the simulated period.
    """

    post: Integers
    first_day: Integers
    last_day: Integers
    staff: Integers
    person: Integers
    qualified: Integers
    hired: Integers

    def at(self, post: Integers, day: Integers) -> Integers:
        """Return the position of the holder of each post on each day."""
        key = (self.post << 20) | self.first_day
        position: Integers = np.searchsorted(key, (post << 20) | day, "right") - 1
        return position


def posts(staffing: Staffing) -> Posts:
    """Return the posts of a hospital: seniors first, cycles by their shares, offsets balanced.

    In every department the first seniors among the doctors are on the cover cycle, so that its
    days and nights always have one.
    """
    cycles = {cycle.name: number for number, cycle in enumerate(staffing.cycles)}
    rows: list[tuple[int, int, bool, int, int]] = []
    for department, entry in enumerate(staffing.departments):
        for number, role in enumerate(staffing.roles):
            count: int = getattr(entry, role.name)
            covering = staffing.seniors_on_cover_cycle if role.name == DOCTOR else 0
            seniors = max(round(count * role.senior_share), covering)
            for senior, size in ((True, seniors), (False, count - seniors)):
                shares = role.senior_cycles if senior else role.cycles
                sizes = _split(size, shares)
                if senior and covering:
                    sizes = _at_least(sizes, staffing.cover_cycle, covering)
                for name, posts_ in sizes.items():
                    cycle = staffing.cycles[cycles[name]]
                    rows += [
                        (department, number, senior, cycles[name], offset)
                        for offset in _offsets(cycle, posts_)
                    ]
    columns = np.array(rows, np.int64).T
    return Posts(columns[0], columns[1], columns[2].astype(np.bool_), columns[3], columns[4])


def holders(seed: int, parameters: Parameters, people: Population, all_posts: Posts) -> Holders:
    """Return the holders of all posts up to the end of the period."""
    staffing = parameters.staffing
    origin = day_number(parameters.period.first_day) - 2 * parameters.stays.warm_up_days
    end = day_number(parameters.period.last_day)
    number = np.arange(len(all_posts))
    rules = _Careers(staffing.roles, staffing.retirement_age, all_posts)
    chosen = _Candidates(seed, people, number, rules)
    resigning = DrawStream(seed, "post/resignation")
    first = np.full(len(all_posts), origin, np.int64)
    parts: list[tuple[Integers, ...]] = []
    turn = 0
    while True:
        oldest = staffing.retirement_age - 1 if turn == 0 else rules.hire_age_max
        holder = chosen.pick(turn, first, oldest)
        born = people.date_of_birth(holder)
        qualified = add_years(born, rules.qualified_at)
        tenure = quantile(resigning.bits(number, turn), rules.tenures, all_posts.role)
        leaves = np.minimum(first + 1 + tenure, add_years(born, staffing.retirement_age))
        hired = first
        if turn == 0:
            served = below(DrawStream(seed, "post/hired").bits(number), first - qualified)
            hired = first - served
        staff = (number + 1) * _HOLDERS_A_POST + turn
        parts.append((number, first, leaves - 1, staff, holder, qualified, hired))
        first, turn = leaves, turn + 1
        if first.min() > end:
            break
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.lexsort((columns[1], columns[0]))
    kept = order[columns[1][order] <= end]
    return Holders(*(column[kept] for column in columns))


class _Careers:
    """What the role and seniority of each post ask of its holders, as one array a rule."""

    def __init__(self, roles: tuple[Role, ...], retirement_age: int, all_posts: Posts) -> None:
        role, senior = all_posts.role, all_posts.senior
        self.qualified_at = np.array([one.qualified_at for one in roles])[role]
        experience = np.array([one.senior_years for one in roles])[role]
        self.hire_age_min = self.qualified_at + 1 + np.where(senior, experience, 0)
        self.hire_age_max = np.where(
            senior,
            np.array([one.senior_hire_age_max for one in roles])[role],
            np.array([one.hire_age_max for one in roles])[role],
        )
        self.female_share = np.array([one.female_share for one in roles])[role]
        self.tenures = np.stack(
            [distributions.exponential(one.resignation_mean_years * 365.2425) for one in roles]
        )


class _Candidates:
    """Choose the holders of posts, never the same person twice."""

    def __init__(self, seed: int, people: Population, post: Integers, rules: _Careers) -> None:
        self._sex, self._age = DrawStream(seed, "post/sex"), DrawStream(seed, "post/age")
        self._people, self._post, self._rules = people, post, rules
        self._gone: list[tuple[Integers, Integers]] = []

    def pick(self, turn: int, day: Integers, oldest: Integers | int) -> Integers:
        """Return the person who takes over each post on the day, as the turn-th holder."""
        posts_ = len(self._post)
        women = chance(self._sex.bits(self._post, turn), self._rules.female_share)
        sex = np.where(women, FEMALE, MALE)
        low, high = self._people.ranks_of_ages(sex, self._rules.hire_age_min, oldest, day)
        step_low = -((self._post - STAFF.members_below(low)) // posts_)
        step_high = -((self._post - STAFF.members_below(high)) // posts_)
        room = step_high - step_low
        if room.min() <= turn:
            raise ValueError(
                "population.size is too small for the staff: a post has no candidate of its ages"
            )
        offset = below(self._age.bits(self._post, turn), room)
        step = step_low + offset
        for probe in range(1, turn + 1):
            met = np.zeros(posts_, np.bool_)
            for other_sex, other_step in self._gone:
                met |= (other_sex == sex) & (other_step == step)
            step = np.where(met, step_low + (offset + probe) % room, step)
        self._gone.append((sex, step))
        return person(sex, STAFF.rank(step * posts_ + self._post))


def _split(size: int, shares: dict[str, float]) -> dict[str, int]:
    """Split a number of posts by shares, by largest remainder."""
    exact = {name: size * share for name, share in shares.items()}
    sizes = {name: int(value) for name, value in exact.items()}
    rest = sorted(exact, key=lambda name: sizes[name] - exact[name])
    for name in rest[: size - sum(sizes.values())]:
        sizes[name] += 1
    return sizes


def _at_least(sizes: dict[str, int], name: str, wanted: int) -> dict[str, int]:
    """Take posts from the largest other cycles until the named one has as many as wanted."""
    sizes = {name: 0, **sizes}
    while sizes[name] < wanted:
        donor = max((other for other in sizes if other != name), key=lambda other: sizes[other])
        sizes[donor] -= 1
        sizes[name] += 1
    return sizes


def _offsets(cycle: Cycle, posts_: int) -> list[int]:
    if cycle.weekly:
        return [0] * posts_
    return [cycle.offsets[place % len(cycle.offsets)] for place in range(posts_)]
