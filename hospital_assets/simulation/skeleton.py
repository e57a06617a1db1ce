"""The skeleton of a hospital: everything that spans days, computed once for the whole period.

It takes a fraction of a second; every day is then read off it.
"""

import numpy as np

from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.dates import MINUTES_PER_DAY, as_dates
from hospital_assets.simulation.parameters import Parameters
from hospital_assets.simulation.people.population import Population
from hospital_assets.simulation.staff import posts
from hospital_assets.simulation.stays.admissions import Admissions
from hospital_assets.simulation.visits.attendances import Attendances
from hospital_assets.simulation.visits.diagnoses import Diagnoses


class Skeleton:
    """Stays with their persons, posts with their holders, and where attendances come from."""

    def __init__(self, seed: int, parameters: Parameters, admissions: Admissions) -> None:
        self.seed, self.parameters = seed, parameters
        self.people = Population(seed, parameters)
        self.stays, self.patient = admissions.stays, admissions.patient
        self.transfer_slot = admissions.transfer_slot
        self.attendances = Attendances(seed, parameters, self.people, self.stays, self.patient)
        self.diagnoses = Diagnoses(parameters)
        self.posts = posts.posts(parameters.staffing)
        self.holders = posts.holders(seed, parameters, self.people, self.posts)
        dead = np.flatnonzero(self.stays.died)
        dead = dead[np.argsort(self.patient[dead])]
        self._dead = self.patient[dead]
        self._dead_on = self.stays.discharged[dead] // MINUTES_PER_DAY

    def deceased_on(self, persons: Integers, days: Integers) -> np.ndarray:
        """Return each person's date of death, NaT where that has not come by the end of the day."""
        place = np.minimum(np.searchsorted(self._dead, persons), max(len(self._dead) - 1, 0))
        dates = np.full(len(persons), np.datetime64("NaT"), "M8[D]")
        if len(self._dead):
            known = (self._dead[place] == persons) & (self._dead_on[place] <= days)
            dates[known] = as_dates(self._dead_on[place[known]])
        return dates
