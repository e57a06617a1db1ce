"""The workforce of a hospital: posts, holders and reserve, and the roster of any days."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.dates import day_number
from hospital_assets.simulation.parameters.mortality import Wave
from hospital_assets.simulation.parameters.staffing import Staffing
from hospital_assets.simulation.parameters.workforce import WorkforceRules
from hospital_assets.simulation.population.population import Population
from hospital_assets.simulation.workforce.absences import absences
from hospital_assets.simulation.workforce.assignments import (
    Assignments,
    Cover,
    assignments,
    together,
)
from hospital_assets.simulation.workforce.candidates import Candidates
from hospital_assets.simulation.workforce.cover import Calls, Gaps, calls, gaps
from hospital_assets.simulation.workforce.holders import Holders, holders
from hospital_assets.simulation.workforce.leave_grid import Kind, LeaveGrid
from hospital_assets.simulation.workforce.parental_leave import Away, parental_leave
from hospital_assets.simulation.workforce.posts import Posts, posts
from hospital_assets.simulation.workforce.reserve import Reserve, reserve
from hospital_assets.simulation.workforce.rosters import FREE, planned_shifts
from hospital_assets.simulation.workforce.staff_patients import InBed, in_bed, nobody_in_bed


@dataclass(frozen=True)
class MissedShifts:
    """Planned shifts whose holder was away, sorted by day and post; one element a shift.

    `staff` and `person` are the holder's, 0 and NOBODY for a vacant post; `kind` is a Kind.
    """

    day: Integers
    post: Integers
    shift: Integers
    kind: Integers
    staff: Integers
    person: Integers


@dataclass(frozen=True)
class Roster:
    """Some days as planned and as worked.

    `planned` has the shift of every day and post (FREE where none), [days, posts]; `leave` who was
    away; `missed` the planned shifts that their holders didn't work; `assignments` who worked
    which shift. A planned shift is either missed or an assignment of its holder; if it is missed,
    a member of the reserve may have covered it.
    """

    planned: Integers
    leave: LeaveGrid
    missed: MissedShifts
    assignments: Assignments


@dataclass(frozen=True)
class Workforce:
    """All that is known of the staff; `holidays` are days on which offices are closed."""

    seed: int
    staffing: Staffing
    rules: WorkforceRules
    holidays: Integers
    waves: tuple[Wave, ...]
    posts: Posts
    holders: Holders
    reserve: Reserve
    parental: Away
    in_bed: InBed

    def with_patients(self, person: Integers, arrived: Integers, left: Integers) -> "Workforce":
        """Return the workforce as the stays of its people leave it.

        One element a stay, of anybody: the person, and the minutes of arrival and departure.
        """
        found = in_bed(self.staffing, self.holders, self.reserve, person, arrived, left)
        return replace(self, in_bed=found)

    def roster(self, first: int, last: int) -> Roster:
        """Return the days [first, last]."""
        leave = absences(
            self.seed,
            self.staffing,
            self.rules,
            self.posts,
            self.holders,
            self.parental,
            self.in_bed.holders,
            self.waves,
            first,
            last,
        )
        planned = planned_shifts(self.staffing, self.posts, self.holidays, first, last)
        away = leave.kind != Kind.NONE
        wanted = gaps(self.seed, self.staffing, self.rules, self.posts, planned, away, first)
        coming = calls(
            self.seed, self.staffing, self.rules, self.posts, self.reserve, self.in_bed, wanted
        )
        worked = [self._own(leave, planned), self._covered(planned, wanted, coming, first)]
        return Roster(planned, leave, self._missed(leave, planned), together(worked))

    def _own(self, leave: LeaveGrid, planned: Integers) -> Assignments:
        """Return the shifts that the posts' holders work."""
        row, post = np.nonzero((planned != FREE) & (leave.kind == Kind.NONE))
        holder = leave.holder[row, post]
        return assignments(
            self.staffing,
            leave.first_day + row,
            post,
            planned[row, post],
            self.holders.staff[holder],
            self.holders.person[holder],
            np.full(len(row), Cover.NONE, np.int64),
        )

    def _covered(
        self, planned: Integers, wanted: Gaps, coming: Calls, first_day: int
    ) -> Assignments:
        """Return the shifts that the reserve works."""
        day, post = wanted.day[coming.gap], wanted.post[coming.gap]
        return assignments(
            self.staffing,
            day,
            post,
            planned[day - first_day, post],
            self.reserve.members.staff[coming.member],
            self.reserve.members.person[coming.member],
            np.where(wanted.needed[coming.gap], Cover.NEEDED, Cover.CALLED).astype(np.int64),
        )

    def _missed(self, leave: LeaveGrid, planned: Integers) -> MissedShifts:
        row, post = np.nonzero((planned != FREE) & (leave.kind != Kind.NONE))
        holder = leave.holder[row, post]
        held = leave.kind[row, post] != Kind.VACANT
        return MissedShifts(
            leave.first_day + row,
            post,
            planned[row, post],
            leave.kind[row, post].astype(np.int64),
            leave.staff[row, post],
            np.where(held, self.holders.person[holder], holder),
        )


def workforce(
    seed: int,
    staffing: Staffing,
    rules: WorkforceRules,
    holidays: Integers,
    waves: tuple[Wave, ...],
    population: Population,
) -> Workforce:
    """Return the workforce; `waves` are the epidemics that make staff ill.

    Careers reach as far as the population's last year of births, whatever the period is.
    """
    horizon = day_number(date(population.rules.births.last_year, 12, 31))
    all_posts = posts(staffing, rules)
    candidates = Candidates(seed, population, rules.least_tenure_days)
    on_call = reserve(seed, staffing, rules, population, candidates)
    held = holders(seed, staffing, rules, all_posts, population, candidates, horizon)
    return Workforce(
        seed,
        staffing,
        rules,
        holidays,
        waves,
        all_posts,
        held,
        on_call,
        parental_leave(population, held, rules.parental_leave),
        nobody_in_bed(),
    )
