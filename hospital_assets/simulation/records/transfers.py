"""The record `transfers`: every patient transferred to another facility on a day."""

import uuid

import numpy as np
import polars as pl

from hospital_assets.calendar.period import Period
from hospital_assets.simulation.chance.draws import DrawStream, Integers, below, choose, thresholds
from hospital_assets.simulation.dates import MINUTES_PER_DAY, as_dates, as_instants
from hospital_assets.simulation.encounters import INPATIENT, encounter_ids
from hospital_assets.simulation.frames import Frames
from hospital_assets.simulation.hospital import Hospital
from hospital_assets.simulation.parameters import Parameters
from hospital_assets.simulation.records import staff_assignments
from hospital_assets.simulation.staff.duty import Duty
from hospital_assets.simulation.stays.beds import bed_names

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:hospital-assets:patient-transfer")


def records(hospital: Hospital, days: Period, _: Frames) -> pl.DataFrame:
    """Return a row for each transfer on one of the days, sorted by day, slot and time.

    `transfer_id` is a UUIDv5 of the fact: the encounter that ended. The referring doctor is one of
    the department who is on duty at the time.
    """
    skeleton, (first, last) = hospital.skeleton, hospital.numbers(days)
    seed, parameters, stays = hospital.seed, hospital.parameters, skeleton.stays
    day = stays.discharged // MINUTES_PER_DAY
    stay = np.flatnonzero((skeleton.transfer_slot > 0) & (day >= first) & (day <= last))
    stay = stay[np.lexsort((stays.serial[stay], stays.discharged[stay]))]
    day, serial, department = day[stay], stays.serial[stay], stays.department[stay]
    encounter = encounter_ids(seed, np.full(len(stay), INPATIENT), serial, stay)
    draws = DrawStream(seed, "transfer/record").series(serial, 3)
    reason, facility = _destinations(parameters, department, draws[0], draws[1])
    duty = Duty(parameters, staff_assignments.shifts(skeleton, first, last))
    minute = stays.discharged[stay] % MINUTES_PER_DAY
    wards, beds = bed_names(parameters)
    reasons = parameters.transfer_reasons
    return pl.DataFrame(
        {
            "transfer_date": as_dates(day),
            "transfer_id": [str(uuid.uuid5(_NAMESPACE, str(one))) for one in encounter],
            "slot": skeleton.transfer_slot[stay].astype(np.int32),
            "encounter_id": encounter,
            "person_id": skeleton.people.person_id(skeleton.patient[stay]),
            "department": pl.Series([one.name for one in parameters.departments]).gather(
                department
            ),
            "ward": wards.gather(stays.bed[stay]),
            "bed": beds.gather(stays.bed[stay]),
            "facility": pl.Series([one.name for one in parameters.facilities]).gather(facility),
            "reason": pl.Series([one.name for one in reasons]).gather(reason),
            "priority": pl.Series([one.priority for one in reasons]).gather(reason),
            "transport": pl.Series([one.transport for one in reasons]).gather(reason),
            "referring_doctor_id": duty.choose(draws[2], day, department, minute),
            "departed_at": as_instants(stays.discharged[stay]),
        }
    )


def _destinations(
    parameters: Parameters, department: Integers, why: np.ndarray, where: np.ndarray
) -> tuple[Integers, Integers]:
    """Return a reason of the department and a facility that takes its patients for that reason."""
    numbers = {facility.name: number for number, facility in enumerate(parameters.facilities)}
    reason, facility = np.zeros_like(department), np.zeros_like(department)
    for number in np.unique(department):
        name = parameters.departments[number].name
        fitting = [
            place
            for place, one in enumerate(parameters.transfer_reasons)
            if name in one.departments
        ]
        weights = [parameters.transfer_reasons[place].weight for place in fitting]
        inside = department == number
        reason[inside] = np.array(fitting)[choose(why[inside], thresholds(weights))]
    for number in np.unique(reason):
        takers = np.array(
            [numbers[name] for name in parameters.transfer_reasons[number].facilities]
        )
        inside = reason == number
        facility[inside] = takers[below(where[inside], len(takers))]
    return reason, facility
