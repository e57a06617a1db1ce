"""Whom a chain of stays wishes for its person at each try, and whether he or she fits."""

from dataclasses import dataclass

import numpy as np

from hospital_assets.simulation.chance.draws import DrawStream, Integers, below
from hospital_assets.simulation.parameters.persons import PersonRules
from hospital_assets.simulation.population.person_numbers import (
    FEMALE,
    person,
    rank_of,
    sex_of,
)
from hospital_assets.simulation.population.population import Population
from hospital_assets.simulation.stays.age_ranks import AgeRanks
from hospital_assets.simulation.stays.dying import DyingCandidates
from hospital_assets.simulation.stays.giving_birth import give_birth_between
from hospital_assets.simulation.stays.patients import Flags
from hospital_assets.simulation.stays.wanted_persons import WantedPersons

# After its newborn's stays end, a family has this many days before the child may come again.
_DAYS_BETWEEN_CHAINS = 2
_INFANT_BANDS = 2


@dataclass(frozen=True)
class KnownNewborns:
    """Newborns of this hospital, by person, and the day on which their own chain ends."""

    persons: Integers
    last_days: Integers

    def are_busy(self, persons: Integers, days: Integers) -> Flags:
        """Return who of the persons is in the first chain of stays, or has just left."""
        if not len(self.persons):
            return np.zeros(len(persons), np.bool_)
        place = np.minimum(np.searchsorted(self.persons, persons), len(self.persons) - 1)
        free_from = self.last_days[place] + _DAYS_BETWEEN_CHAINS
        return (self.persons[place] == persons) & (free_from > days)


def place_of(persons: Integers) -> Integers:
    """Return a small number for each person: that of `person_at`."""
    return rank_of(persons) * 2 + sex_of(persons)


def person_at(places: Integers) -> Integers:
    """Return the person of each number of `place_of`."""
    return person(places & 1, places >> 1)


@dataclass(frozen=True)
class Proposals:
    """The wishes of chains: the dead of their day first, then people drawn by age and condition."""

    stream: DrawStream
    rules: PersonRules
    population: Population
    ranks: AgeRanks
    wanted: WantedPersons
    dying: DyingCandidates
    newborns: KnownNewborns

    def __call__(self, asking: Integers, tries: Integers) -> tuple[Integers, Flags]:
        """Return the place of whom each chain wishes for at its n-th try, and who fits."""
        turn = tries - self.dying.counts[asking]
        is_drawn = turn >= 0
        candidates = np.empty(len(asking), np.int64)
        fits = np.ones(len(asking), np.bool_)
        listed = np.flatnonzero(~is_drawn)
        at = self.dying.starts[asking[listed]] + tries[listed]
        candidates[listed] = self.dying.persons[at]
        drawn = np.flatnonzero(is_drawn)
        candidates[drawn], fits[drawn] = self._drawn(asking[drawn], turn[drawn])
        # Of the dead and of those tried last the age is not the one that the chain wishes for.
        of_another_age = ~is_drawn | (self._reach(turn) > 0)
        self._refuse_mothers(asking, candidates, fits, of_another_age)
        self._refuse_newborns(asking, candidates, fits, of_another_age)
        return place_of(candidates), fits

    def _drawn(self, asking: Integers, turn: Integers) -> tuple[Integers, Flags]:
        """Return people by hash, and who of them is of the age, lives, and uses the hospital."""
        wanted, rules = self.wanted, self.rules
        sex, band, day = wanted.sex[asking], wanted.age_band[asking], wanted.first_day[asking]
        low, high = self.ranks.around(sex, band, day, self._reach(turn))
        bits = self.stream.bits(wanted.serial[asking], turn)
        candidates = person(sex, low + below(bits, np.maximum(high - low, 1)))
        condition = np.where(turn < rules.tries_with_condition, wanted.condition[asking], -1)
        registered = wanted.is_registered[asking] & (turn < rules.tries_registered)
        for number in np.unique(condition[condition >= 0]).tolist():
            rows = np.flatnonzero(condition == number)
            candidates[rows] = self.population.conditions.pick(
                number,
                sex[rows],
                low[rows],
                high[rows],
                bits[rows],
                wanted.has_it[asking[rows]],
                registered[rows],
            )
        rank = rank_of(candidates)
        fits = (rank >= low) & (rank < high)
        rows = np.flatnonzero(fits)
        death_day = self.population.deaths.days(candidates[rows])
        fits[rows] = death_day > wanted.last_day[asking[rows]] + 1
        rows = np.flatnonzero(fits & (turn < rules.tries_within_catchment))
        fits[rows] = self.population.catchment.uses_hospital(candidates[rows])
        return candidates, fits

    def _reach(self, turn: Integers) -> Integers:
        """Return by how many bands each try widens the age."""
        bands = np.array([0, *self.rules.wider_by_bands])
        return bands[np.searchsorted(self.rules.tries_until_wider, turn, "right")]

    def _refuse_mothers(
        self, asking: Integers, candidates: Integers, fits: Flags, of_another_age: Flags
    ) -> None:
        """Refuse women who give birth, wherever, about the time of the chain."""
        wanted = self.wanted
        is_woman = wanted.sex[asking] == FEMALE
        asked = wanted.may_give_birth[asking] | (is_woman & of_another_age)
        rows = np.flatnonzero(fits & asked)
        chain = asking[rows]
        earliest = wanted.first_day[chain] - wanted.births_before[chain]
        latest = wanted.last_day[chain] + wanted.births_after[chain]
        near = give_birth_between(self.population, candidates[rows], earliest, latest)
        fits[rows[near]] = False

    def _refuse_newborns(
        self, asking: Integers, candidates: Integers, fits: Flags, of_another_age: Flags
    ) -> None:
        """Refuse infants who were born here and are still in the chain that began with it."""
        is_infant = self.wanted.age_band[asking] <= _INFANT_BANDS
        rows = np.flatnonzero(fits & (is_infant | of_another_age))
        busy = self.newborns.are_busy(candidates[rows], self.wanted.first_day[asking[rows]])
        fits[rows[busy]] = False
