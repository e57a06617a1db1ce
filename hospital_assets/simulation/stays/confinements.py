"""Births in stays: which woman gives birth in which, and which of them was here before."""

from dataclasses import dataclass

import numpy as np

from hospital_assets.simulation.chance.draws import DrawStream, Integers, below, chance, halves
from hospital_assets.simulation.dates import MINUTES_PER_DAY
from hospital_assets.simulation.parameters.maternity import BeforeDelivery, MaternityRules
from hospital_assets.simulation.population.population import Population
from hospital_assets.simulation.stays.case_mix import CaseMix
from hospital_assets.simulation.stays.giving_birth import OfferedBirths, offered_births
from hospital_assets.simulation.stays.grouping import is_first, place_in_run
from hospital_assets.simulation.stays.timelines import Timelines

# Minutes of a stay before and after the birth, however short the stay.
_LEAST_BEFORE_BIRTH, _LEAST_AFTER_BIRTH = 20, 60


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


def confinements(
    seed: int,
    rules: MaternityRules,
    case_mix: CaseMix,
    population: Population,
    stays: Timelines,
) -> tuple[Confinements, OfferedBirths]:
    """Return the live births in stays, and the births of the population on their days.

    Beyond the births that a day offers, a stay ends without a living child.
    """
    stay = np.flatnonzero(case_mix.is_birth[stays.diagnosis])
    _, still, when = DrawStream(seed, "newborn").series(stays.serial[stay], 3)
    span = rules.latest_birth_minutes - rules.earliest_birth_minutes
    minute = stays.arrived[stay] + rules.earliest_birth_minutes + below(when, span)
    minute = np.minimum(minute, stays.end[stay] - _LEAST_AFTER_BIRTH)
    minute = np.maximum(minute, stays.arrived[stay] + _LEAST_BEFORE_BIRTH)
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


def stays_before_delivery(
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
