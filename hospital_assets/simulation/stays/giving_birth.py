"""Who gives birth on a day, in whatever hospital, and in which order they come to this one."""

from dataclasses import dataclass

import numpy as np

from hospital_assets.simulation.chance.draws import DrawStream, Integers
from hospital_assets.simulation.chance.exact import log
from hospital_assets.simulation.parameters.maternity import MaternityRules
from hospital_assets.simulation.population.person_numbers import NOBODY, SEXES, person
from hospital_assets.simulation.population.population import Population
from hospital_assets.simulation.stays.patients import Flags


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


def offered_births(
    seed: int, rules: MaternityRules, population: Population, first_day: int, last_day: int
) -> OfferedBirths:
    """Return the births of the days [first_day, last_day] that could be in this hospital."""
    children = children_born(population, first_day, last_day)
    mothers = population.families.mothers(children)
    days = population.births.of(children)[0]
    known = np.flatnonzero(mothers != NOBODY)
    children, mothers, days = children[known], mothers[known], days[known]
    lives_on = population.deaths.days(mothers) - days
    known = np.flatnonzero(lives_on >= 0)
    children, mothers, days, lives_on = (
        each[known] for each in (children, mothers, days, lives_on)
    )

    dies = lives_on < rules.dies_of_birth_within_days
    turns = _turns(seed, rules, population, mothers, dies)
    order = np.lexsort((children, mothers, turns, days))
    children, mothers, days = children[order], mothers[order], days[order]
    again = np.zeros(len(children), np.bool_)
    again[1:] = (mothers[1:] == mothers[:-1]) & (days[1:] == days[:-1])
    first = np.flatnonzero(~again)
    following = np.minimum(first + 1, len(children) - 1)
    twins = np.where((first < following) & again[following], children[following], NOBODY)
    starts = np.searchsorted(days[first], np.arange(first_day, last_day + 2))
    return OfferedBirths(first_day, starts, mothers[first], children[first], twins)


def children_born(population: Population, first_day: int, last_day: int) -> Integers:
    """Return everybody born on the days [first_day, last_day], girls first."""
    days = [first_day, last_day + 1]
    return np.concatenate(
        [person(sex, np.arange(*population.births.before(sex, days))) for sex in SEXES]
    )


def mothers_of_days(population: Population, first_day: int, last_day: int) -> Integers:
    """Return the women who give birth on the days [first_day, last_day], as far as known."""
    mothers = population.families.mothers(children_born(population, first_day, last_day))
    return mothers[mothers != NOBODY]


def give_birth_between(
    population: Population, women: Integers, earliest: Integers, latest: Integers
) -> Flags:
    """Return which women give birth on a day from `earliest` to `latest`, one of each a woman."""
    gives_birth = np.zeros(len(women), np.bool_)
    mother, children = population.families.children(women)
    born = population.births.days(children)
    within = (born >= earliest[mother]) & (born <= latest[mother])
    gives_birth[mother[within]] = True
    return gives_birth


def _turns(
    seed: int, rules: MaternityRules, population: Population, mothers: Integers, dies: Flags
) -> Integers:
    """Return a number by which the mothers of a day come here, low ones first.

    `dies` says who dies soon after the birth.
    """
    bits = DrawStream(seed, "delivery").bits(mothers)
    uniform = ((bits >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    has_hiv = population.conditions.has("HIV", mothers)
    weight = population.catchment.weights(mothers)
    weight = weight * np.where(has_hiv, rules.hiv_referral_factor, 1.0)
    weight = weight * np.where(dies, rules.dying_referral_factor, 1.0)
    return np.floor(-log(uniform) / weight * 2.0**32).astype(np.int64)
