"""Who is away from which post on which day, and why: one kind of absence a post and day."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.population.person_numbers import NOBODY
from hospital_assets.simulation.workforce.holders import Holders
from hospital_assets.simulation.workforce.posts import Posts


class Kind(IntEnum):
    """Why the holder of a post is away; VACANT is a post without a holder."""

    NONE = 0
    ANNUAL = 1
    SICK = 2
    FAMILY = 3
    TRAINING = 4
    PARENTAL = 5
    VACANT = 6


@dataclass(frozen=True)
class Spells:
    """Absences in a row: post, the staff number that they belong to, first day and length."""

    post: Integers
    staff: Integers
    first_day: Integers
    days: Integers


@dataclass(frozen=True)
class LeaveGrid:
    """Kinds and holders by day and post, [days, posts]; the first to mark a cell has it.

    `holder` is a row of the holders or NOBODY, `staff` the staff number or 0.
    """

    first_day: int
    kind: NDArray[np.uint8]
    holder: Integers
    staff: Integers

    @classmethod
    def of(cls, posts: Posts, holders: Holders, first: int, last: int) -> "LeaveGrid":
        """Return the grid of the days [first, last], in which nobody is away but vacant posts."""
        days = np.arange(first, last + 1)
        holder = holders.at(np.arange(len(posts))[None, :], days[:, None])
        held = holder != NOBODY
        kind = np.where(held, Kind.NONE, Kind.VACANT).astype(np.uint8)
        return cls(first, kind, holder, np.where(held, holders.staff[holder], 0))

    @property
    def days(self) -> Integers:
        """The days of the grid."""
        return self.first_day + np.arange(len(self.kind))

    def mark(self, post: Integers, day: Integers, kind: Kind) -> None:
        """Mark posts on days, but no day out of the grid and no cell that has a mark."""
        row = day - self.first_day
        inside = (row >= 0) & (row < len(self.kind))
        row, post = row[inside], post[inside]
        unmarked = self.kind[row, post] == Kind.NONE
        self.kind[row[unmarked], post[unmarked]] = kind

    def mark_spells(self, spells: Spells, kind: Kind) -> None:
        """Mark spells, as long as the same person holds the post."""
        spell, day = days_of(spells.first_day, spells.first_day + spells.days - 1)
        inside = (day >= self.first_day) & (day < self.first_day + len(self.kind))
        spell, day = spell[inside], day[inside]
        post = spells.post[spell]
        same = self.staff[day - self.first_day, post] == spells.staff[spell]
        self.mark(post[same], day[same], kind)


def days_of(first: Integers, last: Integers) -> tuple[Integers, Integers]:
    """Return (index, day) of every day of the ranges [first, last], range by range."""
    length = np.maximum(last - first + 1, 0)
    index = np.repeat(np.arange(len(length)), length)
    within = np.arange(len(index)) - np.repeat(np.cumsum(length) - length, length)
    return index, first[index] + within
