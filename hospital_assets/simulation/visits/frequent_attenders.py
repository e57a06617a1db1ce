"""Few people who come to the emergency department again and again, each for a time."""

import numpy as np

from hospital_assets.simulation.chance import exact
from hospital_assets.simulation.chance.draws import Bits, Integers, below
from hospital_assets.simulation.chance.exact import Floats
from hospital_assets.simulation.parameters.emergency import FrequentAttenders
from hospital_assets.simulation.population.person_numbers import NOBODY, SEXES, person
from hospital_assets.simulation.population.population import Population
from hospital_assets.simulation.stays.case_mix import CaseMix
from hospital_assets.simulation.stays.model import StayModel

_STAGGER = 7919  # a prime: the places change hands on different days
_ENTITIES_OF_PLACE = 4096
_UNIFORM_BITS = 20
# Of so many places in a row each has its own part of what ails people.
_PARTS = 25
_TRIES = 8
_TRIES_WITHIN_CATCHMENT = 6


class FrequentPlaces:
    """The places of frequent attenders; a place is one person for an epoch, then another."""

    def __init__(
        self,
        model: StayModel,
        rules: FrequentAttenders,
        population: Population,
        first_day: int,
        last_day: int,
    ) -> None:
        self._rules = rules
        self._first_epoch = first_day // rules.days - 1
        self._epochs = (last_day + 2) // rules.days + 2 - self._first_epoch
        self._persons = self._find(model, population, first_day)
        self._share, self._before = _shares(model.mix)

    def of(self, bits: Bits, sex: Integers, diagnosis: Integers, day: int) -> Integers:
        """Return the frequent attender that each draw means on a day, or NOBODY.

        Neighbours come as often; which of them comes depends on the diagnosis, so that everybody
        comes with the same few ailments.
        """
        uniform = _uniform(bits)
        # The least draw above zero, so that the logarithm within has a value.
        share = exact.power(np.maximum(uniform, 2.0**-40), self._rules.evenness)
        number = np.floor(share * self._rules.places_of_each_sex).astype(np.int64)
        within = self._before[sex, diagnosis] + self._share[sex, diagnosis] * _uniform(
            bits << np.uint64(_UNIFORM_BITS)
        )
        part = np.minimum(np.floor(within * _PARTS).astype(np.int64), _PARTS - 1)
        number = (number // _PARTS * _PARTS + part) % self._rules.places_of_each_sex
        place = number * len(SEXES) + sex
        epoch = (day + place * _STAGGER % self._rules.days) // self._rules.days
        return self._persons[place, epoch - self._first_epoch]

    def _find(self, model: StayModel, population: Population, first_day: int) -> Integers:
        """Return the person [place, epoch]: the first drawn who lives at its beginning and near."""
        rules = self._rules
        places = np.arange(len(SEXES) * rules.places_of_each_sex)
        place = np.repeat(places, self._epochs)
        epoch = np.tile(np.arange(self._epochs) + self._first_epoch, len(places))
        begins = epoch * rules.days - place * _STAGGER % rules.days
        low, high = population.births.ranks_of_ages(
            np.array(SEXES), rules.low_age, rules.high_age, first_day
        )
        persons = np.full(len(place), NOBODY)
        stream = model.stream("frequent")
        open_ = np.arange(len(place))
        for attempt in range(_TRIES):
            sex = place[open_] % len(SEXES)
            bits = stream.bits(place[open_] * _ENTITIES_OF_PLACE + epoch[open_], attempt)
            drawn = person(sex, low[sex] + below(bits, (high - low)[sex]))
            fits = population.deaths.days(drawn) > begins[open_]
            if attempt < _TRIES_WITHIN_CATCHMENT:
                rows = np.flatnonzero(fits)
                fits[rows] = population.catchment.uses_hospital(drawn[rows])
            persons[open_[fits]] = drawn[fits]
            open_ = open_[~fits]
        return persons.reshape(len(places), self._epochs)


def _uniform(bits: Bits) -> Floats:
    """Return numbers in [0, 1) of the leading bits."""
    return (bits >> np.uint64(64 - _UNIFORM_BITS)).astype(np.float64) / 2.0**_UNIFORM_BITS


def _shares(mix: CaseMix) -> tuple[Floats, Floats]:
    """Return the share of each diagnosis among visits, and of those before it: [sex, diagnosis].

    Diagnoses stand in the order of their families.
    """
    by_sex = np.stack(
        [mix.home_visits * mix.female_share, mix.home_visits * (1 - mix.female_share)]
    )
    order = np.argsort(mix.family, kind="stable")
    up_to = np.cumsum(by_sex[:, order], axis=1)
    up_to /= up_to[:, -1:]
    share, before = np.empty_like(by_sex), np.empty_like(by_sex)
    share[:, order] = np.diff(up_to, axis=1, prepend=0.0)
    before[:, order] = up_to - share[:, order]
    return share, before
