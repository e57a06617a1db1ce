"""Chains of stays: a first stay with the returns after it, which are of one person."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.dates import MINUTES_PER_DAY
from hospital_assets.simulation.stays.timelines import Timelines


@dataclass(frozen=True)
class Chains:
    """Chains, one element each, in the order of their first stays; `of_stays` has one a stay.

    `first` and `last` are rows of stays; `end` the latest minute of the chain, `death_day` the day
    on which it ends with death, or -1. `of_stays` is the chain of each stay.
    """

    of_stays: Integers
    first: Integers
    last: Integers
    end: Integers
    death_day: Integers

    def __len__(self) -> int:
        return len(self.first)

    def select(self, rows: Integers) -> Self:
        """Return some of the chains; `of_stays` goes on to count all."""
        return replace(
            self,
            first=self.first[rows],
            last=self.last[rows],
            end=self.end[rows],
            death_day=self.death_day[rows],
        )


def chains_of(stays: Timelines, ends: Integers) -> Chains:
    """Return the chains of stays that stand in order of arrival.

    `ends` are the minutes up to which each stay holds its patient, whatever moved its end.
    """
    first = np.flatnonzero(stays.serial == stays.root)
    number = np.full(int(stays.root_row.max(initial=-1)) + 1, -1)
    number[stays.root_row[first]] = np.arange(len(first))
    of_stays = number[stays.root_row]
    end = np.zeros(len(first), np.int64)
    np.maximum.at(end, of_stays, ends)
    last = np.zeros(len(first), np.int64)
    ending = np.flatnonzero(ends == end[of_stays])
    last[of_stays[ending]] = ending
    death_day = np.full(len(first), -1)
    dying = np.flatnonzero(stays.died)
    death_day[of_stays[dying]] = stays.end[dying] // MINUTES_PER_DAY
    return Chains(of_stays, first, last, end, death_day)
