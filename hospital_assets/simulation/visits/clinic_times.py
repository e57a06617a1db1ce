"""Where and when a visit to a clinic is: the bed pool of the department, and the minutes."""

import numpy as np

from hospital_assets.simulation.chance.distributions import hourly, lognormal_about, quantile
from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.dates import MINUTES_PER_DAY, completed_years
from hospital_assets.simulation.parameters.beds import CHILDREN, MATERNITY
from hospital_assets.simulation.parameters.clinics import ClinicRules
from hospital_assets.simulation.population.births import Births
from hospital_assets.simulation.population.person_numbers import RANK_BITS
from hospital_assets.simulation.stays.model import StayModel

_PERSON_BITS = RANK_BITS + 1


def serial_numbers(day: int, persons: Integers) -> Integers:
    """Return the numbers, for ever, of visits of persons who come once on a day."""
    return (np.int64(day) << _PERSON_BITS) | persons


class ClinicTimes:
    """The minutes of visits."""

    def __init__(self, model: StayModel, rules: ClinicRules) -> None:
        self._rules = rules
        self._hours = hourly(rules.by_hour)
        self._lengths = lognormal_about(rules.median_minutes, rules.sigma)
        self._stream = model.stream("clinic/time")

    def of(self, day: int, serial: Integers) -> tuple[Integers, Integers]:
        """Return the minutes at which visits of a day begin and end."""
        for_minute, for_length = self._stream.series(serial, 2)
        arrived = day * MINUTES_PER_DAY + quantile(for_minute, self._hours)
        length = quantile(for_length, self._lengths)
        return arrived, arrived + np.clip(
            length, self._rules.shortest_minutes, self._rules.longest_minutes
        )


class ClinicPools:
    """The bed pools whose departments hold clinics, by what somebody comes for."""

    def __init__(
        self, model: StayModel, rules: ClinicRules, names: tuple[str, ...], births: Births
    ) -> None:
        self._mix, self._births = model.mix, births
        self._children = model.pools.of_kind(CHILDREN)
        self._maternity = model.pools.of_kind(MATERNITY)
        places = [model.pools.names.index(rules.registered.pool[name]) for name in names]
        self._of_condition = np.array(places)

    def after_stay(
        self, pool: Integers, diagnosis: Integers, persons: Integers, day: int
    ) -> Integers:
        """Return the pools of follow-ups: that of the stay, of the diagnosis after a unit."""
        is_ward = np.isin(pool, self._mix.ward)
        return self._or_children(np.where(is_ward, pool, self._mix.ward[diagnosis]), persons, day)

    def before_birth(self, count: int) -> Integers:
        """Return the pool of women in pregnancy, so many times."""
        return np.full(count, self._maternity)

    def of_conditions(self, condition: Integers, persons: Integers, day: int) -> Integers:
        """Return the pools of registered patients."""
        return self._or_children(self._of_condition[condition], persons, day)

    def of_diagnoses(self, diagnosis: Integers, persons: Integers, day: int) -> Integers:
        """Return the pools of new patients."""
        return self._or_children(self._mix.main_pool[diagnosis], persons, day)

    def _or_children(self, pool: Integers, persons: Integers, day: int) -> Integers:
        age = completed_years(self._births.days(persons), day)
        is_adult = age >= self._mix.band_edges[self._mix.adult_band]
        return np.where(is_adult, pool, self._children)
