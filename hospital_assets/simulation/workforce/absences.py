"""All absences of some days: which kind goes before which, where several meet."""

import numpy as np

from hospital_assets.simulation.chance.draws import DrawStream
from hospital_assets.simulation.parameters.mortality import Wave
from hospital_assets.simulation.parameters.staffing import Staffing
from hospital_assets.simulation.parameters.workforce import WorkforceRules
from hospital_assets.simulation.workforce.holders import Holders
from hospital_assets.simulation.workforce.leave_grid import Kind, LeaveGrid, days_of
from hospital_assets.simulation.workforce.parental_leave import Away
from hospital_assets.simulation.workforce.planned_leave import mark_annual_leave, mark_training
from hospital_assets.simulation.workforce.posts import Posts
from hospital_assets.simulation.workforce.sick_leave import (
    Weeks,
    family_spells,
    longest_spell,
    sick_spells,
)


def absences(
    seed: int,
    staffing: Staffing,
    rules: WorkforceRules,
    posts: Posts,
    holders: Holders,
    parental: Away,
    in_bed: Away,
    waves: tuple[Wave, ...],
    first: int,
    last: int,
) -> LeaveGrid:
    """Return who is away on the days [first, last].

    Births and hospital beds go before plans, and planned leave before illness at home.
    """
    stream = DrawStream(seed, "absence")
    professions = {one.role: one for one in rules.professions}
    by_role = [professions[role.name] for role in staffing.roles]
    grid = LeaveGrid.of(posts, holders, first, last)
    _mark_away(grid, holders, parental, Kind.PARENTAL)
    _mark_away(grid, holders, in_bed, Kind.SICK)
    weekly = np.array([cycle.weekly for cycle in staffing.cycles])
    mark_annual_leave(grid, stream, posts, np.flatnonzero(weekly[posts.cycle]), rules.annual_leave)
    longest = longest_spell(rules.sick_leave, rules.family_leave)
    weeks = Weeks(stream, holders, len(posts), first, last, longest)
    factor = np.array([one.epidemic_factor for one in by_role])[posts.role]
    grid.mark_spells(sick_spells(weeks, factor, rules.sick_leave, waves), Kind.SICK)
    grid.mark_spells(family_spells(weeks, rules.family_leave), Kind.FAMILY)
    trained = np.flatnonzero(np.array([one.trains for one in by_role])[posts.role])
    mark_training(grid, stream, trained, rules.training)
    return grid


def _mark_away(grid: LeaveGrid, holders: Holders, away: Away, kind: Kind) -> None:
    first = np.maximum(np.maximum(away.first_day, holders.first_day[away.holder]), grid.days[0])
    last = np.minimum(np.minimum(away.last_day, holders.last_day[away.holder]), grid.days[-1])
    row, day = days_of(first, last)
    grid.mark(holders.post[away.holder[row]], day, kind)
