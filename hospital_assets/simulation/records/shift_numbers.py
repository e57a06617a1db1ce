"""The numbers of planned shifts, which absences and the assignments that cover them share."""

from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.dates import year_month_day

_POSTS_BOUND = 100_000


def shift_numbers(day: Integers, post: Integers) -> Integers:
    """Return the number of each post's shift of a day: YYYYMMDD and the post's place, from 1."""
    year, month, of_month = year_month_day(day)
    return ((year * 100 + month) * 100 + of_month) * _POSTS_BOUND + post + 1
