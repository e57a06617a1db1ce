"""Who could come for a visit: people of fitting sex, age and condition, by hash alone."""

from dataclasses import dataclass

import numpy as np

from hospital_assets.simulation.chance.draws import (
    Bits,
    DrawStream,
    Integers,
    below,
    chance,
)
from hospital_assets.simulation.parameters.emergency import EmergencyRules
from hospital_assets.simulation.population.person_numbers import (
    FEMALE,
    MALE,
    NOBODY,
    person,
    rank_of,
)
from hospital_assets.simulation.population.population import Population
from hospital_assets.simulation.stays.age_ranks import AgeRanks
from hospital_assets.simulation.stays.case_conditions import case_conditions
from hospital_assets.simulation.stays.first_stays import age_bands, age_bounds
from hospital_assets.simulation.stays.model import StayModel
from hospital_assets.simulation.stays.patients import Flags

_SEX, _AGE, _FIRST_CANDIDATE = 0, 1, 2  # counters of a visit's draws
# What nobody of this age has is a matter of children.
_GROWN_UP = 20
_CHILD_BITS = np.uint64(40)
_REGISTERED_OF_FOUR = np.uint64(3)


@dataclass(frozen=True)
class Candidates:
    """The candidates of visits: `persons` is [visit, try], NOBODY where nobody was found.

    `sex`, `age_band` and `is_child` are what was asked for; `bits` [visit, try] are the draws.
    """

    persons: Integers
    sex: Integers
    age_band: Integers
    is_child: Flags
    bits: Bits


class CandidateDraws:
    """Draws the candidates of visits; `people` [sex, band] are the people of each age."""

    def __init__(
        self,
        model: StayModel,
        rules: EmergencyRules,
        population: Population,
        people: Integers,
    ) -> None:
        self._mix = model.mix
        self._conditions = population.conditions
        case = case_conditions(model.mix, population.conditions.names)
        # So many have HIV that it needs no asking for.
        self._condition = np.where(case.of_diagnosis == case.hiv, -1, case.of_diagnosis)
        self._bounds = age_bounds(model.mix, people)
        ages = [one.ages for one in model.rules.case_mix.diagnoses]
        middles = model.mix.band_middles
        adult_rates = model.mix.age_rates[:, middles >= _GROWN_UP].max(axis=1)
        self._of_children = adult_rates <= 0
        self._of_all_ages = np.array([name == rules.all_ages_profile for name in ages])
        self._child_share = rules.child_share_at_all_ages

    def draw(
        self,
        stream: DrawStream,
        serial: Integers,
        diagnosis: Integers,
        ranks: AgeRanks,
        day: int,
        tries: int,
        asks_condition: Flags,
    ) -> Candidates:
        """Return the candidates of the visits of a day.

        Where it `asks_condition`, they have what the diagnosis implies or makes likely.
        """
        counters = np.arange(tries + _FIRST_CANDIDATE)
        bits = stream.bits(serial[:, None], counters[None, :])
        female = chance(bits[:, _SEX], self._mix.female_share[diagnosis])
        sex = np.where(female, FEMALE, MALE)
        is_child = self._of_children[diagnosis] | (
            self._of_all_ages[diagnosis] & chance(bits[:, _AGE] << _CHILD_BITS, self._child_share)
        )
        adult = (~is_child).astype(np.int64)
        band = age_bands(self._mix, self._bounds, bits[:, _AGE], diagnosis, sex, adult)
        low, high = ranks.of(sex, band, np.full(len(sex), day))
        bits = bits[:, _FIRST_CANDIDATE:]
        drawn = low[:, None] + below(bits, np.maximum(high - low, 1)[:, None])
        persons = person(sex[:, None], drawn)
        condition = np.where(asks_condition, self._condition[diagnosis], -1)
        for number in np.unique(condition[condition >= 0]).tolist():
            rows = np.flatnonzero(condition == number)
            persons[rows] = self._with_condition(
                number, sex[rows], low[rows], high[rows], bits[rows]
            )
        return Candidates(persons, sex, band, is_child, bits)

    def _with_condition(
        self, number: int, sex: Integers, low: Integers, high: Integers, bits: Bits
    ) -> Integers:
        """Return people with a condition [visit, try], a quarter of them registered, or NOBODY."""
        tries = bits.shape[1]
        sex, low, high = (np.repeat(each, tries) for each in (sex, low, high))
        flat = bits.reshape(-1)
        registered = (flat & _REGISTERED_OF_FOUR) == 0
        everybody = np.ones(len(flat), np.bool_)
        picked = self._conditions.pick(number, sex, low, high, flat, everybody, registered)
        rank = rank_of(picked)
        fits = (rank >= low) & (rank < high)
        return np.where(fits, picked, NOBODY).reshape(-1, tries)


def first_able(able: Flags, persons: Integers, population: Population) -> tuple[Integers, Flags]:
    """Return the person of each visit, and whether there is one.

    Of the candidates who are able to come [visit, try] the first who uses this hospital, or else
    the first.
    """
    visits = np.arange(len(persons))
    choice = np.argmax(able, axis=1) if able.shape[1] else np.zeros(len(persons), np.int64)
    found = np.asarray(able.any(axis=1))
    open_ = np.flatnonzero(found)
    for attempt in range(persons.shape[1]):
        rows = open_[able[open_, attempt]]
        near = population.catchment.uses_hospital(persons[rows, attempt])
        choice[rows[near]] = attempt
        settled = np.zeros(len(persons), np.bool_)
        settled[rows[near]] = True
        open_ = open_[~settled[open_]]
    return persons[visits, choice], found
