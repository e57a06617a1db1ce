"""Births in the hospital: which woman gives birth in which stay, and the stays of her newborns.

A birth is never invented: it is a birth of the population. The n-th birth in the hospital on a day
is that of the n-th woman who gives birth on that day, in the order in which women come here.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from hospital_assets.simulation.chance.draws import DrawStream, Integers
from hospital_assets.simulation.dates import MINUTES_PER_DAY
from hospital_assets.simulation.parameters.maternity import MaternityRules, NewbornRules
from hospital_assets.simulation.population.deaths import Deaths
from hospital_assets.simulation.population.person_numbers import NOBODY, sex_of
from hospital_assets.simulation.population.population import Population
from hospital_assets.simulation.stays.case_mix import CaseMix
from hospital_assets.simulation.stays.confinements import (
    Confinements,
    confinements,
    stays_before_delivery,
)
from hospital_assets.simulation.stays.death_minutes import death_minutes
from hospital_assets.simulation.stays.giving_birth import OfferedBirths
from hospital_assets.simulation.stays.newborn_traits import (
    Illness,
    birth_weights,
    gestation_weeks,
    illnesses,
)
from hospital_assets.simulation.stays.patients import EMERGENCY, Flags, Patients
from hospital_assets.simulation.stays.timelines import Timelines

_NEONATAL_DAYS = 28
# Counters of a newborn's draws.
_WEEKS_DRAW, _ILLNESS_DRAW, _WEIGHT_DRAW = 0, 3, 5


@dataclass(frozen=True)
class HospitalBirths:
    """What births settle: the newborns' stays, and persons who are known before all others.

    The other fields have one element a first stay and then one a newborn, in the order of
    `root_row`: `persons` holds the person, or NOBODY where none is settled; `before_delivery` says
    that the stay is of a woman who gives birth here soon after; `birth_minute` is when the last of
    a mother's children is born in the stay, or -1; `dies_newborn` says that a newborn dies within
    28 days.
    """

    newborns: Timelines
    persons: Integers
    before_delivery: Flags
    birth_minute: Integers
    dies_newborn: Flags

    @property
    def first_newborn(self) -> int:
        """The row of the first newborn."""
        return len(self.persons) - len(self.newborns)


@dataclass(frozen=True)
class _Children:
    """Children born here, first ones before second twins, one element each.

    `mother_stay` is the row of the mother's stay, `born` the minute; `dies` that the child dies
    within 28 days.
    """

    persons: Integers
    mother_stay: Integers
    born: Integers
    is_twin: Flags
    is_second: Flags
    death_day: Integers

    @property
    def dies(self) -> Flags:
        return self.death_day - self.born // MINUTES_PER_DAY < _NEONATAL_DAYS


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
    born, offered = confinements(seed, rules, case_mix, population, stays)
    women = np.full(len(stays), NOBODY)
    women[born.stay] = offered.mothers[born.birth]
    ill, follows = stays_before_delivery(seed, rules.before_delivery, case_mix, stays, born)
    women[ill] = offered.mothers[born.birth[follows]]
    children = _children(rules, population.deaths, born, offered)
    patients, illness = _patients(seed, newborn_rules, case_mix, stays, children)
    drawn = course(patients)
    before_delivery = np.zeros(len(stays) + len(patients), np.bool_)
    before_delivery[ill] = True
    birth_minute = np.full(len(stays) + len(patients), -1)
    # The second twins come last.
    birth_minute[children.mother_stay] = children.born
    return HospitalBirths(
        newborns=_timelines(seed, newborn_rules, case_mix, stays, children, illness, drawn),
        persons=np.concatenate([women, children.persons]),
        before_delivery=before_delivery,
        birth_minute=birth_minute,
        dies_newborn=np.concatenate([np.zeros(len(stays), np.bool_), children.dies]),
    )


def _children(
    rules: MaternityRules, deaths: Deaths, born: Confinements, offered: OfferedBirths
) -> _Children:
    """Return the children; a second twin follows on the same day."""
    second = offered.twins[born.birth]
    twins = np.flatnonzero(second != NOBODY)
    persons = np.concatenate([offered.children[born.birth], second[twins]])
    midnight = (born.day[twins] + 1) * MINUTES_PER_DAY
    later = np.minimum(born.minute[twins] + rules.second_twin_minutes, midnight - 1)
    return _Children(
        persons=persons,
        mother_stay=np.concatenate([born.stay, born.stay[twins]]),
        born=np.concatenate([born.minute, later]),
        is_twin=np.concatenate([second != NOBODY, np.ones(len(twins), np.bool_)]),
        is_second=np.arange(len(persons)) >= len(second),
        death_day=deaths.days(persons),
    )


def _patients(
    seed: int,
    rules: NewbornRules,
    case_mix: CaseMix,
    stays: Timelines,
    children: _Children,
) -> tuple[Patients, Illness]:
    """Return the newborns, all as patients of the neonatal unit yet, and what they have."""
    mother = stays.serial[children.mother_stay]
    bits = DrawStream(seed, "newborn/self").bits(mother, children.is_second.astype(np.int64))
    serial = (bits >> np.uint64(1)).astype(np.int64)
    draws = DrawStream(seed, "newborn/more").series(serial, _WEIGHT_DRAW + 1)
    weeks = gestation_weeks(rules, draws[_WEEKS_DRAW], children.dies, children.is_twin)
    illness = illnesses(
        rules, case_mix, draws[_ILLNESS_DRAW], weeks, children.dies, children.is_twin
    )
    sex = sex_of(children.persons)
    zero, none = np.zeros(len(serial), np.int64), np.full(len(serial), -1)
    patients = Patients(
        serial=serial,
        root=serial,
        root_row=len(stays) + np.arange(len(serial)),
        parent=none,
        generation=zero,
        pool=np.full(len(serial), case_mix.neonatal_pool),
        diagnosis=illness.diagnosis,
        route=np.full(len(serial), EMERGENCY),
        sex=sex,
        age_band=zero,
        arrived=children.born,
        decided=children.born,
        ready=children.born + rules.bed_wished_after_minutes,
        direct=np.ones(len(serial), np.bool_),
        gestation=weeks,
        birth_weight=birth_weights(rules, draws[_WEIGHT_DRAW], weeks, children.is_twin, sex),
        mother=mother,
        root_arrived=children.born,
    )
    return patients, illness


def _timelines(
    seed: int,
    rules: NewbornRules,
    case_mix: CaseMix,
    stays: Timelines,
    children: _Children,
    illness: Illness,
    drawn: Timelines,
) -> Timelines:
    """Return the newborns' stays: in the unit as drawn, or in a cot until the mother leaves.

    Who dies as a newborn is ill, and dies on the day that the population says.
    """
    in_unit = illness.in_unit
    shortest = children.born + np.maximum(
        rules.shortest_unit_stay_minutes, illness.shortest_days * MINUTES_PER_DAY
    )
    # Whole days longer, so that the hour of leaving stays.
    lacking = np.maximum(-(-(shortest - drawn.end) // MINUTES_PER_DAY), 0)
    end = np.where(
        in_unit,
        drawn.end + lacking * MINUTES_PER_DAY,
        np.maximum(stays.end[children.mother_stay], children.born + rules.shortest_cot_minutes),
    )
    bits = DrawStream(seed, "newborn/death").bits(drawn.serial)
    last = death_minutes(bits, children.born, children.death_day)
    pools = np.full_like(drawn.request_pools, -1)
    pools[0] = np.where(in_unit, drawn.request_pools[0], -1)
    return replace(
        drawn,
        pool=np.where(in_unit, case_mix.neonatal_pool, -1),
        end=np.where(children.dies, last, end),
        died=children.dies,
        request_pools=pools,
    )
