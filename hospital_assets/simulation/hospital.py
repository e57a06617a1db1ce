"""A hospital: what its records of any day are made from."""

from collections.abc import Callable
from functools import cached_property

import numpy as np

from hospital_assets.calendar.period import Period
from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.dates import MINUTES_PER_DAY, day_number
from hospital_assets.simulation.diagnoses.lists import Diagnoses
from hospital_assets.simulation.holidays import holidays
from hospital_assets.simulation.parameters import Parameters
from hospital_assets.simulation.people.identities import Identities
from hospital_assets.simulation.people.words import Words
from hospital_assets.simulation.population.person_numbers import NOBODY
from hospital_assets.simulation.population.population import Population
from hospital_assets.simulation.skeleton import Skeleton, make_skeleton, model_of_stays
from hospital_assets.simulation.stays.grouping import place_in_run
from hospital_assets.simulation.stays.hospital_stays import HospitalStays, people_by_band
from hospital_assets.simulation.stays.model import StayModel
from hospital_assets.simulation.stays.presence import Presence
from hospital_assets.simulation.visits.departures import departures
from hospital_assets.simulation.visits.visits import Visits
from hospital_assets.simulation.workforce.workforce import Workforce, workforce

MINUTE_BITS = 32
# Rosters are asked for days around the period's, at its end by stays that go on.
_CALENDAR_DAYS = 400


class Hospital:
    """A seed, parameters and words, and what spans the days of them.

    Each part is computed once, on first use, for the whole period; days are then read off them.
    `skeleton_of` gives what `make_skeleton` does, from wherever somebody has kept it.
    """

    def __init__(
        self,
        seed: int,
        parameters: Parameters,
        words: Words,
        skeleton_of: Callable[[int, Parameters], Skeleton] = make_skeleton,
    ) -> None:
        self.seed = seed
        self.parameters = parameters
        self.words = words
        self._skeleton_of = skeleton_of

    @property
    def period(self) -> Period:
        """The days that the hospital has records of."""
        return self.parameters.period

    @cached_property
    def _skeleton(self) -> Skeleton:
        return self._skeleton_of(self.seed, self.parameters)

    @cached_property
    def population(self) -> Population:
        """The people of the city."""
        people = Population(self.seed, self.parameters.people)
        return people.knowing(self._skeleton.catchment)

    @cached_property
    def identities(self) -> Identities:
        """Names, numbers and addresses of the people."""
        return Identities(self.seed, self.population, self.parameters.identities, self.words)

    @cached_property
    def stay_model(self) -> StayModel:
        """What the stays of the period are drawn from."""
        return model_of_stays(self.seed, self.parameters)

    @property
    def stays(self) -> HospitalStays:
        """The stays of the period, with their persons and beds."""
        return self._skeleton.stays

    @cached_property
    def place_on_day(self) -> Integers:
        """The place of each stay among the arrivals of its day, which no longer period changes."""
        return place_in_run(self.stays.timelines.arrived // MINUTES_PER_DAY)

    @cached_property
    def longest_stay(self) -> int:
        """The most minutes from an arrival to the end of the stay, or of the visit before it."""
        stays = self.stays.timelines
        return int((np.maximum(stays.end, self.departures) - stays.arrived).max(initial=0))

    @cached_property
    def bed_time_keys(self) -> Integers:
        """A number for each time in a bed that rises with stay and beginning."""
        beds = self.stays.beds
        return (beds.stay << MINUTE_BITS) | beds.begin

    @cached_property
    def presence(self) -> Presence:
        """Who is in the hospital when."""
        return Presence(self.stays)

    @cached_property
    def workforce(self) -> Workforce:
        """Posts, holders and reserve; who is in a bed works no shift."""
        first, last = self._bounds
        closed = holidays(
            self.parameters.inpatients.holidays, first - _CALENDAR_DAYS, last + _CALENDAR_DAYS
        )
        staff = workforce(
            self.seed,
            self.parameters.staffing,
            self.parameters.workforce,
            closed,
            self.parameters.people.mortality.covid.waves,
            self.population,
        )
        rows, stays = self.presence.rows, self.stays.timelines
        return staff.with_patients(self.stays.persons[rows], stays.arrived[rows], stays.end[rows])

    @cached_property
    def departures(self) -> Integers:
        """The minute at which the patient of each stay would leave the emergency department."""
        rules = self.parameters.emergency.treatment
        return departures(self.stay_model, self.stays, rules)

    @cached_property
    def visits(self) -> Visits:
        """The visits to clinics and the emergency department; staff go elsewhere."""
        return Visits(
            self.stay_model,
            self.parameters.clinics,
            self.parameters.emergency,
            self.population,
            people_by_band(self.stay_model, self.population),
            self.stays,
            self._staff(),
        )

    @cached_property
    def diagnoses(self) -> Diagnoses:
        """What is coded of an encounter."""
        return Diagnoses(
            self.seed,
            self.parameters.secondary_diagnoses,
            self.stay_model.mix,
            self.population.conditions,
        )

    def numbers(self, days: Period) -> tuple[int, int]:
        """Return the first and the last day as numbers; raises ValueError outside the period."""
        if days.first_day not in self.period or days.last_day not in self.period:
            raise ValueError(f"{days} is not a range of days within the period {self.period}")
        return day_number(days.first_day), day_number(days.last_day)

    @property
    def _bounds(self) -> tuple[int, int]:
        return self.numbers(self.period)

    def _staff(self) -> Integers:
        """Return everybody who works or can be called, sorted."""
        staff = np.concatenate(
            [self.workforce.holders.person, self.workforce.reserve.members.person]
        )
        return np.sort(staff[staff != NOBODY])
