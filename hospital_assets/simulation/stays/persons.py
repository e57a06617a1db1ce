"""Who the patients are: every chain of stays gets its person, and what follows from that.

Mothers and newborns are known from the births. All others ask in the order of their arrival: who
dies asks among the people who die on that day, everybody else among those who live on.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance.draws import DrawStream, Integers, below
from hospital_assets.simulation.dates import MINUTES_PER_DAY
from hospital_assets.simulation.parameters.persons import OtherDiagnoses, PersonRules
from hospital_assets.simulation.population.conditions import Conditions
from hospital_assets.simulation.population.person_numbers import NOBODY, SEXES
from hospital_assets.simulation.population.population import Population
from hospital_assets.simulation.stays.age_ranks import AgeRanks
from hospital_assets.simulation.stays.assignment import NO_PLACE, assign
from hospital_assets.simulation.stays.case_conditions import (
    NO_CONDITION,
    CaseConditions,
    case_conditions,
)
from hospital_assets.simulation.stays.case_mix import CaseMix
from hospital_assets.simulation.stays.chains import Chains, chains_of
from hospital_assets.simulation.stays.dying import DyingCandidates, dying_candidates
from hospital_assets.simulation.stays.newborns import HospitalBirths
from hospital_assets.simulation.stays.patients import Flags
from hospital_assets.simulation.stays.proposals import (
    KnownNewborns,
    Proposals,
    person_at,
)
from hospital_assets.simulation.stays.timelines import Timelines
from hospital_assets.simulation.stays.wanted_persons import WantedPersons, wanted_persons


@dataclass(frozen=True)
class StaysWithPersons:
    """Stays with the person of each; `kept` are their rows among the stays that asked."""

    stays: Timelines
    persons: Integers
    kept: Integers


@dataclass(frozen=True)
class _Found:
    """What each asking chain found: the person, or NOBODY; for the dying among the dead or not.

    `waits` are the days that the end waits for the person found.
    """

    persons: Integers
    among_dead: Flags
    waits: Integers


def find_persons(
    seed: int,
    rules: PersonRules,
    case_mix: CaseMix,
    population: Population,
    births: HospitalBirths,
    stays: Timelines,
    ends: Integers,
    risk_of_death: NDArray[np.float64],
) -> StaysWithPersons:
    """Return the stays, which stand in order of arrival, with their persons.

    `ends` are the ends before transfers moved some, `risk_of_death` the chance of each stay to end
    with death. What the person brings changes the stays: who finds nobody among the dead lives;
    an end waits for the day of the death; a diagnosis that the person can't have becomes another.
    Who finds nobody at all goes to another hospital: those stays are gone.
    """
    chains = chains_of(stays, ends)
    known = births.persons[stays.root_row[chains.first]]
    asking = np.flatnonzero(known == NOBODY)
    some = chains.select(asking)
    conditions = case_conditions(case_mix, population.conditions.names)
    wanted = wanted_persons(
        seed,
        rules,
        case_mix,
        conditions,
        population.conditions,
        stays,
        some,
        risk_of_death[some.last],
    )
    newborns = _known_newborns(stays, chains, known)
    found = _find(seed, rules, case_mix, conditions, population, wanted, newborns)

    persons_of_chains = known.copy()
    persons_of_chains[asking] = found.persons
    persons = persons_of_chains[chains.of_stays]
    stays = _with_ends(stays, chains, asking, wanted, found)
    stays = _with_own_cancer(
        conditions, population.conditions, stays, chains, asking, wanted, found
    )
    stays = _with_possible_diagnoses(
        seed, rules.instead, case_mix, conditions, population.conditions, stays, persons
    )
    kept = np.flatnonzero(persons != NOBODY)
    return StaysWithPersons(stays.select(kept), persons[kept], kept)


def _known_newborns(stays: Timelines, chains: Chains, known: Integers) -> KnownNewborns:
    newborn = np.flatnonzero(stays.mother[chains.first] >= 0)
    order = newborn[np.argsort(known[newborn])]
    return KnownNewborns(known[order], chains.end[order] // MINUTES_PER_DAY)


def _find(
    seed: int,
    rules: PersonRules,
    case_mix: CaseMix,
    conditions: CaseConditions,
    population: Population,
    wanted: WantedPersons,
    newborns: KnownNewborns,
) -> _Found:
    """Return the person of each asking chain."""
    if not len(wanted):
        none = np.zeros(0, np.int64)
        return _Found(none, none.astype(np.bool_), none)
    days = (int(wanted.first_day.min()), int(wanted.first_day.max()))
    ranks = AgeRanks.of_days(population.births, case_mix.band_edges, case_mix.adult_band, *days)
    dying = dying_candidates(seed, rules.dying, conditions, population, ranks, wanted)
    proposals = Proposals(
        stream=DrawStream(seed, "person/choice"),
        rules=rules,
        population=population,
        ranks=ranks,
        wanted=wanted,
        dying=dying,
        newborns=newborns,
    )
    places = 2 * (1 + max(int(population.births.before(sex, days[1]).max()) for sex in SEXES))
    tries = rules.tries + dying.counts
    place, tried = assign(places, proposals, tries)
    persons = np.where(place == NO_PLACE, NOBODY, person_at(place))
    return _found(dying, persons, tried - 1)


def _found(dying: DyingCandidates, persons: Integers, last_try: Integers) -> _Found:
    among_dead = (persons != NOBODY) & (last_try < dying.counts)
    waits = np.zeros(len(persons), np.int64)
    at = np.flatnonzero(among_dead)
    waits[at] = dying.waits[dying.starts[at] + last_try[at]]
    return _Found(persons, among_dead, waits)


def _with_ends(
    stays: Timelines, chains: Chains, asking: Integers, wanted: WantedPersons, found: _Found
) -> Timelines:
    """Return the stays with the deaths that have found their person, on that person's day."""
    lives = np.zeros(len(chains), np.bool_)
    lives[asking] = wanted.dies_inside & ~found.among_dead
    waits = np.zeros(len(chains), np.int64)
    waits[asking] = np.where(wanted.dies_inside, found.waits, 0)
    died = stays.died & ~lives[chains.of_stays]
    wait = np.where(died, waits[chains.of_stays], 0)
    return replace(stays, died=died, end=stays.end + wait * MINUTES_PER_DAY)


def _with_own_cancer(
    case: CaseConditions,
    conditions: Conditions,
    stays: Timelines,
    chains: Chains,
    asking: Integers,
    wanted: WantedPersons,
    found: _Found,
) -> Timelines:
    """Return the stays of those who die of cancer with the cancer that the person has."""
    own = np.full(len(chains), NO_CONDITION)
    dying = np.flatnonzero(
        wanted.dies_inside & found.among_dead & np.isin(wanted.condition, case.cancers)
    )
    where = conditions.where(found.persons[dying])
    has = {cancer: conditions.has_at(cancer, *where) for cancer in case.cancers}
    first = np.full(len(dying), NO_CONDITION)
    for cancer in reversed(case.cancers):
        first[has[cancer]] = cancer
    for cancer in case.cancers:
        first[has[cancer] & (wanted.condition[dying] == cancer)] = NO_CONDITION
    own[asking[dying]] = first
    own_of_stay = own[chains.of_stays]
    is_cancer = np.isin(case.of_diagnosis[stays.diagnosis], case.cancers)
    changes = is_cancer & (own_of_stay != NO_CONDITION)
    return replace(
        stays,
        diagnosis=np.where(changes, case.diagnosis_of_cancer[own_of_stay], stays.diagnosis),
    )


def _with_possible_diagnoses(
    seed: int,
    rules: OtherDiagnoses,
    case_mix: CaseMix,
    case: CaseConditions,
    conditions: Conditions,
    stays: Timelines,
    persons: Integers,
) -> Timelines:
    """Return the stays with other diagnoses where the person lacks what the diagnosis implies."""
    condition = case.of_diagnosis[stays.diagnosis]
    asks = case.is_certain[stays.diagnosis] & ~np.isin(condition, case.cancers)
    rows = np.flatnonzero(asks & (persons != NOBODY))
    blocks, places = conditions.where(persons[rows])
    lacks = np.zeros(len(rows), np.bool_)
    for number in np.unique(condition[rows]).tolist():
        asked = np.flatnonzero(condition[rows] == number)
        lacks[asked] = ~conditions.has_at(number, blocks[asked], places[asked])
    rows = rows[lacks]

    anything = np.array([case_mix.row(code) for code in rules.any])
    bits = DrawStream(seed, "other").bits(stays.serial[rows])
    other = anything[below(bits, len(anything))]
    for pool, code in rules.in_pool.items():
        here = stays.pool[rows] == case_mix.pools.index(pool)
        other = np.where(here, case_mix.row(code), other)
    for code, instead in rules.of_diagnosis.items():
        same = stays.diagnosis[rows] == case_mix.row(code)
        other = np.where(same, case_mix.row(instead), other)
    diagnosis = stays.diagnosis.copy()
    diagnosis[rows] = other
    return replace(stays, diagnosis=diagnosis)
