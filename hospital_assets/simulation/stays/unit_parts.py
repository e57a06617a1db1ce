"""The part of a stay in intensive or high care: its beginning, or an excursion from a ward."""

from dataclasses import dataclass

import numpy as np

from hospital_assets.simulation.chance.distributions import quantile
from hospital_assets.simulation.chance.draws import Integers, chance
from hospital_assets.simulation.chance.exact import Floats
from hospital_assets.simulation.dates import MINUTES_PER_DAY
from hospital_assets.simulation.parameters.beds import HIGH_CARE, INTENSIVE
from hospital_assets.simulation.stays.model import LENGTH_BITS, StayModel
from hospital_assets.simulation.stays.patients import Flags, Patients
from hospital_assets.simulation.stays.stay_draws import StayDraws
from hospital_assets.simulation.stays.ward_parts import WardParts

NO_UNIT = -1
_HOUR = 60


@dataclass(frozen=True)
class UnitParts:
    """The unit parts of stays; `pool` is NO_UNIT where there is none.

    `first` is True where the stay begins in the unit, `excursion` where it goes there from a ward,
    `start` minutes after asking for a bed. Who `steps_down` goes on to a ward, or back to it.
    """

    pool: Integers
    first: Flags
    excursion: Flags
    start: Integers
    length: Integers
    died: Flags
    steps_down: Flags


def unit_parts(
    model: StayModel, patients: Patients, draws: StayDraws, wards: WardParts
) -> UnitParts:
    """Return the unit part of each stay."""
    rules = model.rules.timelines.units
    first = model.pools.is_unit[patients.pool]
    excursion = ~first & _goes(model, patients, draws, wards)
    intensive, high_care = model.pools.of_kind(INTENSIVE), model.pools.of_kind(HIGH_CARE)
    to_high_care = np.array([pool.high_care_share for pool in model.rules.beds.pools])
    chosen = np.where(chance(draws.high_care, to_high_care[wards.pool]), high_care, intensive)
    pool = np.where(first, patients.pool, np.where(excursion, chosen, NO_UNIT))
    is_intensive = pool == intensive

    died = (pool != NO_UNIT) & chance(
        draws.dies_in_unit, _risk(model, patients, pool, is_intensive)
    )
    length = _lengths(model, patients, draws, pool)
    shorter = np.maximum(length * rules.dying_length_percent // 100, rules.shortest_hours * _HOUR)
    share = np.where(is_intensive, rules.intensive_stepdown_share, rules.high_care_stepdown_share)
    steps_down = (pool != NO_UNIT) & ~died & (chance(draws.stepdown, share) | ~first)
    return UnitParts(
        pool=pool,
        first=first,
        excursion=excursion,
        start=np.where(excursion, _starts(model, draws, wards), 0),
        length=np.where(pool == NO_UNIT, 0, np.where(died, shorter, length)),
        died=died,
        steps_down=steps_down,
    )


def _goes(model: StayModel, patients: Patients, draws: StayDraws, wards: WardParts) -> Flags:
    """Return who goes from the ward to a unit: the older the likelier, nobody newborn."""
    rules = model.rules.timelines.units
    share = np.array([pool.excursion_share for pool in model.rules.beds.pools])[wards.pool]
    by_age = np.clip(model.age_risk, *rules.excursion_age_factors)[patients.age_band]
    share = np.where(patients.gestation >= 0, 0.0, share * by_age)
    return chance(draws.excursion, share) & (wards.length > rules.excursion_from_hours * _HOUR)


def _starts(model: StayModel, draws: StayDraws, wards: WardParts) -> Integers:
    """Return the minute of the ward part at which an excursion begins: in its first half."""
    rules = model.rules.timelines.units
    room = np.maximum(wards.length - rules.excursion_leaves_hours * _HOUR, 0)
    fraction = (draws.excursion_start >> np.uint64(48)).astype(np.int64)
    return rules.excursion_after_hours * _HOUR + (room * fraction >> 17)


def _lengths(model: StayModel, patients: Patients, draws: StayDraws, pool: Integers) -> Integers:
    rules = model.rules.timelines.units
    unit = np.maximum(pool, 0)
    means = np.array([one.mean_days for one in model.rules.beds.pools]) * model.levels.length
    relative = model.mix.length / rules.length_by_diagnosis_days
    by_diagnosis = np.sqrt(np.clip(relative, *rules.length_by_diagnosis_bounds))
    mean = means[unit] * by_diagnosis[patients.diagnosis]
    minutes = np.rint(mean * MINUTES_PER_DAY).astype(np.int64)
    length = (quantile(draws.unit_length, model.length_tables, unit) * minutes) >> LENGTH_BITS
    return np.clip(length, rules.shortest_hours * _HOUR, rules.longest_days * MINUTES_PER_DAY)


def _risk(model: StayModel, patients: Patients, pool: Integers, is_intensive: Flags) -> Floats:
    rules = model.rules.timelines.units
    by_diagnosis = np.sqrt(model.mix.deaths / rules.death_by_diagnosis)
    risk = by_diagnosis[patients.diagnosis] * model.age_risk[patients.age_band]
    risk = risk * model.levels.deaths[np.maximum(pool, 0)]
    risk = risk * np.where(is_intensive, rules.intensive_risk, rules.high_care_risk)
    return np.clip(risk, 0, rules.highest_risk)
