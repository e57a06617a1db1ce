"""Visits to the emergency department that end at home: how many a day, of what, at what minute."""

from dataclasses import dataclass

import numpy as np

from hospital_assets.simulation.chance.distributions import quantile
from hospital_assets.simulation.chance.draws import Integers, chance
from hospital_assets.simulation.dates import MINUTES_PER_DAY, completed_years
from hospital_assets.simulation.parameters.emergency import EmergencyRules
from hospital_assets.simulation.population.births import Births
from hospital_assets.simulation.population.person_numbers import NOBODY
from hospital_assets.simulation.stays.age_ranks import AgeRanks
from hospital_assets.simulation.stays.model import StayModel
from hospital_assets.simulation.stays.patients import Flags
from hospital_assets.simulation.stays.pressure import ONE
from hospital_assets.simulation.visits.candidates import CandidateDraws
from hospital_assets.simulation.visits.frequent_attenders import FrequentPlaces

# On an ordinary day one slot in so many holds a visit.
_SLOTS_A_VISIT = 6
_SERIAL_BITS = 14


@dataclass(frozen=True)
class HomeVisits:
    """The visits of a day before anybody is chosen; `candidates` is [visit, try], or NOBODY.

    `serial` is the visit's number, for ever.
    """

    serial: Integers
    diagnosis: Integers
    arrived: Integers
    age_band: Integers
    candidates: Integers


class HomeVisitDraws:
    """Draws the visits of any day.

    Each diagnosis has slots enough for its busiest day; which of them hold a visit is a hash that
    the pressure of the day moves. So visits scatter as arrivals do, without a count being drawn.
    """

    def __init__(
        self,
        model: StayModel,
        rules: EmergencyRules,
        draws: CandidateDraws,
        frequent: FrequentPlaces,
        births: Births,
    ) -> None:
        self._model, self._rules = model, rules
        self._draws, self._frequent, self._births = draws, frequent, births
        share = model.mix.home_visits / np.cumsum(model.mix.home_visits)[-1]
        expected = share * rules.home_visits_a_day
        slots = np.ceil(expected * _SLOTS_A_VISIT).astype(np.int64)
        self._diagnosis = np.repeat(np.arange(len(slots)), slots)
        self._share = np.repeat(expected / np.maximum(slots, 1), slots)

    def on(self, day: int, ranks: AgeRanks) -> HomeVisits:
        """Return the visits of a day with their candidates."""
        model = self._model
        bits = model.stream("ed").bits(day, np.arange(len(self._diagnosis)))
        family = model.mix.family[self._diagnosis]
        pressure = model.pressure.emergency[family, day - model.pressure.first_day]
        limit = self._share * pressure * (2.0**32 / ONE)
        slot = np.flatnonzero((bits >> np.uint64(32)).astype(np.float64) < limit)
        diagnosis = self._diagnosis[slot]
        serial = (np.int64(day) << _SERIAL_BITS) | slot
        frequent = chance(model.stream("ed/frequent").bits(serial), self._rules.frequent.share)
        drawn = self._draws.draw(
            model.stream("ed/person"),
            serial,
            diagnosis,
            ranks,
            day,
            self._rules.candidates,
            ~frequent,
        )
        hours = model.hours_of(diagnosis, drawn.age_band < model.mix.adult_band)
        minute = quantile(model.stream("ed/time").bits(serial), model.hours_of_arrival, hours)
        persons = drawn.persons
        rows = np.flatnonzero(frequent & ~drawn.is_child)
        for attempt in range(min(self._rules.frequent.tries, persons.shape[1])):
            bits_of_place = drawn.bits[rows, attempt]
            known = self._frequent.of(bits_of_place, drawn.sex[rows], diagnosis[rows], day)
            of_age = self._is_of_age(known, diagnosis[rows], day)
            persons[rows, attempt] = np.where(of_age, known, persons[rows, attempt])
        return HomeVisits(
            serial, diagnosis, day * MINUTES_PER_DAY + minute, drawn.age_band, persons
        )

    def _is_of_age(self, persons: Integers, diagnosis: Integers, day: int) -> Flags:
        """Return who is of an age at which the diagnosis is met."""
        mix = self._model.mix
        found = persons != NOBODY
        born, _ = self._births.of(np.where(found, persons, 0))
        age = completed_years(born, np.full(len(born), day))
        band = np.clip(
            np.searchsorted(mix.band_edges, age, "right") - 1, 0, len(mix.band_edges) - 2
        )
        return found & (mix.age_rates[diagnosis, band] > 0)
