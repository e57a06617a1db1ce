"""The life table: the yearly hazard of death by sex, age and day."""

from datetime import date

import numpy as np
from numpy.typing import ArrayLike

from hospital_assets.simulation.chance import exact
from hospital_assets.simulation.chance.exact import Floats
from hospital_assets.simulation.dates import day_number
from hospital_assets.simulation.parameters.mortality import Hazard, MortalityRules

YEAR_DAYS = 365.25
_YEAR_STARTS = day_number(date(2016, 1, 1))
_FARTHEST = 600.0


def yearly_hazard(hazard: Hazard, ages: ArrayLike) -> Floats:
    """Return the yearly hazard of death at each age in years, after the 28th day of life."""
    age = np.asarray(ages, np.float64)
    value = hazard.infant * exact.exp(-age / hazard.infant_years)
    value = value + hazard.child * exact.exp(-age / hazard.child_years) + hazard.constant
    for hump in hazard.humps:
        value = value + hump.height * _bell((age - hump.age) / hump.width)
    return value + hazard.old * exact.exp(hazard.old_rise * age)


def calendar_factor(rules: MortalityRules, days: ArrayLike, ages: ArrayLike) -> Floats:
    """Return by how much the hazard of each day and age is multiplied: the season and COVID-19."""
    day = np.asarray(days, np.float64)
    year_day = (day - _YEAR_STARTS) % YEAR_DAYS
    season = 1 + rules.season * exact.cosine((year_day - rules.season_peak_day) / YEAR_DAYS)
    covid = rules.covid
    excess = np.zeros_like(day)
    for wave in covid.waves:
        distance = (day - day_number(wave.peak)) / wave.days
        excess = excess + wave.height * _bell(distance * np.sqrt(0.5))
    span = covid.full_age - covid.from_age
    share = np.clip((np.asarray(ages, np.float64) - covid.from_age) / span, 0, 1)
    return season + excess * share


def _bell(distance: Floats) -> Floats:
    return exact.exp(-np.minimum(distance * distance, _FARTHEST))
