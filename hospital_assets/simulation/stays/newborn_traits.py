"""What newborns are like: weeks of gestation, weight, and how likely they are ill, with what."""

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance.distributions import lognormal, quantile
from hospital_assets.simulation.chance.draws import Bits, Integers, choose, thresholds
from hospital_assets.simulation.chance.exact import interpolate
from hospital_assets.simulation.parameters.maternity import NewbornRules
from hospital_assets.simulation.population.person_numbers import FEMALE
from hospital_assets.simulation.stays.case_mix import CaseMix
from hospital_assets.simulation.stays.patients import Flags

_WEIGHT_UNIT = 1024
_MOST_THINNED = 0.98


def gestation_weeks(rules: NewbornRules, bits: Bits, dies: Flags, is_twin: Flags) -> Integers:
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


def unit_shares(rules: NewbornRules, weeks: Integers) -> NDArray[np.float64]:
    """Return the probability of a bed in the neonatal unit."""
    return np.where(
        weeks < 34,
        rules.unit_share_before_34_weeks,
        np.where(weeks < 37, rules.unit_share_34_to_36_weeks, rules.unit_share_from_37_weeks),
    )


def main_diagnoses(rules: NewbornRules, case_mix: CaseMix, bits: Bits, weeks: Integers) -> Integers:
    """Return the row of the newborns' main diagnosis."""
    at_term = np.array([case_mix.row(code) for code in rules.term_diagnoses])
    bounds = thresholds(list(rules.term_diagnoses.values()))
    preterm = case_mix.row(rules.preterm_diagnosis)
    return np.where(weeks < 37, preterm, at_term[choose(bits, bounds)])
