"""Who comes to the clinics on a day: after stays, before births, registered and new patients."""

from dataclasses import dataclass

import numpy as np

from hospital_assets.simulation.chance.draws import Integers, below, choose, thresholds
from hospital_assets.simulation.parameters.clinics import ClinicRules
from hospital_assets.simulation.population.person_numbers import NOBODY
from hospital_assets.simulation.population.population import Population
from hospital_assets.simulation.stays.age_ranks import AgeRanks
from hospital_assets.simulation.stays.grouping import contains, is_first
from hospital_assets.simulation.stays.hospital_stays import HospitalStays
from hospital_assets.simulation.stays.model import StayModel
from hospital_assets.simulation.stays.presence import Presence
from hospital_assets.simulation.visits.appointments import Appointments
from hospital_assets.simulation.visits.candidates import CandidateDraws, first_able
from hospital_assets.simulation.visits.clinic_times import (
    ClinicPools,
    ClinicTimes,
    serial_numbers,
)
from hospital_assets.simulation.visits.emergency_returns import EmergencyReturns
from hospital_assets.simulation.visits.registered_patients import RegisteredPatients
from hospital_assets.simulation.visits.working_days import WorkingDays

FOLLOW_UP, ANTENATAL, REGISTERED, NEW = range(4)
NONE = -1
_SERIAL_BITS = 14
# The most urgent class of triage with which somebody is referred to a clinic.
_CAN_WAIT = 2


@dataclass(frozen=True)
class ClinicVisits:
    """Visits to clinics of one day, each person once.

    `kind` is FOLLOW_UP, ANTENATAL, REGISTERED or NEW. `stay` is the row of the stay behind the
    first two, or NONE; `condition` what a registered patient comes for, as a place among the
    population's, or NONE; `diagnosis` is NONE for these alone. `pool` is the bed pool whose
    department holds the clinic. `serial` is the visit's number, for ever; `arrived` and `left` are
    minutes.
    """

    serial: Integers
    person: Integers
    kind: Integers
    stay: Integers
    diagnosis: Integers
    condition: Integers
    pool: Integers
    arrived: Integers
    left: Integers

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True)
class _Wished:
    """Visits before it is settled who comes; fields as in ClinicVisits."""

    person: Integers
    kind: Integers
    stay: Integers
    diagnosis: Integers
    condition: Integers
    pool: Integers

    def select(self, rows: Integers) -> "_Wished":
        return _Wished(**{name: column[rows] for name, column in vars(self).items()})


class Clinics:
    """The clinics of a hospital, day by day."""

    def __init__(
        self,
        model: StayModel,
        rules: ClinicRules,
        population: Population,
        inpatients: HospitalStays,
        presence: Presence,
        working_days: WorkingDays,
        booked: Appointments,
        returns: EmergencyReturns,
        registered: RegisteredPatients,
        draws: CandidateDraws,
        staff: Integers,
    ) -> None:
        self._model, self._rules = model, rules
        self._population, self._inpatients, self._presence = population, inpatients, presence
        self._working_days, self._booked, self._returns = working_days, booked, returns
        self._registered, self._draws, self._staff = registered, draws, staff
        mix = model.mix
        lasting = np.array([name is not None for name in mix.condition]) & (
            mix.condition_share >= 1
        )
        waits = (mix.planned_share > 0) | (lasting & (mix.triage_class >= _CAN_WAIT))
        self._new = np.flatnonzero(waits & ~mix.is_birth)
        weights = 1 + rules.new.planned_weight * mix.planned_share[self._new]
        self._new_bounds = thresholds(weights)
        self._times = ClinicTimes(model, rules)
        self._pools = ClinicPools(model, rules, population.conditions.names, population.births)

    def on(self, day: int, ranks: AgeRanks) -> ClinicVisits:
        """Return the visits of a day, none on weekends and holidays.

        Appointments go before other visits, registered patients before new ones. Nobody comes who
        is in a bed, or was in the emergency department on the day or the night before.
        """
        if not self._working_days.are_open(np.array([day]))[0]:
            return self._timed(day, _wished(np.zeros(0, np.int64), NEW, NONE))
        every = _joined([self._booked_on(day), self._registered_on(day), self._new_on(day, ranks)])
        every = every.select(np.flatnonzero(is_first(every.person)))
        around = np.full(len(every.person), day)
        late = self._presence.touches(every.person, around, 1) & (every.kind == NEW)
        here = np.sort(self._inpatients.persons[self._returns.between(day - 1, day)])
        late |= contains(here, every.person) & (every.kind >= REGISTERED)
        return self._timed(day, every.select(np.flatnonzero(~late)))

    def _timed(self, day: int, visits: _Wished) -> ClinicVisits:
        serial = serial_numbers(day, visits.person)
        arrived, left = self._times.of(day, serial)
        return ClinicVisits(serial=serial, **vars(visits), arrived=arrived, left=left)

    def _booked_on(self, day: int) -> _Wished:
        booked = self._booked.on(day)
        kind = np.where(booked.is_antenatal, ANTENATAL, FOLLOW_UP)
        persons = self._inpatients.persons[booked.stay]
        stays = self._inpatients.timelines
        diagnosis, pool = stays.diagnosis[booked.stay], stays.pool[booked.stay]
        after = self._pools.after_stay(pool, diagnosis, persons, day)
        before = self._pools.before_birth(len(persons))
        pool = np.where(booked.is_antenatal, before, after)
        return _wished(persons, kind, pool, stay=booked.stay, diagnosis=diagnosis)

    def _registered_on(self, day: int) -> _Wished:
        patients = self._registered
        coming = patients.coming(day, self._working_days.number(day))
        persons = patients.persons[coming]
        free = ~self._presence.touches(persons, np.full(len(coming), day), 0)
        persons, condition = persons[free], patients.conditions[coming[free]]
        pool = self._pools.of_conditions(condition, persons, day)
        return _wished(persons, REGISTERED, pool, condition=condition)

    def _new_on(self, day: int, ranks: AgeRanks) -> _Wished:
        rules = self._rules.new
        span = rules.most_a_day - rules.least_a_day + 1
        count = rules.least_a_day + int(below(self._model.stream("clinic/new").bits(day), span)[0])
        number = np.arange(count)
        bits = self._model.stream("clinic/new/who").bits(day, number)
        diagnosis = self._new[choose(bits, self._new_bounds)]
        candidates = self._draws.draw(
            self._model.stream("clinic/new/person"),
            (np.int64(day) << _SERIAL_BITS) | number,
            diagnosis,
            ranks,
            day,
            rules.candidates,
            np.ones(count, np.bool_),
        ).persons
        flat = candidates.reshape(-1)
        able = (flat != NOBODY) & ~contains(self._staff, flat)
        rows = np.flatnonzero(able)
        able[rows] = self._population.deaths.days(flat[rows]) > day
        persons, found = first_able(able.reshape(candidates.shape), candidates, self._population)
        persons, diagnosis = persons[found], diagnosis[found]
        pool = self._pools.of_diagnoses(diagnosis, persons, day)
        return _wished(persons, NEW, pool, diagnosis=diagnosis)


def _wished(
    persons: Integers,
    kind: Integers | int,
    pool: Integers | int,
    stay: Integers | int = NONE,
    diagnosis: Integers | int = NONE,
    condition: Integers | int = NONE,
) -> _Wished:
    columns = [
        np.broadcast_to(np.asarray(each, np.int64), len(persons))
        for each in (kind, stay, diagnosis, condition, pool)
    ]
    return _Wished(persons, *columns)


def _joined(parts: list[_Wished]) -> _Wished:
    return _Wished(
        **{name: np.concatenate([getattr(one, name) for one in parts]) for name in vars(parts[0])}
    )
