"""What befalls mothers and newborns, whose persons are known: they live and die by their date."""

from dataclasses import replace

import numpy as np

from hospital_assets.simulation.chance.draws import DrawStream
from hospital_assets.simulation.dates import MINUTES_PER_DAY
from hospital_assets.simulation.parameters.maternity import MaternityRules
from hospital_assets.simulation.population.deaths import Deaths
from hospital_assets.simulation.population.person_numbers import NOBODY
from hospital_assets.simulation.stays.death_minutes import death_minutes
from hospital_assets.simulation.stays.newborns import HospitalBirths
from hospital_assets.simulation.stays.patients import Flags
from hospital_assets.simulation.stays.timelines import Timelines

# Who was to die and lives stays for this long at least after asking for a bed.
_SHORTEST_SPARED = 12 * 60


def settle(
    seed: int, rules: MaternityRules, deaths: Deaths, births: HospitalBirths, stays: Timelines
) -> Timelines:
    """Return the stays that take place, first ones and returns, with the ends that persons bring.

    Of mothers and newborns, those stays are gone that begin after the person's death, and those of
    mothers that lie so late that they would forbid her next child. A mother who dies soon after
    giving birth stays until then.
    """
    persons = births.persons[stays.root_row]
    known = np.flatnonzero(persons != NOBODY)
    some = stays.select(known)
    death_day = deaths.days(persons[known])
    is_mother = some.root_row < births.first_newborn
    is_first = some.generation == 0
    settled = is_first & births.dies_newborn[some.root_row]
    birth_minute = births.birth_minute[some.root_row]
    lives_on = death_day - birth_minute // MINUTES_PER_DAY
    dies_of_birth = (birth_minute >= 0) & (lives_on < rules.dies_of_birth_within_days)
    gone = some.arrived // MINUTES_PER_DAY > death_day
    gone |= ~is_first & (births.before_delivery[some.root_row] | dies_of_birth)
    gone |= ~is_first & is_mother & _beyond_confinement(rules, some)
    dies = ~settled & ~gone & (dies_of_birth | (death_day <= some.end // MINUTES_PER_DAY))

    # Not before the birth.
    since = np.where(is_first, np.maximum(some.arrived, birth_minute), some.arrived)
    minute = death_minutes(DrawStream(seed, "fate").bits(some.serial), since, death_day)
    spared = some.died & ~settled & ~dies
    shortest = np.where(spared, some.ready + _SHORTEST_SPARED, some.end)
    end, died = stays.end.copy(), stays.died.copy()
    end[known] = np.where(dies, minute, np.maximum(some.end, shortest))
    died[known] = settled | dies
    takes_place = np.ones(len(stays), np.bool_)
    takes_place[known[gone]] = False
    return replace(stays, end=end, died=died).select(takes_place)


def _beyond_confinement(rules: MaternityRules, stays: Timelines) -> Flags:
    """Return which stays lie too late after the chain's first arrival."""
    arrives_within = rules.later_stays_arrive_within_days * MINUTES_PER_DAY
    ends_within = rules.later_stays_end_within_days * MINUTES_PER_DAY
    return (stays.arrived > stays.root_arrived + arrives_within) | (
        stays.end > stays.root_arrived + ends_within
    )
