"""The record `transfers`: every patient transferred to another facility on a day."""

import uuid

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hospital_assets.calendar.period import Period
from hospital_assets.simulation.chance.draws import (
    Bits,
    DrawStream,
    Integers,
    below,
    choose,
    thresholds,
)
from hospital_assets.simulation.dates import MINUTES_PER_DAY, as_dates, as_instants
from hospital_assets.simulation.encounters import encounter_ids, stay_numbers
from hospital_assets.simulation.frames import Frames
from hospital_assets.simulation.hospital import Hospital
from hospital_assets.simulation.parameters import Parameters
from hospital_assets.simulation.records.attending import attending_doctors
from hospital_assets.simulation.records.texts import bed_series
from hospital_assets.simulation.stays.transfers import NO_TRANSFER

_ROUTINE = "routine"
_DAY_BEGINS, _DAY_ENDS = 7, 19
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:hospital-assets:patient-transfer")


def records(hospital: Hospital, days: Period, _: Frames) -> pl.DataFrame:
    """Return a row for each transfer on one of the days, sorted by day, slot and time.

    `transfer_id` is a UUIDv5 of the fact: the encounter that ended. The referring doctor is one of
    the department who is on duty at the time.
    """
    (first, last), stays, beds = hospital.numbers(days), hospital.stays, hospital.stays.beds
    end = stays.timelines.end
    day = end // MINUTES_PER_DAY
    leaving = stays.transfer_slots[beds.stay] != NO_TRANSFER
    chosen = beds.is_last & leaving & (day[beds.stay] >= first) & (day[beds.stay] <= last)
    bed_time = np.flatnonzero(chosen)
    stay = beds.stay[bed_time]
    order = np.lexsort((stays.timelines.serial[stay], end[stay]))
    bed_time, stay = bed_time[order], stay[order]
    parameters, pool = hospital.parameters, beds.pool[bed_time]
    number = stay_numbers(hospital, stay)
    encounter = encounter_ids(hospital.seed, number)
    draws = DrawStream(hospital.seed, "transfer/record").series(stays.timelines.serial[stay], 2)
    department = pl.Series([one.department for one in parameters.inpatients.beds.pools]).gather(
        pool
    )
    hour = end[stay] % MINUTES_PER_DAY // 60
    at_night = (hour < _DAY_BEGINS) | (hour >= _DAY_ENDS)
    reason, facility = _destinations(parameters, department.to_numpy(), at_night, *draws)
    wards, names = bed_series(hospital)
    reasons = parameters.transfer_reasons
    return pl.DataFrame(
        {
            "transfer_date": as_dates(day[stay]),
            "transfer_id": [str(uuid.uuid5(_NAMESPACE, str(one))) for one in encounter],
            "slot": (stays.transfer_slots[stay] + 1).astype(np.int32),
            "encounter_id": encounter,
            "person_id": hospital.population.registration.person_ids(stays.persons[stay]),
            "department": department,
            "ward": wards.gather(beds.bed[bed_time]),
            "bed": names.gather(beds.bed[bed_time]),
            "facility": pl.Series([one.name for one in parameters.facilities]).gather(facility),
            "reason": pl.Series([one.name for one in reasons]).gather(reason),
            "priority": pl.Series([one.priority for one in reasons]).gather(reason),
            "transport": pl.Series([one.transport for one in reasons]).gather(reason),
            "referring_doctor_id": attending_doctors(
                hospital, number, pool, np.zeros(len(stay), np.bool_), end[stay], first, last
            ),
            "departed_at": as_instants(end[stay]),
        }
    )


def _destinations(
    parameters: Parameters,
    department: NDArray[np.str_],
    at_night: NDArray[np.bool_],
    why: Bits,
    where: Bits,
) -> tuple[Integers, Integers]:
    """Return a reason of the department and a facility that takes its patients for that reason.

    What is routine waits for the day, unless the department transfers for nothing else.
    """
    numbers = {facility.name: number for number, facility in enumerate(parameters.facilities)}
    reason, facility = np.zeros(len(department), np.int64), np.zeros(len(department), np.int64)
    for name in sorted(set(department.tolist())):
        fitting = [
            place
            for place, one in enumerate(parameters.transfer_reasons)
            if name in one.departments
        ]
        reasons = [parameters.transfer_reasons[place] for place in fitting]
        routine = np.array([one.priority == _ROUTINE for one in reasons])
        weights = np.array([one.weight for one in reasons])
        for late, factor in (
            (False, 1.0),
            (True, parameters.inpatients.transfer_choice.routine_weight_at_night),
        ):
            inside = (department == name) & (at_night == late)
            bounds = thresholds(weights * np.where(routine, factor, 1.0))
            reason[inside] = np.array(fitting)[choose(why[inside], bounds)]
    for number in np.unique(reason):
        takers = np.array(
            [numbers[name] for name in parameters.transfer_reasons[number].facilities]
        )
        inside = reason == number
        facility[inside] = takers[below(where[inside], len(takers))]
    return reason, facility
