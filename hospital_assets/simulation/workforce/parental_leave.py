"""Parental leave: at the births of the staff's own children, as the families say."""

from dataclasses import dataclass

import numpy as np

from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.parameters.workforce import ParentalLeave
from hospital_assets.simulation.population.person_numbers import FEMALE, MALE, NOBODY, sex_of
from hospital_assets.simulation.population.population import Population
from hospital_assets.simulation.workforce.holders import Holders


@dataclass(frozen=True)
class Away:
    """Days [first_day, last_day] on which a holder is away, whatever was planned.

    `holder` is a row of the holders; days outside of the holder's time in post don't count.
    """

    holder: Integers
    first_day: Integers
    last_day: Integers


def parental_leave(population: Population, holders: Holders, rules: ParentalLeave) -> Away:
    """Return the leave of mothers around, and of fathers from, the birth of each child."""
    women = np.flatnonzero(sex_of(holders.person) == FEMALE)
    woman, child = population.families.children(holders.person[women])
    born, _ = population.births.of(child)
    men = np.flatnonzero(sex_of(holders.person) == MALE)
    partner = population.partners.partners(holders.person[men])
    men, partner = men[partner != NOBODY], partner[partner != NOBODY]
    man, his_child = population.families.children(partner)
    his_born, _ = population.births.of(his_child)
    away = Away(
        np.concatenate([women[woman], men[man]]),
        np.concatenate([born - rules.mother_days_before, his_born]),
        np.concatenate([born + rules.mother_days_after, his_born + rules.father_days - 1]),
    )
    in_post = (away.last_day >= holders.first_day[away.holder]) & (
        away.first_day <= holders.last_day[away.holder]
    )
    return Away(away.holder[in_post], away.first_day[in_post], away.last_day[in_post])
