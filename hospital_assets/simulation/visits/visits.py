"""All visits of a hospital that need no bed, for any days."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.parameters.clinics import ClinicRules
from hospital_assets.simulation.parameters.emergency import EmergencyRules
from hospital_assets.simulation.population.population import Population
from hospital_assets.simulation.stays.age_ranks import AgeRanks
from hospital_assets.simulation.stays.hospital_stays import HospitalStays
from hospital_assets.simulation.stays.model import StayModel
from hospital_assets.simulation.stays.presence import Presence
from hospital_assets.simulation.visits.appointments import appointments
from hospital_assets.simulation.visits.candidates import CandidateDraws
from hospital_assets.simulation.visits.clinics import Clinics, ClinicVisits
from hospital_assets.simulation.visits.emergency_returns import emergency_returns
from hospital_assets.simulation.visits.emergency_visits import EmergencyDepartment, EmergencyVisits
from hospital_assets.simulation.visits.frequent_attenders import FrequentPlaces
from hospital_assets.simulation.visits.home_visits import HomeVisitDraws
from hospital_assets.simulation.visits.registered_patients import RegisteredPatients
from hospital_assets.simulation.visits.working_days import WorkingDays

# Visits follow from stays and lead to them, so those of days beyond the period's ends count.
_MARGIN_DAYS = 3
_CALENDAR_DAYS = 400


class Visits:
    """The visits to clinics and the emergency department, on any day of the period.

    Who comes first: stays, appointments that follow from them, registered patients, new patients of
    clinics, the emergency department. Each looks only at those before it. `people` [sex, band] are
    the people of each sex and age band; `staff` are the persons, sorted, who don't come.
    """

    def __init__(
        self,
        model: StayModel,
        clinic_rules: ClinicRules,
        emergency_rules: EmergencyRules,
        population: Population,
        people: Integers,
        inpatients: HospitalStays,
        staff: Integers,
    ) -> None:
        self._model, self._population = model, population
        presence = Presence(inpatients)
        first, last = model.first_day, model.last_day
        working_days = WorkingDays(
            model.rules.holidays,
            model.opening_day - _CALENDAR_DAYS,
            model.closing_day + _CALENDAR_DAYS,
        )
        wider = (first - _MARGIN_DAYS, last + _MARGIN_DAYS)
        booked = appointments(
            model,
            clinic_rules,
            population.deaths,
            inpatients,
            presence,
            working_days,
            staff,
            wider,
        )
        returns = emergency_returns(
            model,
            emergency_rules.after_discharge,
            population.deaths,
            inpatients,
            presence,
            booked,
            staff,
        )
        draws = CandidateDraws(model, emergency_rules, population, people)
        frequent = FrequentPlaces(model, emergency_rules.frequent, population, first, last)
        self._home_visits = HomeVisitDraws(
            model, emergency_rules, draws, frequent, population.births
        )
        self._clinics = Clinics(
            model,
            clinic_rules,
            population,
            inpatients,
            presence,
            working_days,
            booked,
            returns,
            RegisteredPatients(model, clinic_rules.registered, population, staff, first),
            draws,
            staff,
        )
        self._emergency = EmergencyDepartment(
            model, emergency_rules, population, inpatients, presence, returns, staff
        )

    def between(self, first: int, last: int) -> tuple[EmergencyVisits, ClinicVisits]:
        """Return the visits that begin on the days [first, last], day by day."""
        emergency, clinics = zip(*self.on_days(first, last), strict=True)
        return EmergencyVisits(**_joined(emergency)), ClinicVisits(**_joined(clinics))

    def on_days(self, first: int, last: int) -> list[tuple[EmergencyVisits, ClinicVisits]]:
        """Return the visits of each of the days [first, last]."""
        mix = self._model.mix
        ranks = AgeRanks.of_days(
            self._population.births, mix.band_edges, mix.adult_band, first - 1, last + 1
        )
        before = self._home_visits.on(first - 1, ranks)
        at_clinics = self._clinics.on(first, ranks)
        days = []
        for day in range(first, last + 1):
            visits, next_clinics = (
                self._home_visits.on(day, ranks),
                self._clinics.on(day + 1, ranks),
            )
            both = np.concatenate([at_clinics.person, next_clinics.person])
            days.append((self._emergency.on(day, visits, before, both), at_clinics))
            before, at_clinics = visits, next_clinics
        return days


def _joined(days: Sequence[EmergencyVisits] | Sequence[ClinicVisits]) -> dict[str, NDArray[Any]]:
    """Return each column of several days as one."""
    names = vars(days[0])
    return {name: np.concatenate([getattr(day, name) for day in days]) for name in names}
