"""Births in the hospital: which woman gives birth in which stay, and the stays of her newborns.

A birth is never invented: it is a birth of the population. The n-th birth in the hospital on a day
is that of the n-th woman who gives birth on that day, in the order in which women come here.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance.distributions import lognormal, quantile
from hospital_assets.simulation.chance.draws import (
    Bits,
    DrawStream,
    Integers,
    below,
    chance,
    choose,
    halves,
    thresholds,
)
from hospital_assets.simulation.chance.exact import interpolate, log
from hospital_assets.simulation.dates import MINUTES_PER_DAY
from hospital_assets.simulation.parameters.maternity import (
    BeforeDelivery,
    MaternityRules,
    NewbornRules,
)
from hospital_assets.simulation.population.person_numbers import (
    FEMALE,
    NOBODY,
    sex_of,
)
from hospital_assets.simulation.population.population import Population
from hospital_assets.simulation.stays.case_mix import CaseMix
from hospital_assets.simulation.stays.confinements import children_born
from hospital_assets.simulation.stays.death_minutes import death_minutes
from hospital_assets.simulation.stays.grouping import is_first, place_in_run
from hospital_assets.simulation.stays.patients import EMERGENCY, Flags, Patients
from hospital_assets.simulation.stays.timelines import Timelines

_NEONATAL_DAYS = 28
_WEIGHT_UNIT = 1024
_MOST_THINNED = 0.98


@dataclass(frozen=True)
class OfferedBirths:
    """The births of some days whose mother is alive, in the order in which they come here.

    One element a delivery: `mothers`, `children`, and the second child in `twins`, or NOBODY.
    `starts` [days + 1] is where the deliveries of each day from `first_day` on begin.
    """

    first_day: int
    starts: Integers
    mothers: Integers
    children: Integers
    twins: Integers


@dataclass(frozen=True)
class Confinements:
    """Live births by day: row of the mother's stay, minute, and place among the births offered."""

    stay: Integers
    minute: Integers
    birth: Integers

    @property
    def day(self) -> Integers:
        """The day of each birth."""
        return self.minute // MINUTES_PER_DAY


@dataclass(frozen=True)
class HospitalBirths:
    """What births settle: the newborns' stays, and persons who are known before all others.

    The other fields have one element a first stay and then one a newborn, in the order of
    `root_row`: `persons` holds the person, or NOBODY where none is settled; `before_delivery` says
    that the stay is of a woman who gives birth here soon after; `dies_newborn` that a newborn dies
    within 28 days.
    """

    newborns: Timelines
    persons: Integers
    before_delivery: Flags
    dies_newborn: Flags

    @property
    def first_newborn(self) -> int:
        """The row of the first newborn."""
        return len(self.persons) - len(self.newborns)


def births(
    seed: int,
    rules: MaternityRules,
    newborn_rules: NewbornRules,
    case_mix: CaseMix,
    population: Population,
    stays: Timelines,
    course: Callable[[Patients], Timelines],
) -> HospitalBirths:
    """Return the births in the first stays, which stand in order of arrival.

    `course` draws the length of the newborns' own stays.
    """
    confinements, offered = _confinements(seed, rules, case_mix, population, stays)
    women = np.full(len(stays), NOBODY)
    women[confinements.stay] = offered.mothers[confinements.birth]
    ill, follows = _before_delivery(seed, rules.before_delivery, case_mix, stays, confinements)
    women[ill] = offered.mothers[confinements.birth[follows]]
    children, newborns, dies = _newborns(
        seed, rules, newborn_rules, case_mix, population, stays, confinements, offered, course
    )
    before_delivery = np.zeros(len(stays) + len(children), np.bool_)
    before_delivery[ill] = True
    return HospitalBirths(
        newborns=newborns,
        persons=np.concatenate([women, children]),
        before_delivery=before_delivery,
        dies_newborn=np.concatenate([np.zeros(len(stays), np.bool_), dies]),
    )


def offered_births(
    seed: int, rules: MaternityRules, population: Population, first_day: int, last_day: int
) -> OfferedBirths:
    """Return the births of the days [first_day, last_day] that could be in this hospital."""
    children = children_born(population, first_day, last_day)
    mothers = population.families.mothers(children)
    days = population.births.of(children)[0]
    known = np.flatnonzero(mothers != NOBODY)
    known = known[population.deaths.days(mothers[known]) >= days[known]]
    children, mothers, days = children[known], mothers[known], days[known]

    order = np.lexsort((children, mothers, _turns(seed, rules, population, mothers), days))
    children, mothers, days = children[order], mothers[order], days[order]
    again = np.zeros(len(children), np.bool_)
    again[1:] = (mothers[1:] == mothers[:-1]) & (days[1:] == days[:-1])
    first = np.flatnonzero(~again)
    following = np.minimum(first + 1, len(children) - 1)
    twins = np.where((first < following) & again[following], children[following], NOBODY)
    starts = np.searchsorted(days[first], np.arange(first_day, last_day + 2))
    return OfferedBirths(first_day, starts, mothers[first], children[first], twins)


def _turns(seed: int, rules: MaternityRules, population: Population, mothers: Integers) -> Integers:
    """Return a number by which the mothers of a day come here, low ones first."""
    bits = DrawStream(seed, "delivery").bits(mothers)
    uniform = ((bits >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    has_hiv = population.conditions.has("HIV", mothers)
    weight = population.catchment.weights(mothers)
    weight = weight * np.where(has_hiv, rules.hiv_referral_factor, 1.0)
    return np.floor(-log(uniform) / weight * 2.0**32).astype(np.int64)


def _confinements(
    seed: int,
    rules: MaternityRules,
    case_mix: CaseMix,
    population: Population,
    stays: Timelines,
) -> tuple[Confinements, OfferedBirths]:
    """Return the live births, and the births of the population on their days.

    Beyond the births that a day offers, a stay ends without a living child.
    """
    stay = np.flatnonzero(case_mix.is_birth[stays.diagnosis])
    _, still, when = DrawStream(seed, "newborn").series(stays.serial[stay], 3)
    span = rules.latest_birth_minutes - rules.earliest_birth_minutes
    minute = stays.arrived[stay] + rules.earliest_birth_minutes + below(when, span)
    minute = np.minimum(minute, stays.end[stay] - 60)
    minute = np.maximum(minute, stays.arrived[stay] + 20)
    live = ~chance(still, rules.stillborn_share)
    stay, minute = stay[live], minute[live]
    order = np.lexsort((stays.serial[stay], minute))
    stay, minute = stay[order], minute[order]
    day = minute // MINUTES_PER_DAY
    days = (int(day[0]), int(day[-1])) if len(day) else (0, 0)
    offered = offered_births(seed, rules, population, *days)
    birth = offered.starts[day - days[0]] + place_in_run(day)
    found = birth < offered.starts[day - days[0] + 1]
    return Confinements(stay[found], minute[found], birth[found]), offered


def _before_delivery(
    seed: int,
    rules: BeforeDelivery,
    case_mix: CaseMix,
    stays: Timelines,
    confinements: Confinements,
) -> tuple[Integers, Integers]:
    """Return rows of stays before a delivery, and which confinement follows each.

    A woman has one such stay at most: the earliest of those that ask for her first.
    """
    short = stays.end - stays.arrived < rules.longest_stay_days * MINUTES_PER_DAY
    asking = np.flatnonzero((stays.diagnosis == case_mix.row(rules.diagnosis)) & short)
    day = confinements.day
    if not len(day):
        return asking[:0], asking[:0]
    starts = np.searchsorted(day, np.arange(day[0], day[-1] + 2))
    span = rules.latest_delivery_days - rules.earliest_delivery_days + 1
    taken_by = np.full(len(day), -1)
    stream = DrawStream(seed, "preeclampsia")
    for attempt in range(rules.tries):
        for_day, for_woman = halves(stream.bits(stays.serial[asking], attempt))
        wait = rules.earliest_delivery_days + below(for_day, span)
        at = stays.end[asking] // MINUTES_PER_DAY + wait - day[0]
        within = (at >= 0) & (at < len(starts) - 1)
        asking, at, for_woman = asking[within], at[within], for_woman[within]
        count = starts[at + 1] - starts[at]
        choice = starts[at] + below(for_woman, np.maximum(count, 1))
        choice = np.minimum(choice, len(day) - 1)
        since = day[choice] - stays.arrived[asking] // MINUTES_PER_DAY
        possible = (count > 0) & (since < rules.delivery_within_days)
        asking, choice = asking[possible], choice[possible]
        gets = is_first(choice) & (taken_by[choice] < 0)
        taken_by[choice[gets]] = asking[gets]
        asking = asking[~gets]
    follows = np.flatnonzero(taken_by >= 0)
    return taken_by[follows], follows


def _newborns(
    seed: int,
    rules: MaternityRules,
    newborn_rules: NewbornRules,
    case_mix: CaseMix,
    population: Population,
    stays: Timelines,
    confinements: Confinements,
    offered: OfferedBirths,
    course: Callable[[Patients], Timelines],
) -> tuple[Integers, Timelines, Flags]:
    """Return the children with their stays, and who of them dies as a newborn."""
    second = offered.twins[confinements.birth]
    twins = np.flatnonzero(second != NOBODY)
    children = np.concatenate([offered.children[confinements.birth], second[twins]])
    mother_stay = np.concatenate([confinements.stay, confinements.stay[twins]])
    midnight = (confinements.day[twins] + 1) * MINUTES_PER_DAY
    later = np.minimum(confinements.minute[twins] + rules.second_twin_minutes, midnight - 1)
    born = np.concatenate([confinements.minute, later])
    is_twin = np.concatenate([second != NOBODY, np.ones(len(twins), np.bool_)])
    is_second = np.arange(len(children)) >= len(second)

    death_day = population.deaths.days(children)
    dies = death_day - born // MINUTES_PER_DAY < _NEONATAL_DAYS
    bits = DrawStream(seed, "newborn/self").bits(
        stays.serial[mother_stay], is_second.astype(np.int64)
    )
    serial = (bits >> np.uint64(1)).astype(np.int64)
    draws = DrawStream(seed, "newborn/more").series(serial, 6)
    weeks = _weeks(newborn_rules, draws[0], dies, is_twin)
    sex = sex_of(children)
    ill = dies | chance(draws[3], _unit_shares(newborn_rules, weeks))
    zero, minus_one = np.zeros(len(children), np.int64), np.full(len(children), -1)
    patients = Patients(
        serial=serial,
        root=serial,
        root_row=len(stays) + np.arange(len(children)),
        parent=minus_one,
        generation=zero,
        pool=np.full(len(children), case_mix.neonatal_pool),
        diagnosis=_diagnoses(newborn_rules, case_mix, draws[4], weeks),
        route=np.full(len(children), EMERGENCY),
        sex=sex,
        age_band=zero,
        arrived=born,
        decided=born,
        ready=born + newborn_rules.bed_wished_after_minutes,
        direct=np.ones(len(children), np.bool_),
        gestation=weeks,
        birth_weight=_weights(newborn_rules, draws[5], weeks, is_twin, sex),
        mother=stays.serial[mother_stay],
        root_arrived=born,
    )
    drawn = course(patients)
    mother_leaves = stays.end[mother_stay]
    end = np.where(
        ill,
        np.maximum(drawn.end, born + newborn_rules.shortest_unit_stay_minutes),
        np.maximum(mother_leaves, born + newborn_rules.shortest_cot_minutes),
    )
    last = death_minutes(DrawStream(seed, "newborn/death").bits(serial), born, death_day)
    pools = np.full_like(drawn.request_pools, -1)
    pools[0] = np.where(ill, drawn.request_pools[0], -1)
    timelines = replace(
        drawn,
        pool=np.where(ill, case_mix.neonatal_pool, -1),
        end=np.where(dies, last, end),
        died=dies,
        request_pools=pools,
    )
    return children, timelines, dies


def _weeks(rules: NewbornRules, bits: Bits, dies: Flags, is_twin: Flags) -> Integers:
    """Return the completed weeks of gestation."""
    weeks = rules.first_week + np.arange(len(rules.births_by_week))
    births_by_week = np.asarray(rules.births_by_week)
    death = interpolate(weeks, *zip(*rules.death_by_week, strict=True))
    death *= np.where(
        weeks >= 37,
        rules.term_death_factor,
        np.where(weeks >= 34, rules.late_preterm_death_factor, 1.0),
    )
    of_dying = thresholds(births_by_week * death)
    surviving = 1 - np.minimum(death * rules.survivor_thinning, _MOST_THINNED)
    of_surviving = thresholds(births_by_week * surviving)
    drawn = rules.first_week + np.where(dies, choose(bits, of_dying), choose(bits, of_surviving))
    earlier = np.maximum(drawn - rules.twins_earlier_weeks, rules.first_week)
    return np.where(is_twin, earlier, drawn)


def _weights(
    rules: NewbornRules, bits: Bits, weeks: Integers, is_twin: Flags, sex: Integers
) -> Integers:
    """Return the birth weights in grams."""
    usual = interpolate(weeks, *zip(*rules.weight_by_week, strict=True))
    usual *= np.where(is_twin, rules.twin_weight_factor, 1.0)
    usual *= np.where(sex == FEMALE, rules.girl_weight_factor, rules.boy_weight_factor)
    sigma = rules.weight_sigma
    scatter = quantile(bits, lognormal(-(sigma**2) / 2, sigma, _WEIGHT_UNIT))
    return np.rint(usual).astype(np.int64) * scatter // _WEIGHT_UNIT


def _unit_shares(rules: NewbornRules, weeks: Integers) -> NDArray[np.float64]:
    """Return the probability of a bed in the neonatal unit."""
    return np.where(
        weeks < 34,
        rules.unit_share_before_34_weeks,
        np.where(weeks < 37, rules.unit_share_34_to_36_weeks, rules.unit_share_from_37_weeks),
    )


def _diagnoses(rules: NewbornRules, case_mix: CaseMix, bits: Bits, weeks: Integers) -> Integers:
    """Return the row of the newborns' main diagnosis."""
    at_term = np.array([case_mix.row(code) for code in rules.term_diagnoses])
    bounds = thresholds(list(rules.term_diagnoses.values()))
    preterm = case_mix.row(rules.preterm_diagnosis)
    return np.where(weeks < 37, preterm, at_term[choose(bits, bounds)])
