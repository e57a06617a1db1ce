"""Who of the people that die on a day dies in which stay: the candidates, the fittest first."""

from dataclasses import dataclass

import numpy as np

from hospital_assets.simulation.chance.draws import DrawStream, Integers
from hospital_assets.simulation.parameters.persons import DyingRules
from hospital_assets.simulation.population.conditions import Conditions
from hospital_assets.simulation.population.person_numbers import RANK_BITS, rank_of
from hospital_assets.simulation.population.population import Population
from hospital_assets.simulation.stays.age_ranks import AgeRanks
from hospital_assets.simulation.stays.case_conditions import CaseConditions
from hospital_assets.simulation.stays.grouping import numbered
from hospital_assets.simulation.stays.patients import Flags
from hospital_assets.simulation.stays.wanted_persons import ALIVE, WantedPersons

_PERSON_BITS = RANK_BITS + 1
_HASH_BITS = 20
_UNFIT = 1 << 30


@dataclass(frozen=True)
class DyingCandidates:
    """The dead among whom chains choose, chain by chain, the fittest first.

    Those of chain i are the `counts[i]` elements from `starts[i]` on: `persons`, and in `waits` how
    many days the end of the stay has to wait for each.
    """

    starts: Integers
    counts: Integers
    persons: Integers
    waits: Integers


@dataclass(frozen=True)
class _Dead:
    """People who die, by day and person; `blocks` and `places` are what conditions ask by."""

    persons: Integers
    days: Integers
    uses_hospital: Flags
    blocks: Integers
    places: Integers


@dataclass(frozen=True)
class _Pairs:
    """A chain that is to end with a death, beside somebody who could be the dead person.

    `chain` is a place among the wanted persons, `dead` among the dead.
    """

    chain: Integers
    wait: Integers
    dead: Integers

    def select(self, rows: Integers | Flags) -> "_Pairs":
        return _Pairs(self.chain[rows], self.wait[rows], self.dead[rows])


def dying_candidates(
    seed: int,
    rules: DyingRules,
    case_conditions: CaseConditions,
    population: Population,
    ranks: AgeRanks,
    wanted: WantedPersons,
) -> DyingCandidates:
    """Return for each chain that is to end with a death the dead who could be its person."""
    dying = np.flatnonzero(wanted.death_day != ALIVE)
    if not len(dying):
        none, zeros = np.zeros(0, np.int64), np.zeros(len(wanted), np.int64)
        return DyingCandidates(zeros, zeros, none, none)
    dead = _dead(population, rules, wanted.death_day[dying])
    pairs = _pairs(rules, ranks, wanted, dying, dead)
    misfit = _condition_misfit(rules, case_conditions, population.conditions, wanted, dead, pairs)
    possible = misfit < _UNFIT
    pairs, misfit = pairs.select(possible), misfit[possible]

    chain, persons = pairs.chain, dead.persons[pairs.dead]
    apart = ranks.bands_apart(
        wanted.sex[chain], wanted.age_band[chain], wanted.first_day[chain], rank_of(persons)
    )
    misfit += rules.band_apart * apart + rules.day_waited * pairs.wait
    misfit += np.where(dead.uses_hospital[pairs.dead], 0, rules.outside_catchment)
    bits = DrawStream(seed, "dying").bits(wanted.serial[chain], persons)
    chance_order = (bits >> np.uint64(64 - _HASH_BITS)).astype(np.int64)
    order = np.lexsort(((misfit << _HASH_BITS) | chance_order, chain))
    starts = np.searchsorted(chain[order], np.arange(len(wanted) + 1))
    return DyingCandidates(starts[:-1], np.diff(starts), persons[order], pairs.wait[order])


def _dead(population: Population, rules: DyingRules, death_day: Integers) -> _Dead:
    end = int(death_day.max()) + rules.wait_days_of_rare + 1
    persons, days = population.deaths.between(int(death_day.min()), end)
    uses_hospital = population.catchment.uses_hospital(persons)
    return _Dead(persons, days, uses_hospital, *population.conditions.where(persons))


def _pairs(
    rules: DyingRules, ranks: AgeRanks, wanted: WantedPersons, dying: Integers, dead: _Dead
) -> _Pairs:
    """Return each chain beside all who die when it ends, of its sex and about its age."""
    is_child = wanted.age_band[dying] < ranks.adult_band
    is_rare = is_child | wanted.is_certain[dying]
    longest = np.where(is_rare, rules.wait_days_of_rare, rules.wait_days)
    asked, wait = numbered(longest + 1)
    chain = dying[asked]
    sex, band = wanted.sex[chain], wanted.age_band[chain]
    reach = np.where(band < ranks.adult_band, ranks.adult_band, rules.bands_apart)
    low, high = ranks.around(sex, band, wanted.first_day[chain], reach)
    keys = (dead.days << _PERSON_BITS) | dead.persons
    of_day_and_sex = (wanted.death_day[chain] + wait << _PERSON_BITS) | (sex << RANK_BITS)
    start = np.searchsorted(keys, of_day_and_sex | low)
    end = np.searchsorted(keys, of_day_and_sex | high)
    pair, place = numbered(end - start)
    return _Pairs(chain[pair], wait[pair], start[pair] + place)


def _condition_misfit(
    rules: DyingRules,
    case_conditions: CaseConditions,
    conditions: Conditions,
    wanted: WantedPersons,
    dead: _Dead,
    pairs: _Pairs,
) -> Integers:
    """Return the penalty for the condition, _UNFIT where the diagnosis can't be this person's."""
    misfit = np.zeros(len(pairs.chain), np.int64)
    condition_of_pair = wanted.condition[pairs.chain]
    for condition in range(len(conditions.names)):
        rows = np.flatnonzero(condition_of_pair == condition)
        if not len(rows):
            continue
        chain, blocks, places = _asked(dead, pairs, rows)
        has_it = conditions.has_at(condition, blocks, places)
        if_certain = np.full(len(rows), rules.condition_lacking)
        if condition == case_conditions.hiv:
            if_certain[:] = _UNFIT
        elif condition in case_conditions.cancers:
            others = [conditions.has_at(one, blocks, places) for one in case_conditions.cancers]
            if_certain = np.where(np.any(others, axis=0), rules.other_cancer, _UNFIT)
        lacking = np.where(wanted.is_certain[chain], if_certain, rules.likely_condition_lacking)
        wished = wanted.has_it[chain]
        misfit[rows] = np.where(wished & ~has_it, lacking, 0)
        misfit[rows] += np.where(~wished & has_it, rules.condition_unexpected, 0)
    return misfit


def _asked(dead: _Dead, pairs: _Pairs, rows: Integers) -> tuple[Integers, Integers, Integers]:
    """Return the chain of some pairs, and where its dead stand among the conditions."""
    number = pairs.dead[rows]
    return pairs.chain[rows], dead.blocks[number], dead.places[number]
