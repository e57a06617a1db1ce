"""Encounters by day: who is in a bed, attends the emergency department or a clinic on each day."""

from dataclasses import dataclass, fields
from enum import IntEnum
from functools import lru_cache

import numpy as np

from hospital_assets.simulation.chance.draws import Cipher, DrawStream, Integers
from hospital_assets.simulation.dates import MINUTES_PER_DAY
from hospital_assets.simulation.diagnoses.encounters import (
    AFTER_STAY,
    BEFORE_BIRTH,
    OWN,
    DiagnosedEncounters,
    stay_encounters,
    visit_encounters,
)
from hospital_assets.simulation.hospital import MINUTE_BITS, Hospital
from hospital_assets.simulation.parameters.beds import MATERNITY
from hospital_assets.simulation.stays.bed_allocation import NOT_ADMITTED
from hospital_assets.simulation.stays.grouping import place_in_run
from hospital_assets.simulation.visits import clinics
from hospital_assets.simulation.visits.clinics import ClinicVisits
from hospital_assets.simulation.visits.emergency_visits import (
    ADMITTED,
    RETURN,
    EmergencyVisits,
)

NO_ROW = -1
# A visit that ends at home lasts into the second day after its first at the longest.
_LONGEST_VISIT_DAYS = 2
# Where to look for a visit after a stay; such visits come within weeks.
_LATEST_RETURN_DAYS = 200
_PLACE_BITS, _TAG_BITS, _NUMBER_BITS = 14, 3, 40
_FIRST_ENCOUNTER_ID = 10**12


class Kind(IntEnum):
    """Where the patient is seen."""

    INPATIENT = 0
    EMERGENCY = 1
    OUTPATIENT = 2


class _Tag(IntEnum):
    """What an encounter's number counts."""

    STAY = 0
    BEFORE_STAY = 1
    AFTER_STAY = 2
    EMERGENCY = 3
    CLINIC = 4


@dataclass(frozen=True)
class Encounters:
    """Encounters by the day on which they are active, one element a day and encounter.

    `number` is the encounter's own, the same on every day; `serial` what its draws hang on. `kind`
    is a Kind. `pool` is the bed pool that treats the patient at the end of the day or was the last
    to, or that of a clinic's department; NO_ROW in the emergency department. `begins` and `ends`
    are minutes. `stay` is the row of the stay: the inpatient's own, the one that follows a visit,
    or the one behind it; `bed_time` the row of the time in bed; `visit` the row in `emergency` or
    `clinic`, which hold all visits of some days. NO_ROW stands where there is none.
    """

    day: Integers
    kind: Integers
    number: Integers
    serial: Integers
    person: Integers
    pool: Integers
    begins: Integers
    ends: Integers
    stay: Integers
    bed_time: Integers
    visit: Integers
    emergency: EmergencyVisits
    clinic: ClinicVisits

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.day)

    def diagnosed(self, hospital: Hospital) -> DiagnosedEncounters:
        """Return what the lists of diagnoses need to know, in the same order."""
        inpatient = np.flatnonzero(self.kind == Kind.INPATIENT)
        in_emergency = np.flatnonzero(self.kind == Kind.EMERGENCY)
        at_clinic = np.flatnonzero(self.kind == Kind.OUTPATIENT)
        visits, booked = self.visit[in_emergency], self.visit[at_clinic]
        parts = [
            stay_encounters(hospital.stays, self.stay[inpatient]),
            visit_encounters(
                self.serial[in_emergency],
                self.person[in_emergency],
                self.emergency.diagnosis[visits],
                np.full(len(visits), NO_ROW),
                np.full(len(visits), OWN),
                self.emergency.age_band[visits],
            ),
            visit_encounters(
                self.serial[at_clinic],
                self.person[at_clinic],
                self.clinic.diagnosis[booked],
                self.clinic.condition[booked],
                np.select(
                    [
                        self.clinic.kind[booked] == clinics.FOLLOW_UP,
                        self.clinic.kind[booked] == clinics.ANTENATAL,
                    ],
                    [AFTER_STAY, BEFORE_BIRTH],
                    OWN,
                ),
                np.full(len(booked), NO_ROW),
            ),
        ]
        order = np.argsort(np.concatenate([inpatient, in_emergency, at_clinic]))
        return DiagnosedEncounters(
            **{
                field.name: np.concatenate([getattr(part, field.name) for part in parts])[order]
                for field in fields(DiagnosedEncounters)
            }
        )


# Several records of the same days are made one after another.
@lru_cache(maxsize=1)
def encounters(hospital: Hospital, first: int, last: int) -> Encounters:
    """Return the encounters that are active on each day of [first, last]."""
    emergency, clinic = hospital.visits.between(_first_visits(hospital, first), last)
    parts = [
        _inpatients(hospital, first, last),
        _in_emergency(hospital, emergency, first, last),
        _at_clinics(clinic, first, last),
    ]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return Encounters(**columns, emergency=emergency, clinic=clinic)


def encounter_ids(seed: int, number: Integers) -> Integers:
    """Return the id of each encounter: 13 digits, the same on every day, in no visible order."""
    cipher = Cipher(DrawStream(seed, "encounter/id"), _NUMBER_BITS)
    return _FIRST_ENCOUNTER_ID + cipher.forward(number)


def encounter_numbers(seed: int, ids: Integers) -> Integers:
    """Return the number of the encounter that has each id."""
    cipher = Cipher(DrawStream(seed, "encounter/id"), _NUMBER_BITS)
    return cipher.backward(ids - _FIRST_ENCOUNTER_ID)


def days_of_number(hospital: Hospital, number: int) -> Integers:
    """Return the days on which an encounter is active, in order; none if there is no such one."""
    first, last = hospital.numbers(hospital.period)
    day, tag = number >> (_PLACE_BITS + _TAG_BITS), number & ((1 << _TAG_BITS) - 1)
    since, until = day, day + _LONGEST_VISIT_DAYS
    if tag in (_Tag.STAY, _Tag.BEFORE_STAY, _Tag.AFTER_STAY):
        stays = hospital.stays.timelines
        place = (number >> _TAG_BITS) & ((1 << _PLACE_BITS) - 1)
        today = stays.arrived // MINUTES_PER_DAY == day
        found = np.flatnonzero(today & (hospital.place_on_day == place))
        if not len(found):
            return np.empty(0, np.int64)
        ends = hospital.departures if tag == _Tag.BEFORE_STAY else stays.end
        end = int(ends[found[0]]) // MINUTES_PER_DAY
        since, until = (end, end + _LATEST_RETURN_DAYS) if tag == _Tag.AFTER_STAY else (day, end)
    days: list[int] = []
    for one in range(max(since, first), min(until, last) + 1):
        if (encounters(hospital, one, one).number == number).any():
            days.append(one)
        elif days:
            break
    return np.array(days, np.int64)


def stay_numbers(hospital: Hospital, stays: Integers, *, before: bool = False) -> Integers:
    """Return the numbers of some stays, or of the visits to the emergency department before them.

    A stay's number is its place among the arrivals of its day, which no longer period changes.
    """
    day = hospital.stays.timelines.arrived[stays] // MINUTES_PER_DAY
    tag = _Tag.BEFORE_STAY if before else _Tag.STAY
    return _numbers(day, hospital.place_on_day[stays], tag)


_Columns = dict[str, Integers]


def _inpatients(hospital: Hospital, first: int, last: int) -> _Columns:
    """Return stays in a bed or waiting for one in labour, and newborns in a cot."""
    stays, beds = hospital.stays.timelines, hospital.stays.beds
    near = _near(hospital, first, last)
    in_bed = hospital.stays.admitted[near] != NOT_ADMITTED
    in_cot = (stays.mother[near] >= 0) & (stays.pool[near] < 0)
    begins = np.where(in_bed, hospital.stays.admitted[near], stays.arrived[near])
    taking_place = np.flatnonzero(in_bed | in_cot)
    chosen, day = active(begins[taking_place], stays.end[near][taking_place], first, last)
    chosen = taking_place[chosen]
    stay = near.start + chosen
    # The last bed that begins before the day is over.
    key = hospital.bed_time_keys
    until = (stay << MINUTE_BITS) | ((day + 1) * MINUTES_PER_DAY - 1)
    bed_time = np.searchsorted(key, until, "right") - 1
    has_begun = in_bed[chosen] & (bed_time >= np.searchsorted(key, stay << MINUTE_BITS))
    bed_time = np.where(has_begun, bed_time, NO_ROW)
    cots = hospital.stay_model.pools.of_kind(MATERNITY)
    return {
        "day": day,
        "kind": np.full(len(day), Kind.INPATIENT, np.int64),
        "number": stay_numbers(hospital, stay),
        "serial": stays.serial[stay],
        "person": hospital.stays.persons[stay],
        "pool": np.where(bed_time == NO_ROW, cots, beds.pool[bed_time]),
        "begins": begins[chosen],
        "ends": stays.end[stay],
        "stay": stay,
        "bed_time": bed_time,
        "visit": np.full(len(day), NO_ROW),
    }


def _near(hospital: Hospital, first: int, last: int) -> slice:
    """Return the stays, which are in order of arrival, that may touch a day of [first, last]."""
    earliest = first * MINUTES_PER_DAY - hospital.longest_stay
    bounds = [earliest, (last + 1) * MINUTES_PER_DAY]
    return slice(*np.searchsorted(hospital.stays.timelines.arrived, bounds).tolist())


def _first_visits(hospital: Hospital, day: int) -> int:
    """Return the first day whose visits may last into the day: some wait long for a bed."""
    stays, midnight = hospital.stays.timelines, day * MINUTES_PER_DAY
    near = _near(hospital, day, day - 1)
    waiting = ~stays.direct[near] & (hospital.departures[near] >= midnight)
    earliest = stays.arrived[near][waiting].min(initial=midnight) // MINUTES_PER_DAY
    return min(int(earliest), day - _LONGEST_VISIT_DAYS)


def _in_emergency(hospital: Hospital, visits: EmergencyVisits, first: int, last: int) -> _Columns:
    visit, day = active(visits.arrived, visits.left, first, last)
    serial, stay, kind = visits.serial[visit], visits.stay[visit], visits.kind[visit]
    before = stay_numbers(hospital, stay, before=True)
    after = before - _Tag.BEFORE_STAY + _Tag.AFTER_STAY
    own = (serial << _TAG_BITS) | _Tag.EMERGENCY
    number = np.where(kind == ADMITTED, before, np.where(kind == RETURN, after, own))
    return {
        "day": day,
        "kind": np.full(len(day), Kind.EMERGENCY, np.int64),
        "number": number,
        "serial": serial,
        "person": visits.person[visit],
        "pool": np.full(len(day), NO_ROW),
        "begins": visits.arrived[visit],
        "ends": visits.left[visit],
        "stay": stay,
        "bed_time": np.full(len(day), NO_ROW),
        "visit": visit,
    }


def _at_clinics(visits: ClinicVisits, first: int, last: int) -> _Columns:
    day = visits.arrived // MINUTES_PER_DAY
    visit = np.flatnonzero((day >= first) & (day <= last))
    return {
        "day": day[visit],
        "kind": np.full(len(visit), Kind.OUTPATIENT, np.int64),
        "number": _numbers(day, place_in_run(day), _Tag.CLINIC)[visit],
        "serial": visits.serial[visit],
        "person": visits.person[visit],
        "pool": visits.pool[visit],
        "begins": visits.arrived[visit],
        "ends": visits.left[visit],
        "stay": visits.stay[visit],
        "bed_time": np.full(len(visit), NO_ROW),
        "visit": visit,
    }


def _numbers(day: Integers, place: Integers, tag: _Tag) -> Integers:
    return (((day << _PLACE_BITS) | place) << _TAG_BITS) | tag


def active(begins: Integers, ends: Integers, first: int, last: int) -> tuple[Integers, Integers]:
    """Return position and day of what touches each day of [first, last]; times in minutes."""
    begin_day, end_day = begins // MINUTES_PER_DAY, ends // MINUTES_PER_DAY
    touching = np.flatnonzero((begin_day <= last) & (end_day >= first))
    low, high = np.maximum(begin_day[touching], first), np.minimum(end_day[touching], last)
    count = high - low + 1
    offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(touching, count), np.repeat(low, count) + offset
