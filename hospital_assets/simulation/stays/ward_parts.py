"""The part of a stay in wards: its length by diagnosis and age, and whether it ends in death."""

from dataclasses import dataclass

import numpy as np

from hospital_assets.simulation.chance import exact
from hospital_assets.simulation.chance.distributions import quantile
from hospital_assets.simulation.chance.draws import Integers, below, chance
from hospital_assets.simulation.chance.exact import Floats
from hospital_assets.simulation.dates import MINUTES_PER_DAY
from hospital_assets.simulation.parameters.beds import CHILDREN, NEWBORNS
from hospital_assets.simulation.stays.model import LENGTH_BITS, StayModel
from hospital_assets.simulation.stays.newborn_traits import TERM
from hospital_assets.simulation.stays.patients import Flags, Patients
from hospital_assets.simulation.stays.stay_draws import StayDraws
from hospital_assets.simulation.stays.urgency import death_factors

_PER_CENT = 0.01


@dataclass(frozen=True)
class WardParts:
    """The ward parts of stays: their pool, their minutes, and whether they end in death."""

    pool: Integers
    length: Integers
    died: Flags


def ward_parts(model: StayModel, patients: Patients, draws: StayDraws) -> WardParts:
    """Return the ward part of each stay, even if it begins in a unit and may not reach a ward."""
    in_unit = model.pools.is_unit[patients.pool]
    pool = np.where(in_unit, model.mix.ward[patients.diagnosis], patients.pool)
    child = patients.age_band < model.mix.adult_band
    pool = np.where(in_unit & child, model.pools.of_kind(CHILDREN), pool)
    died = chance(draws.dies, _risk(model, patients, pool, in_unit))
    length = quantile(draws.length, model.length_tables, pool)
    mean = np.rint(_mean_days(model, patients, pool, in_unit) * MINUTES_PER_DAY).astype(np.int64)
    length = (length * mean) >> LENGTH_BITS
    length = _of_the_dying(model, draws, length, died, ~patients.direct & ~in_unit)
    return WardParts(pool, length, died)


def risk_of_death(model: StayModel, patients: Patients) -> Floats:
    """Return the probability that each stay, wherever it begins, ends with death; not bounded."""
    risk = _risk_of_patients(model, patients)
    return risk * model.levels.deaths[np.maximum(patients.pool, 0)] * _PER_CENT


def _mean_days(model: StayModel, patients: Patients, pool: Integers, in_unit: Flags) -> Floats:
    rules = model.rules.timelines
    by_age = exact.curve(rules.length.by_age, model.mix.band_middles)
    mean = model.mix.length[patients.diagnosis] * by_age[patients.age_band]
    mean = mean * model.levels.length[pool]
    of_preterm = exact.curve(rules.length.preterm_days_by_week, patients.gestation)
    of_preterm = of_preterm * model.levels.length[model.pools.of_kind(NEWBORNS)]
    is_preterm = (patients.gestation >= 0) & (patients.gestation < TERM)
    mean = np.where(is_preterm, of_preterm, mean)
    return np.where(in_unit, mean * rules.units.ward_length_factor, mean)


def _risk(model: StayModel, patients: Patients, pool: Integers, in_unit: Flags) -> Floats:
    """Return each stay's probability of death in the ward."""
    rules = model.rules.timelines
    risk = _risk_of_patients(model, patients)
    risk = np.clip(risk * model.levels.deaths[pool] * _PER_CENT, 0, rules.death.highest_risk)
    of_newborns = exact.curve(model.rules.newborns.death_by_week, patients.gestation)
    of_newborns = of_newborns * model.levels.deaths[model.pools.of_kind(NEWBORNS)]
    of_newborns = np.clip(of_newborns, 0, rules.death.highest_newborn_risk)
    risk = np.where(patients.gestation >= 0, of_newborns, risk)
    after_unit = np.clip(risk * rules.units.ward_death_factor, 0, rules.units.highest_ward_risk)
    return np.where(in_unit, after_unit, risk)


def _risk_of_patients(model: StayModel, patients: Patients) -> Floats:
    """Return the risk of death by diagnosis, age and urgency, before the level of the pool."""
    risk = model.mix.deaths[patients.diagnosis] * model.age_risk[patients.age_band]
    return risk * death_factors(model, patients.serial, patients.diagnosis, patients.age_band)


def _of_the_dying(
    model: StayModel, draws: StayDraws, length: Integers, died: Flags, in_emergency: Flags
) -> Integers:
    """Return the lengths; the dying go early or last a little longer.

    Some of those who wait `in_emergency` die there at once.
    """
    rules = model.rules.timelines.death
    at_once = in_emergency & chance(draws.dies_when << np.uint64(32), rules.at_once_share)
    early = at_once | chance(draws.dies_early, rules.early_share)
    soon, soonest = (
        span[0] + below(draws.dies_when, span[1] - span[0])
        for span in (rules.early_minutes, rules.at_once_minutes)
    )
    of_dying = np.where(
        early, np.where(at_once, soonest, soon), length * rules.late_length_percent // 100
    )
    limits = model.rules.timelines.length
    least = np.where(died & early, rules.at_once_minutes[0], limits.shortest_minutes)
    length = np.where(died, of_dying, length)
    return np.clip(length, least, limits.longest_days * MINUTES_PER_DAY)
