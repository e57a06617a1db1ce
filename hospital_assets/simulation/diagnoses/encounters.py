"""What the lists of diagnoses need to know of stays and visits."""

from dataclasses import dataclass

import numpy as np

from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.stays.case_conditions import NO_CONDITION
from hospital_assets.simulation.stays.hospital_stays import HospitalStays
from hospital_assets.simulation.stays.patients import Flags

NO_DIAGNOSIS = -1
# What a main diagnosis is of: the encounter itself, the stay that it follows, or a birth to come.
OWN, AFTER_STAY, BEFORE_BIRTH = range(3)


@dataclass(frozen=True)
class DiagnosedEncounters:
    """Stays and visits, one element each.

    `diagnosis` is the row of the main one in the case mix, or NO_DIAGNOSIS where a `condition` is
    what somebody comes for, as a place among the population's. `occasion` says what that diagnosis
    is of: OWN, AFTER_STAY or BEFORE_BIRTH. `children` are the live births of a stay. `is_stay` is
    False for visits, which note less; `is_newborn` says that the person is one, `in_cot` that the
    newborn is beside its mother.
    """

    serial: Integers
    person: Integers
    diagnosis: Integers
    condition: Integers
    occasion: Integers
    age_band: Integers
    children: Integers
    is_stay: Flags
    is_newborn: Flags
    in_cot: Flags

    def __len__(self) -> int:
        return len(self.serial)


def stay_encounters(stays: HospitalStays, rows: Integers) -> DiagnosedEncounters:
    """Return some of the stays."""
    every = stays.timelines
    some = every.select(rows)
    mothers = np.sort(every.mother[every.mother >= 0])
    children = np.searchsorted(mothers, some.serial, "right") - np.searchsorted(
        mothers, some.serial
    )
    return DiagnosedEncounters(
        serial=some.serial,
        person=stays.persons[rows],
        diagnosis=some.diagnosis,
        condition=np.full(len(rows), NO_CONDITION),
        occasion=np.full(len(rows), OWN),
        age_band=some.age_band,
        children=children,
        is_stay=np.ones(len(rows), np.bool_),
        is_newborn=some.gestation >= 0,
        in_cot=(some.gestation >= 0) & (some.pool < 0),
    )


def visit_encounters(
    serial: Integers,
    person: Integers,
    diagnosis: Integers,
    condition: Integers,
    occasion: Integers,
    age_band: Integers,
) -> DiagnosedEncounters:
    """Return visits, without an age band (-1) where nobody has asked for one."""
    count = len(serial)
    return DiagnosedEncounters(
        serial=serial,
        person=person,
        diagnosis=diagnosis,
        condition=condition,
        occasion=occasion,
        age_band=age_band,
        children=np.zeros(count, np.int64),
        is_stay=np.zeros(count, np.bool_),
        is_newborn=np.zeros(count, np.bool_),
        in_cot=np.zeros(count, np.bool_),
    )
