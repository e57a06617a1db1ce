"""The record `patients`: every encounter that is active on a day."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hospital_assets.calendar.period import Period
from hospital_assets.simulation.chance.draws import DrawStream, Integers, chance, choose, thresholds
from hospital_assets.simulation.dates import (
    MINUTES_PER_DAY,
    as_dates,
    as_instants,
    completed_years,
    month,
)
from hospital_assets.simulation.encounters import (
    CLASSES,
    EMERGENCY,
    INPATIENT,
    Encounters,
    encounter_ids,
    encounters,
)
from hospital_assets.simulation.frames import Frames
from hospital_assets.simulation.hospital import Hospital
from hospital_assets.simulation.people.population import sex_of
from hospital_assets.simulation.skeleton import Skeleton
from hospital_assets.simulation.staff.duty import Duty
from hospital_assets.simulation.stays.beds import bed_names
from hospital_assets.simulation.visits.attendances import NO_STAY

_TRIAGE = ("red", "orange", "yellow", "green")
_WARD_ROUND_MINUTE = 10 * 60


def records(hospital: Hospital, days: Period, frames: Frames) -> pl.DataFrame:
    """Return a row for each encounter active on each of the days.

    What lies after the end of a day is not yet known in its rows. The attending doctor is one of
    the department who is on duty by `staff_assignments`; where nobody is, ValueError is raised.
    """
    skeleton, seed, parameters = hospital.skeleton, hospital.seed, hospital.parameters
    rows = encounters(skeleton, *hospital.numbers(days))
    inpatient, emergency = rows.kind == INPATIENT, rows.kind == EMERGENCY
    encounter_id = encounter_ids(seed, rows.kind, rows.serial, rows.stay)
    begin_day = rows.begins // MINUTES_PER_DAY
    age = completed_years(skeleton.people.date_of_birth(rows.person), begin_day)
    diagnosis = skeleton.diagnoses.choose(
        DrawStream(seed, "encounter/diagnosis").bits(rows.serial, _own(rows) * 2),
        np.where(rows.stay == NO_STAY, rows.department, skeleton.stays.department[rows.stay]),
        age,
        sex_of(rows.person),
        month(begin_day),
    )
    wards, beds = bed_names(parameters)
    bed = skeleton.stays.bed[rows.stay]
    triage = _triage(skeleton, rows)
    over = rows.ends < (rows.day + 1) * MINUTES_PER_DAY
    duty = Duty(parameters, frames["staff_assignments"])
    minute = np.where(
        begin_day == rows.day, rows.begins - rows.day * MINUTES_PER_DAY, _WARD_ROUND_MINUTE
    )
    attending = duty.choose(
        DrawStream(seed, "encounter/attending").bits(encounter_id, rows.day),
        rows.day,
        rows.department,
        minute,
    )
    discharged = as_instants(rows.ends)
    discharged[~over] = np.datetime64("NaT")
    names = pl.Series([one.name for one in parameters.departments])
    codes = pl.Series([one.code for one in parameters.diagnoses])
    titles = pl.Series([one.name for one in parameters.diagnoses])
    return (
        pl.DataFrame(
            {
                "census_date": as_dates(rows.day),
                "encounter_id": encounter_id,
                "person_id": skeleton.people.person_id(rows.person),
                "encounter_class": pl.Series(CLASSES).gather(rows.kind),
                "department": names.gather(rows.department),
                "ward": wards.gather(bed),
                "bed": beds.gather(bed),
                "triage": pl.Series(_TRIAGE).gather(triage),
                "emergency": emergency,
                "inpatient": inpatient,
                "age_years": age.astype(np.int32),
                "diagnosis_code": codes.gather(diagnosis),
                "diagnosis": titles.gather(diagnosis),
                "admission_source": _sources(skeleton, rows),
                "admitted_at": as_instants(rows.begins),
                "discharged_at": discharged,
                "disposition": _dispositions(skeleton, rows),
                "attending_doctor_id": attending,
                "over": over,
            }
        )
        .sort("census_date", "encounter_id")
        .select(
            "census_date",
            "encounter_id",
            "person_id",
            "encounter_class",
            "department",
            pl.when("inpatient").then("ward"),
            pl.when("inpatient").then("bed"),
            pl.when("emergency").then("triage"),
            "age_years",
            "diagnosis_code",
            "diagnosis",
            "admission_source",
            "admitted_at",
            "discharged_at",
            pl.when("over").then("disposition"),
            "attending_doctor_id",
        )
    )


def _own(rows: Encounters) -> Integers:
    """Return 0 for encounters that hang on a stay and 1 for those of their own."""
    return (rows.stay == NO_STAY).astype(np.int64)


def _triage(skeleton: Skeleton, rows: Encounters) -> Integers:
    draw = DrawStream(skeleton.seed, "encounter/triage").bits(rows.serial, _own(rows))
    rules = skeleton.parameters.attendances
    return np.where(
        rows.stay == NO_STAY,
        choose(draw, thresholds(rules.triage_discharged)),
        choose(draw, thresholds(rules.triage_admitted)),
    )


def _sources(skeleton: Skeleton, rows: Encounters) -> pl.Series:
    """Return where each patient came from."""
    draw = DrawStream(skeleton.seed, "encounter/source").bits(rows.serial, _own(rows))
    ambulance = chance(draw, skeleton.parameters.attendances.ambulance_share)
    names = pl.Series(["referral", "emergency", "walk_in", "ambulance", "appointment"])
    through: NDArray[np.bool_] = skeleton.attendances.through_emergency[rows.stay]
    source = np.select(
        [rows.kind == INPATIENT, rows.kind == EMERGENCY],
        [through.astype(np.int64), 2 + ambulance.astype(np.int64)],
        4,
    )
    return names.gather(source)


def _dispositions(skeleton: Skeleton, rows: Encounters) -> pl.Series:
    """Return how each encounter ends."""
    parameters = skeleton.parameters
    draw = DrawStream(skeleton.seed, "encounter/disposition").bits(rows.serial, _own(rows))
    inpatient = rows.kind == INPATIENT
    against_advice = chance(
        draw,
        np.where(
            inpatient,
            parameters.stays.left_against_advice,
            np.where(rows.kind == EMERGENCY, parameters.attendances.left_against_advice, 0.0),
        ),
    )
    names = pl.Series(["home", "left_against_advice", "died", "transferred", "admitted"])
    ending = np.select(
        [
            inpatient & skeleton.stays.died[rows.stay],
            inpatient & (skeleton.transfer_slot[rows.stay] > 0),
            ~inpatient & (rows.stay != NO_STAY),
        ],
        [2, 3, 4],
        against_advice.astype(np.int64),
    )
    return names.gather(ending)
