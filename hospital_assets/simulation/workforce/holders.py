"""Who holds each post when: one person after another, from a first to a last day.

Careers are known up to a horizon that no period moves, so that a longer period changes nobody.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance import exact
from hospital_assets.simulation.chance.draws import Bits, DrawStream, Integers, below, chance
from hospital_assets.simulation.dates import day_number, month_start, year_start
from hospital_assets.simulation.parameters.staffing import Staffing
from hospital_assets.simulation.parameters.workforce import WorkforceRules
from hospital_assets.simulation.population.person_numbers import (
    FEMALE,
    MALE,
    NEVER,
    NOBODY,
)
from hospital_assets.simulation.population.population import Population
from hospital_assets.simulation.workforce.candidates import Candidates
from hospital_assets.simulation.workforce.careers import (
    Careers,
    qualification_ages,
    retirement_day,
)
from hospital_assets.simulation.workforce.posts import Posts

HOLDERS_A_POST = 100
_DAYS_A_YEAR = 365.25
_EARLIER_YEARS = 9
_JULY_ONE_IN = 8


@dataclass(frozen=True)
class Holders:
    """Who holds each post when, sorted by post and first day; days are inclusive.

    `staff` is the staff number; `qualified` the day from which service counts; `hired` the first
    day in the post, which for the first holders lies before the workforce's first day.
    """

    post: Integers
    first_day: Integers
    last_day: Integers
    staff: Integers
    person: Integers
    qualified: Integers
    hired: Integers

    def at(self, post: Integers, day: Integers) -> Integers:
        """Return the row of the holder of each post on each day, NOBODY where it is vacant."""
        key = (self.post << 20) | self.first_day
        row = np.maximum(np.searchsorted(key, (post << 20) | day, "right") - 1, 0)
        held = (self.post[row] == post) & (self.first_day[row] <= day) & (day <= self.last_day[row])
        return np.where(held, row, NOBODY)


def holders(
    seed: int,
    staffing: Staffing,
    rules: WorkforceRules,
    posts: Posts,
    population: Population,
    candidates: Candidates,
    horizon: int,
) -> Holders:
    """Return the holders of all posts that are filled, from the first day up to the horizon.

    Those who begin in a year are chosen before those of the next, so that a later horizon changes
    nobody.
    """
    turns = _Turns(seed, staffing, rules, posts, population, candidates)
    post = np.flatnonzero(~posts.vacant)
    held = turns.in_post_already(post, day_number(rules.first_day))
    parts, turn, first = [held], np.ones(len(post), np.int64), held.last_day + 1
    while first.min() <= horizon:
        year_end = int(month_start(year_start(first.min()), 12)) - 1
        due = np.flatnonzero(first <= min(year_end, horizon))
        held = turns.next_holders(turn[due], post[due], first[due])
        parts.append(held)
        turn[due], first[due] = turn[due] + 1, held.last_day + 1
        first[turn == HOLDERS_A_POST] = NEVER
    return _sorted(parts)


class _Turns:
    """One holder after the other of each post, of many posts at once."""

    def __init__(
        self,
        seed: int,
        staffing: Staffing,
        rules: WorkforceRules,
        posts: Posts,
        population: Population,
        candidates: Candidates,
    ) -> None:
        self._stream = DrawStream(seed, "post")
        self._staffing, self._rules, self._posts = staffing, rules, posts
        self._careers = Careers.of(rules, posts)
        by_role = {one.role: one for one in rules.professions}
        self._professions = tuple(by_role[role.name] for role in staffing.roles)
        self._population, self._candidates = population, candidates

    def in_post_already(self, post: Integers, day: int) -> Holders:
        """Return the first holders, who are in post on the day: hired earlier, further on."""
        first, turn = np.full(len(post), day, np.int64), np.zeros(len(post), np.int64)
        draws = self._draws(post, turn)
        service, hired = self._career_so_far(post, first, self._service(post, draws), draws)
        return self._holders(turn, post, first, service, hired, draws)

    def next_holders(self, turn: Integers, post: Integers, first: Integers) -> Holders:
        """Return the holders who take over the posts on the first days, as the turn-th ones.

        Where no candidate is found, the post stays vacant for the shortest tenure: `person` is
        NOBODY.
        """
        draws = self._draws(post, turn)
        return self._holders(turn, post, first, self._service(post, draws), first, draws)

    def _draws(self, post: Integers, turn: Integers) -> list[Bits]:
        return [self._stream.bits(post, turn * 4 + number) for number in range(4)]

    def _service(self, post: Integers, draws: list[Bits]) -> Integers:
        """Return the years of service at hire."""
        spread = self._careers.service_spread[post] + 1
        return self._careers.least_service[post] + below(draws[2], spread)

    def _holders(
        self,
        turn: Integers,
        post: Integers,
        first: Integers,
        service: Integers,
        hired: Integers,
        draws: list[Bits],
    ) -> Holders:
        sex = np.where(chance(draws[0], self._careers.female_share[post]), FEMALE, MALE)
        qualified_at = qualification_ages(draws[1], self._posts.role[post], self._professions)
        age = np.minimum(qualified_at + service, self._rules.oldest_at_hire)
        staff = (post + 1) * HOLDERS_A_POST + turn
        who = self._candidates.choose(staff, first, age, sex)
        last = self._last_day(post, first, hired, who, draws[3])
        qualified = month_start(year_start(first), -12 * service)
        return Holders(post, first, last, staff, who, qualified, hired)

    def _career_so_far(
        self, post: Integers, first: Integers, service: Integers, draws: list[Bits]
    ) -> tuple[Integers, Integers]:
        """Return service and day of hire of those who hold the posts on the first day of all.

        They are further on in their careers. Fixed terms began on a 1 January, or 1 July, of one
        of the last years; others some time within the service since.
        """
        fixed, tenure = self._careers.fixed_term[post], self._careers.tenure[post]
        further = below(draws[2] << np.uint64(32), np.where(fixed, 1, _EARLIER_YEARS))
        service = service + further
        room = np.minimum(further, service - self._careers.least_service[post]) + 1
        elapsed = below(draws[3], room * 365)
        terms = below(draws[2], tenure)
        in_july = (draws[0] >> np.uint64(5)) % np.uint64(_JULY_ONE_IN) == 0
        january = year_start(first)
        july = month_start(january, np.where(month_start(january, 6) <= first, 6, -6))
        began = month_start(np.where(in_july, july, january), -12 * terms)
        return (
            np.where(fixed, service + terms, service),
            np.where(fixed, began, first - elapsed),
        )

    def _last_day(
        self, post: Integers, first: Integers, hired: Integers, who: Integers, bits: Bits
    ) -> Integers:
        """Return the last day in post: before the term's end or resignation, 65, and death."""
        fixed, tenure = self._careers.fixed_term[post], self._careers.tenure[post]
        term = np.maximum(month_start(hired, 12 * tenure), first + 1)
        share = (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53
        years = -exact.log(1.0 - share) * tenure
        shortest = first + self._rules.least_tenure_days
        resigns = shortest + np.floor(years * _DAYS_A_YEAR).astype(np.int64)
        found = who != NOBODY
        someone = np.where(found, who, 0)
        born, _ = self._population.births.of(someone)
        retires = retirement_day(born, self._staffing.retirement_age)
        dies = self._population.deaths.days(someone)
        leaves = np.minimum(np.where(fixed, term, resigns), np.minimum(retires, dies))
        return np.where(found, leaves, shortest) - 1


def _sorted(parts: list[Holders]) -> Holders:
    columns = [
        np.concatenate([getattr(part, name) for part in parts])
        for name in Holders.__dataclass_fields__
    ]
    order = np.lexsort((columns[1], columns[0]))
    held: NDArray[np.bool_] = columns[4][order] != NOBODY
    return Holders(*(column[order][held] for column in columns))
