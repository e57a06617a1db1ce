"""Leave that is planned: the fortnights and single days of a post, and the week of training."""

from datetime import date

import numpy as np

from hospital_assets.simulation.chance.draws import DrawStream, Integers, below
from hospital_assets.simulation.dates import as_dates, day_number, weekday
from hospital_assets.simulation.parameters.workforce import AnnualLeave, Training
from hospital_assets.simulation.workforce.leave_grid import Kind, LeaveGrid
from hospital_assets.simulation.workforce.posts import Posts

_FORTNIGHT = 14
_FORTNIGHTS_A_HALF = 13
_FRIDAY = 4
# Single days lie within these of the year's first; a week later at most a next year's begin.
_SINGLE_DAYS_WITHIN = 360
_WEEK = 7
# The counters of the stream, so that no draw is used twice: below zero, one thousand a purpose.
_SPREAD, _FORTNIGHTS, _SINGLE_DAYS, _TRAINING_WEEK = -1000, -2000, -3000, -4000


def mark_annual_leave(
    grid: LeaveGrid, stream: DrawStream, posts: Posts, office: Integers, rules: AnnualLeave
) -> None:
    """Mark two fortnights a post and year, and the single days of the `office` posts.

    The peers of a group go one after the other: the k-th of n at the share (k + draw) / n of the
    weights, so that as few of them as possible are away together.
    """
    for year in _years(grid):
        for half, weights in enumerate((rules.first_half, rules.second_half)):
            fortnight = half * _FORTNIGHTS_A_HALF + _fortnights(stream, posts, half, weights, year)
            post, day = np.meshgrid(np.arange(len(posts)), np.arange(_FORTNIGHT))
            day = day + _new_year(year) + fortnight * _FORTNIGHT
            grid.mark(post.reshape(-1), day.reshape(-1), Kind.ANNUAL)
        for number in range(rules.single_days):
            draws = stream.bits(office * rules.single_days + number, _SINGLE_DAYS - year)
            day = _new_year(year) + below(draws, _SINGLE_DAYS_WITHIN)
            grid.mark(office, day - weekday(day) + (_FRIDAY if number else 0), Kind.ANNUAL)


def mark_training(grid: LeaveGrid, stream: DrawStream, trained: Integers, rules: Training) -> None:
    """Mark a week of training a year for each of the `trained` posts."""
    for year in _years(grid):
        draws = stream.bits(trained, _TRAINING_WEEK - year)
        day = _new_year(year) + (rules.first_week + below(draws, rules.weeks)) * _WEEK
        monday = day - weekday(day)
        for later in range(rules.days):
            grid.mark(trained, monday + later, Kind.TRAINING)


def _fortnights(
    stream: DrawStream, posts: Posts, half: int, weights: tuple[float, ...], year: int
) -> Integers:
    """Return the fortnight of a half-year, 0 to 12, in which each post has its leave."""
    shift = stream.bits(posts.group * 8 + half, _SPREAD - year)
    peers = posts.peers
    place = (posts.place + (shift % peers.astype(np.uint64)).astype(np.int64)) % peers
    draws = stream.bits(np.arange(len(posts)) * 2 + half, _FORTNIGHTS - year)
    share = (place + (draws >> np.uint64(40)).astype(np.float64) / 2**24) / peers
    cumulated = np.cumsum(weights)
    fortnight = np.searchsorted(cumulated / cumulated[-1], share, "right")
    return np.minimum(fortnight, _FORTNIGHTS_A_HALF - 1).astype(np.int64)


def _years(grid: LeaveGrid) -> range:
    """Return the years whose leave may touch the grid's days."""
    days = as_dates([grid.first_day, grid.first_day + len(grid.kind) - 1 + _WEEK])
    first, last = days.astype("M8[Y]").astype(np.int64) + 1970
    return range(int(first), int(last) + 1)


def _new_year(year: int) -> int:
    return day_number(date(year, 1, 1))
