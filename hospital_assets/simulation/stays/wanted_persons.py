"""What the person of a chain of stays must be like: sex, age, condition, and when still alive."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance.draws import DrawStream, Integers, below, chance, halves
from hospital_assets.simulation.dates import MINUTES_PER_DAY
from hospital_assets.simulation.parameters.persons import AfterDischarge, PersonRules
from hospital_assets.simulation.population.conditions import Conditions
from hospital_assets.simulation.population.person_numbers import FEMALE, SEXES
from hospital_assets.simulation.stays.case_conditions import NO_CONDITION, CaseConditions
from hospital_assets.simulation.stays.case_mix import CaseMix
from hospital_assets.simulation.stays.chains import Chains
from hospital_assets.simulation.stays.patients import Flags
from hospital_assets.simulation.stays.timelines import Timelines

ALIVE = -1
# Odds have a value up to this share; who certainly has the condition is not asked by odds.
_MOST_BY_ODDS = 0.999


@dataclass(frozen=True)
class WantedPersons:
    """What chains ask of their person, one element a chain, in order of arrival.

    `serial`, `diagnosis`, `sex` and `age_band` are those of the first stay. `condition` is what the
    diagnosis asks about, or NO_CONDITION; `has_it` whether the person has it, `is_certain` that
    all with the diagnosis have it, `is_registered` that a clinic here knows the person.
    `first_day` and `last_day` are those of the chain. Who is to die has a `death_day`, others have
    ALIVE; `dies_inside` says that the death ends the last stay. Of a woman who
    `may_give_birth`, no birth lies from `births_before` days before the chain to `births_after`
    days after it.
    """

    serial: Integers
    diagnosis: Integers
    sex: Integers
    age_band: Integers
    condition: Integers
    has_it: Flags
    is_certain: Flags
    is_registered: Flags
    first_day: Integers
    last_day: Integers
    death_day: Integers
    dies_inside: Flags
    may_give_birth: Flags
    births_before: Integers
    births_after: Integers

    def __len__(self) -> int:
        return len(self.serial)


def wanted_persons(
    seed: int,
    rules: PersonRules,
    case_mix: CaseMix,
    case_conditions: CaseConditions,
    conditions: Conditions,
    stays: Timelines,
    chains: Chains,
    risk_of_death: NDArray[np.float64],
) -> WantedPersons:
    """Return what each chain asks for.

    `risk_of_death` is the chance, one a chain, that a stay like its last one ends with death.
    """
    first = stays.select(chains.first)
    condition, share = _condition_shares(rules, case_mix, case_conditions, conditions, first)
    for_condition, for_clinic = DrawStream(seed, "person/class").series(first.serial, 2)
    has_it = (condition != NO_CONDITION) & chance(for_condition, share)
    dies_inside = chains.death_day != ALIVE
    later = _deaths_after_discharge(seed, rules, case_mix, first, chains, risk_of_death)
    later = np.where(stays.pool[chains.last] >= 0, later, ALIVE)
    in_pregnancy = np.isin(
        case_mix.family[first.diagnosis],
        [case_mix.families.index(name) for name in rules.pregnancy_families],
    )
    youngest = case_mix.band_edges[first.age_band]
    fertile = (youngest >= rules.childbearing_from_age) & (youngest < rules.childbearing_to_age)
    return WantedPersons(
        serial=first.serial,
        diagnosis=first.diagnosis,
        sex=first.sex,
        age_band=first.age_band,
        condition=condition,
        has_it=has_it,
        is_certain=case_conditions.is_certain[first.diagnosis],
        is_registered=has_it & chance(for_clinic, rules.registered_share),
        first_day=first.arrived // MINUTES_PER_DAY,
        last_day=chains.end // MINUTES_PER_DAY,
        death_day=np.where(dies_inside, chains.death_day, later),
        dies_inside=dies_inside,
        may_give_birth=(first.sex == FEMALE) & fertile,
        births_before=np.where(in_pregnancy, rules.pregnancy_days_before, rules.birth_days_before),
        births_after=np.where(in_pregnancy, rules.pregnancy_days_after, rules.birth_days_after),
    )


def _condition_shares(
    rules: PersonRules,
    case_mix: CaseMix,
    case_conditions: CaseConditions,
    conditions: Conditions,
    first: Timelines,
) -> tuple[Integers, NDArray[np.float64]]:
    """Return the condition that each diagnosis asks about, and the chance to have it.

    HIV follows its prevalence among people of the same age and sex, by the odds of the diagnosis.
    """
    condition = case_conditions.of_diagnosis[first.diagnosis]
    share = case_conditions.share[first.diagnosis]
    is_hiv = condition == case_conditions.hiv
    is_adult = first.age_band >= case_mix.adult_band
    is_of_adults = is_hiv & ~is_adult & (share > rules.hiv_share_set_for_adults)
    share = np.where(is_of_adults, rules.hiv_share_of_children, share)
    base = np.where(is_adult, rules.hiv_base_of_adults, rules.hiv_base_of_children)
    odds = share / (1 - np.minimum(share, _MOST_BY_ODDS)) * (1 - base) / base
    middles = case_mix.band_middles
    prevalence = np.stack([conditions.prevalence("HIV", sex, middles) for sex in SEXES])
    of_peers = prevalence[first.sex, first.age_band]
    by_odds = odds * of_peers / (1 - of_peers + odds * of_peers)
    return condition, np.where(is_hiv & (share < 1), by_odds, share)


def _deaths_after_discharge(
    seed: int,
    rules: PersonRules,
    case_mix: CaseMix,
    first: Timelines,
    chains: Chains,
    risk_of_death: NDArray[np.float64],
) -> Integers:
    """Return the day of death of whoever dies elsewhere soon after leaving, ALIVE of others."""
    after: AfterDischarge = rules.after_discharge
    for_death, for_day = halves(DrawStream(seed, "after discharge").bits(first.serial))
    share = np.minimum(after.deaths_for_each_in_hospital * risk_of_death, after.most)
    old_enough = case_mix.band_edges[first.age_band] >= after.youngest_age
    dies = old_enough & chance(for_death, share)
    wait = after.earliest_days + below(for_day, after.latest_days - after.earliest_days + 1)
    return np.where(dies, chains.end // MINUTES_PER_DAY + wait, ALIVE)
