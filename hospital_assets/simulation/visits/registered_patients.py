"""People with a chronic condition who attend a clinic here, each at intervals of his or her own."""

import numpy as np

from hospital_assets.simulation.chance.draws import Integers, below, chance
from hospital_assets.simulation.parameters.clinics import RegisteredVisits
from hospital_assets.simulation.population.population import Population
from hospital_assets.simulation.stays.grouping import contains, is_first
from hospital_assets.simulation.stays.model import StayModel


class RegisteredPatients:
    """The registered patients: arrays of one element each, of whoever lives on the first day.

    `persons`, and in `conditions` the places of what they come for among the population's.
    """

    def __init__(
        self,
        model: StayModel,
        rules: RegisteredVisits,
        population: Population,
        staff: Integers,
        first_day: int,
    ) -> None:
        names = population.conditions.names
        members = [population.conditions.members(name) for name in names]
        persons = np.concatenate(members)
        condition = np.repeat(np.arange(len(names)), [len(some) for some in members])
        known_since = first_day - rules.born_before_first_day
        able = population.births.days(persons) < known_since
        able &= (population.deaths.days(persons) > first_day) & ~contains(staff, persons)
        rows = np.flatnonzero(able)
        able[rows] = population.catchment.uses_hospital(persons[rows])
        able &= is_first(persons)
        self.persons, self.conditions = persons[able], condition[able]
        self._deaths = population.deaths.days(self.persons)
        cycles = np.array([rules.every_working_days[name] for name in names])
        self._cycles = cycles[self.conditions]
        self._phases = below(model.stream("clinic/phase").bits(self.persons), self._cycles)
        self._rules = rules
        self._jitter = model.stream("clinic/jitter")
        self._show = model.stream("clinic/show")

    def coming(self, day: int, working_day: int) -> Integers:
        """Return the places of those who come on a day, the working day of that number."""
        spread = self._rules.spread_working_days
        half = self._cycles // 2
        since_due = (working_day - self._phases + half) % self._cycles - half
        near = np.flatnonzero(np.abs(since_due) <= spread)
        due = working_day - since_due[near]
        persons = self.persons[near]
        shift = below(self._jitter.bits(persons, due), 2 * spread + 1) - spread
        comes = (due + shift == working_day) & (self._deaths[near] > day)
        comes &= chance(self._show.bits(persons, due), self._rules.shown_share)
        return near[comes]
