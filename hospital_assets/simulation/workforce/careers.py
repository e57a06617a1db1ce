"""What a post asks of its holders, as one array a rule."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance.draws import Bits, Integers, choose, thresholds
from hospital_assets.simulation.dates import month_start
from hospital_assets.simulation.parameters.workforce import Profession, WorkforceRules
from hospital_assets.simulation.workforce.posts import Posts


@dataclass(frozen=True)
class Careers:
    """The rules of each post's grade, one element a post; years of service and of tenure."""

    female_share: NDArray[np.float64]
    least_service: Integers
    service_spread: Integers
    tenure: Integers
    fixed_term: NDArray[np.bool_]

    @classmethod
    def of(cls, rules: WorkforceRules, posts: Posts) -> "Careers":
        """Return the rules of all posts."""
        grade = posts.grade
        return cls(
            np.array([one.female_share for one in rules.grades])[grade],
            np.array([one.least_service_years for one in rules.grades])[grade],
            np.array([one.service_spread_years for one in rules.grades])[grade],
            np.array([one.tenure_years for one in rules.grades])[grade],
            np.array([one.fixed_term for one in rules.grades])[grade],
        )


def qualification_ages(bits: Bits, role: Integers, professions: tuple[Profession, ...]) -> Integers:
    """Return the age in years at which each person qualified, by role (index of a profession)."""
    ages = np.zeros(len(bits), np.int64)
    for number, profession in enumerate(professions):
        own = role == number
        bounds = thresholds(profession.qualification_weights)
        ages[own] = np.array(profession.qualification_ages)[choose(bits[own], bounds)]
    return ages


def retirement_day(born: Integers, retirement_age: int) -> Integers:
    """Return the first day on which nobody works any more: that of the month of the birthday.

    So it never comes after the birthday, on 29 February neither.
    """
    return month_start(born, 12 * retirement_age)
