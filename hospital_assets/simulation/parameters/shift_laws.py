"""What cycles of shifts must keep: rest, weekly hours, and a cover cycle that leaves no gap.

Rest of 11 hours and 48 hours a week on average: EU Working Time Directive.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from hospital_assets.simulation.parameters.checks import require

LEAST_REST_HOURS = 11
MOST_WEEKLY_HOURS = 48
WEEKS_OF_AVERAGE = 4
# A watch, day and night in turn, needs one post of each pair of days on the cover cycle.
LEAST_ON_COVER_CYCLE = 4

# Hour of the day at which a shift starts, and how many hours it lasts, by letter.
Hours = Mapping[str, tuple[int, int]]


def require_lawful(name: str, pattern: str, hours: Hours) -> None:
    """Refuse a cycle without a shift, of too little rest, or of too long weeks."""
    days = WEEKS_OF_AVERAGE * 7
    worked = [
        (day, *hours[letter])
        for day, letter in enumerate(pattern * (days // len(pattern) + 3))
        if letter in hours
    ]
    require(bool(worked), f"pattern of {name} must have a shift")
    for (day, start, length), (next_day, next_start, _) in pairwise(worked):
        rest = (next_day - day) * 24 + next_start - start - length
        require(
            rest >= LEAST_REST_HOURS,
            f"pattern of {name} must leave {LEAST_REST_HOURS} hours between shifts, not {rest}",
        )
    for begin in range(len(pattern)):
        total = sum(length for day, _, length in worked if begin <= day < begin + days)
        require(
            total <= MOST_WEEKLY_HOURS * WEEKS_OF_AVERAGE,
            f"pattern of {name} must have {MOST_WEEKLY_HOURS} hours a week at most over"
            f" {WEEKS_OF_AVERAGE} weeks, not {total / WEEKS_OF_AVERAGE:g}",
        )


def require_cover(
    name: str, pattern: str, offsets: Sequence[int], posts: int, hours: Hours
) -> None:
    """Refuse a cover cycle whose first posts leave an hour of a day, or a shift, to nobody."""
    letters = set(pattern) & set(hours)
    covered = {
        hour % 24
        for start, length in (hours[letter] for letter in letters)
        for hour in range(start, start + length)
    }
    require(len(covered) == 24, f"pattern of {name}, the cover cycle, must cover every hour")
    for day in range(len(pattern)):
        present = {pattern[(day + offset) % len(pattern)] for offset in offsets[:posts]}
        require(
            letters <= present,
            f"offsets of {name}, the cover cycle, must have each of its shifts every day with the"
            f" first {posts} posts",
        )
