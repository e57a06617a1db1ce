"""What newborns are like: weeks of gestation, weight, and whether they are ill, with what."""

from dataclasses import dataclass

import numpy as np

from hospital_assets.simulation.chance.distributions import lognormal, quantile
from hospital_assets.simulation.chance.draws import Bits, Integers, chance, choose, thresholds
from hospital_assets.simulation.chance.exact import interpolate
from hospital_assets.simulation.parameters.maternity import NewbornRules
from hospital_assets.simulation.population.person_numbers import FEMALE
from hospital_assets.simulation.stays.case_mix import CaseMix
from hospital_assets.simulation.stays.patients import Flags

# The weeks with which late preterm births and births at term begin.
LATE_PRETERM, TERM = 34, 37
_WEIGHT_UNIT = 1024
_MOST_THINNED = 0.98
# Somebody must be able to die of something, whatever the case mix says.
_LEAST_DEADLY = 1e-6


def gestation_weeks(rules: NewbornRules, bits: Bits, dies: Flags, is_twin: Flags) -> Integers:
    """Return the completed weeks of gestation."""
    weeks = rules.first_week + np.arange(len(rules.births_by_week))
    births_by_week = np.asarray(rules.births_by_week)
    death = interpolate(weeks, *zip(*rules.death_by_week, strict=True))
    death *= np.where(
        weeks >= TERM,
        rules.term_death_factor,
        np.where(weeks >= LATE_PRETERM, rules.late_preterm_death_factor, 1.0),
    )
    of_dying = thresholds(births_by_week * death)
    surviving = 1 - np.minimum(death * rules.survivor_thinning, _MOST_THINNED)
    of_surviving = thresholds(births_by_week * surviving)
    drawn = rules.first_week + np.where(dies, choose(bits, of_dying), choose(bits, of_surviving))
    earlier = np.maximum(drawn - rules.twins_earlier_weeks, rules.first_week)
    return np.where(is_twin, earlier, drawn)


def birth_weights(
    rules: NewbornRules, bits: Bits, weeks: Integers, is_twin: Flags, sex: Integers
) -> Integers:
    """Return the birth weights in grams."""
    usual = interpolate(weeks, *zip(*rules.weight_by_week, strict=True))
    usual *= np.where(is_twin, rules.twin_weight_factor, 1.0)
    usual *= np.where(sex == FEMALE, rules.girl_weight_factor, rules.boy_weight_factor)
    sigma = rules.weight_sigma
    scatter = quantile(bits, lognormal(-(sigma**2) / 2, sigma, _WEIGHT_UNIT))
    return np.rint(usual).astype(np.int64) * scatter // _WEIGHT_UNIT


@dataclass(frozen=True)
class Illness:
    """What newborns have, one element each; healthy ones have a code that says so.

    `diagnosis` is a row of the case mix; `in_unit` says who goes to the neonatal unit, for
    `shortest_days` at least.
    """

    diagnosis: Integers
    in_unit: Flags
    shortest_days: Integers


def illnesses(
    rules: NewbornRules,
    case_mix: CaseMix,
    bits: Bits,
    weeks: Integers,
    dies: Flags,
    is_twin: Flags,
) -> Illness:
    """Return what the newborns have, by one draw each; who dies has something of the unit's."""
    ill = rules.term_illnesses
    of_unit, of_cot = ([getattr(one, key) for one in ill] for key in ("unit_share", "cot_share"))
    row = np.array([case_mix.row(one.code) for one in ill])
    # Illnesses in the unit, the same in a cot, and nothing.
    bounds = thresholds([*of_unit, *of_cot, 1 - sum(of_unit) - sum(of_cot)])
    drawn = choose(bits, bounds)
    deadly = choose(bits, thresholds(of_unit * np.maximum(case_mix.deaths[row], _LEAST_DEADLY)))
    drawn = np.where(dies, deadly, drawn)
    well = np.where(
        is_twin, case_mix.row(rules.well_twin_diagnosis), case_mix.row(rules.well_diagnosis)
    )
    at_term = np.where(drawn < 2 * len(ill), np.append(row, [*row, 0])[drawn], well)
    shortest = np.array([one.shortest_days for one in ill] + [0] * (len(ill) + 1))

    extreme = weeks < rules.extremely_preterm_before_week
    before_term = np.where(
        extreme,
        case_mix.row(rules.extremely_preterm_diagnosis),
        case_mix.row(rules.preterm_diagnosis),
    )
    share = np.where(
        weeks < LATE_PRETERM, rules.unit_share_before_34_weeks, rules.unit_share_34_to_36_weeks
    )
    is_preterm = weeks < TERM
    return Illness(
        diagnosis=np.where(is_preterm, before_term, at_term),
        in_unit=np.where(is_preterm, dies | chance(bits, share), drawn < len(ill)),
        shortest_days=np.where(is_preterm, 0, shortest[drawn]),
    )
