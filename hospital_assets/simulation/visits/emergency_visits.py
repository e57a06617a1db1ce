"""Everybody in the emergency department on a day: who goes home, who returns, who is admitted."""

from dataclasses import dataclass, replace

import numpy as np

from hospital_assets.simulation.chance.distributions import quantile
from hospital_assets.simulation.chance.draws import Bits, Integers, below, choose_by_row, thresholds
from hospital_assets.simulation.dates import MINUTES_PER_DAY
from hospital_assets.simulation.parameters.emergency import EmergencyRules
from hospital_assets.simulation.population.person_numbers import NOBODY
from hospital_assets.simulation.population.population import Population
from hospital_assets.simulation.stays.giving_birth import mothers_of_days
from hospital_assets.simulation.stays.grouping import contains, is_first
from hospital_assets.simulation.stays.hospital_stays import HospitalStays
from hospital_assets.simulation.stays.model import StayModel
from hospital_assets.simulation.stays.patients import Flags
from hospital_assets.simulation.stays.presence import Presence
from hospital_assets.simulation.visits.candidates import first_able
from hospital_assets.simulation.visits.departures import departures
from hospital_assets.simulation.visits.emergency_returns import EmergencyReturns
from hospital_assets.simulation.visits.home_visits import HomeVisits
from hospital_assets.simulation.visits.triage import Arrivals, CourseOfVisits, Triage

HOME, RETURN, ADMITTED = range(3)
NO_STAY = -1


@dataclass(frozen=True)
class EmergencyVisits:
    """The visits of one day that have somebody, one element each.

    `kind` is HOME, RETURN (after a discharge, home again) or ADMITTED; `stay` the row of the stay
    that went before or follows, or NO_STAY. `serial` is the visit's own number, or the stay's.
    Minutes: `arrived`, `triaged`, `seen` and `decided` (or triage.NOT_SEEN) and `left`, of the
    admitted the minute of the bed, of death, or of leaving for another hospital. `load` is in 1/256
    of the usual.
    """

    serial: Integers
    kind: Integers
    stay: Integers
    person: Integers
    diagnosis: Integers
    age_band: Integers
    arrived: Integers
    colour: Integers
    by_ambulance: Flags
    load: Integers
    wait: Integers
    triaged: Integers
    seen: Integers
    decided: Integers
    left_unseen: Flags
    left: Integers

    def __len__(self) -> int:
        return len(self.serial)


class EmergencyDepartment:
    """The emergency department of a hospital, day by day."""

    def __init__(
        self,
        model: StayModel,
        rules: EmergencyRules,
        population: Population,
        inpatients: HospitalStays,
        presence: Presence,
        returns: EmergencyReturns,
        staff: Integers,
    ) -> None:
        self._model, self._rules, self._population = model, rules, population
        self._inpatients, self._presence, self._returns = inpatients, presence, returns
        self._staff = staff
        self._departures = departures(model, inpatients, rules.treatment)
        self._triage = Triage(model, rules)
        instead = rules.after_discharge.instead
        self._instead = np.stack(
            [self._bounds_of(instead[group]) for group in model.rules.case_mix.return_groups]
        )
        stays = inpatients.timelines
        rows = presence.rows
        rows = rows[~stays.direct[rows] & (stays.mother[rows] < 0)]
        order = np.lexsort((stays.serial[rows], stays.arrived[rows]))
        self._admitted = rows[order]
        self._admitted_at = stays.arrived[self._admitted]

    def on(
        self, day: int, visits: HomeVisits, before: HomeVisits, at_clinics: Integers
    ) -> EmergencyVisits:
        """Return the visits of a day.

        `visits` and `before` are the home visits of the day and of the day before, `at_clinics` who
        is at a clinic on the day or the next.
        """
        stays, persons = self._inpatients.timelines, self._inpatients.persons
        who, found = self._choose(day, visits, before, at_clinics)
        returning = self._returns.between(day, day)
        admitted = self._admitted_between(day, day)
        brought_again = self._returns_with(returning)
        is_child = stays.age_band[returning] < self._model.mix.adult_band
        again = day * MINUTES_PER_DAY + quantile(
            self._model.stream("revisit/time").bits(stays.serial[returning]),
            self._model.hours_of_arrival,
            self._model.hours_of(brought_again, is_child),
        )
        stay = np.concatenate([returning, admitted])
        brought = np.concatenate([brought_again, stays.diagnosis[admitted]])
        kind = np.repeat([HOME, RETURN, ADMITTED], [found.sum(), len(returning), len(admitted)])
        arrivals = Arrivals(
            serial=np.concatenate([visits.serial[found], stays.serial[stay]]),
            diagnosis=np.concatenate([visits.diagnosis[found], brought]),
            age_band=np.concatenate([visits.age_band[found], stays.age_band[stay]]),
            arrived=np.concatenate([visits.arrived[found], again, stays.arrived[admitted]]),
            is_admitted=kind == ADMITTED,
        )
        admitted_lately = stays.arrived[self._admitted_between(day - 1, day)]
        every = np.concatenate([before.arrived, visits.arrived, again, admitted_lately])
        course = self._triage.course(arrivals, every)
        course = self._until_bed(admitted, course)
        return EmergencyVisits(
            serial=arrivals.serial,
            kind=kind,
            stay=np.concatenate([np.full(found.sum(), NO_STAY), stay]),
            person=np.concatenate([who[found], persons[stay]]),
            diagnosis=arrivals.diagnosis,
            age_band=arrivals.age_band,
            arrived=arrivals.arrived,
            colour=course.colour,
            by_ambulance=course.by_ambulance,
            load=course.load,
            wait=course.wait,
            triaged=course.triaged,
            seen=course.seen,
            decided=course.decided,
            left_unseen=course.left_unseen,
            left=course.left,
        )

    def _choose(
        self, day: int, visits: HomeVisits, before: HomeVisits, at_clinics: Integers
    ) -> tuple[Integers, Flags]:
        """Return who comes for each home visit, and for which somebody was found.

        Nobody who was a candidate of the day before, whether chosen or not: so a day needs no
        other day's result.
        """
        candidates = visits.candidates
        flat = candidates.reshape(-1)
        returning = self._inpatients.persons[self._returns.between(day - 1, day + 1)]
        giving_birth = mothers_of_days(self._population, day - 1, day + 1)
        elsewhere = np.concatenate(
            [before.candidates.reshape(-1), returning, at_clinics, giving_birth]
        )
        able = (flat != NOBODY) & ~_is_repeated(flat)
        able &= ~contains(np.sort(elsewhere), flat) & ~contains(self._staff, flat)
        able &= ~self._presence.touches(flat, np.full(len(flat), day), 1)
        rows = np.flatnonzero(able)
        able[rows] = self._population.deaths.days(flat[rows]) > day
        return first_able(able.reshape(candidates.shape), candidates, self._population)

    def _returns_with(self, stay: Integers) -> Integers:
        """Return the diagnoses of visits after stays: the stay's own if people go home with it.

        Nobody comes with a birth that is over.
        """
        stays, mix = self._inpatients.timelines, self._model.mix
        diagnosis = stays.diagnosis[stay]
        other = (mix.home_visits[diagnosis] == 0) | mix.is_birth[diagnosis]
        other |= stays.mother[stay] >= 0
        rows = np.flatnonzero(other)
        is_child = stays.age_band[stay[rows]] < mix.adult_band
        group = np.where(is_child, mix.children_return_group, mix.return_group[diagnosis[rows]])
        bits = self._model.stream("revisit/diagnosis").bits(stays.serial[stay[rows]])
        bounds = self._instead[group, :-1]
        diagnosis[rows] = choose_by_row(bits, bounds)
        return diagnosis

    def _bounds_of(self, weights: dict[str, float]) -> Bits:
        """Return the bounds that choose a diagnosis by its weight; a code means its first one."""
        of_diagnoses = np.zeros(len(self._model.mix.codes))
        for code, weight in weights.items():
            of_diagnoses[self._model.mix.row(code)] = weight
        return thresholds(of_diagnoses)

    def _admitted_between(self, first: int, last: int) -> Integers:
        """Return the stays that come through the department on the days [first, last]."""
        minutes = np.array([first, last + 1]) * MINUTES_PER_DAY
        return self._admitted[slice(*np.searchsorted(self._admitted_at, minutes))]

    def _until_bed(self, admitted: Integers, course: CourseOfVisits) -> CourseOfVisits:
        """Return the course of visits with what the stays of the admitted, the last ones, say."""
        stays, rules = self._inpatients.timelines, self._rules.treatment
        last = slice(len(course.seen) - len(admitted), None)
        seen, decided, left = course.seen.copy(), course.decided.copy(), course.left.copy()
        decided[last] = stays.decided[admitted]
        # Whose wait is too long for that decision is seen within some part of the time up to it.
        low, high = rules.seen_by_percent
        bits = self._model.stream("ed/seen").bits(stays.serial[admitted])
        until_decision = stays.decided[admitted] - stays.arrived[admitted]
        latest = until_decision * (low + below(bits, high - low)) // 100
        seen[last] = np.minimum(seen[last], stays.arrived[admitted] + latest)
        left[last] = self._departures[admitted]
        triaged = np.minimum(course.triaged, np.where(course.left_unseen, left, seen))
        return replace(course, triaged=triaged, seen=seen, decided=decided, left=left)


def _is_repeated(values: Integers) -> Flags:
    """Return which values stand more than once."""
    return ~(is_first(values) & is_first(values[::-1])[::-1])
