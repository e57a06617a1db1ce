"""The record `patients`: every encounter that is active on a day."""

from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hospital_assets.calendar.period import Period
from hospital_assets.simulation.chance.draws import DrawStream, Integers, below, chance
from hospital_assets.simulation.dates import MINUTES_PER_DAY, as_dates, as_instants, completed_years
from hospital_assets.simulation.diagnoses.encounters import NO_DIAGNOSIS
from hospital_assets.simulation.diagnoses.lists import MAIN
from hospital_assets.simulation.encounters import (
    NO_ROW,
    Encounters,
    Kind,
    encounter_ids,
    encounters,
    stay_numbers,
)
from hospital_assets.simulation.frames import Frames
from hospital_assets.simulation.hospital import Hospital
from hospital_assets.simulation.records.attending import attending_doctors, minutes_of_charge
from hospital_assets.simulation.records.texts import bed_series, code_series
from hospital_assets.simulation.stays.bed_allocation import NOT_ADMITTED
from hospital_assets.simulation.stays.patients import PLANNED
from hospital_assets.simulation.stays.transfers import NO_TRANSFER
from hospital_assets.simulation.visits import clinics, emergency_visits
from hospital_assets.simulation.visits.triage import NOT_SEEN

_COLOURS = ("red", "orange", "yellow", "green")


def records(hospital: Hospital, days: Period, frames: Frames) -> pl.DataFrame:
    """Return a row for each encounter active on each of the days.

    What lies after the end of a day is not yet known in its rows. The attending doctor is one of
    `doctors`; one whom it lacks raises ValueError.
    """
    first, last = hospital.numbers(days)
    rows = encounters(hospital, first, last)
    number = rows.number
    minute = minutes_of_charge(rows.day, rows.begins, rows.ends)
    diagnosis, title = _main_diagnoses(hospital, rows)
    born, _ = hospital.population.births.of(rows.person)
    over = rows.ends < (rows.day + 1) * MINUTES_PER_DAY
    frame = pl.DataFrame(
        {
            "census_date": as_dates(rows.day),
            "encounter_id": encounter_ids(hospital.seed, number),
            "facility_code": pl.repeat(hospital.parameters.facility_code, len(rows), eager=True),
            "person_id": hospital.population.registration.person_ids(rows.person),
            "encounter_class": pl.Series([kind.name.lower() for kind in Kind]).gather(rows.kind),
            "admission_type": _admission_types(hospital, rows),
            "department": _departments(hospital, rows),
            **_beds(hospital, rows),
            "age_years": completed_years(born, rows.begins // MINUTES_PER_DAY).astype(np.int32),
            **_births(hospital, rows),
            "diagnosis_code": diagnosis,
            "diagnosis": title,
            "admission_source": _sources(hospital, rows),
            "admitted_at": as_instants(rows.begins),
            **_emergency_columns(hospital, rows),
            "discharged_at": as_instants(rows.ends),
            "disposition": _dispositions(hospital, rows),
            "preceding_encounter_id": _preceding(hospital, rows),
            "attending_doctor_id": attending_doctors(
                hospital, number, rows.pool, rows.kind == Kind.OUTPATIENT, minute, first, last
            ),
            "over": over,
        }
    ).with_columns(
        pl.when("over").then("discharged_at"),
        pl.when("over").then("disposition"),
    )
    _require_doctors(frame, frames["doctors"])
    return (
        frame.with_columns(discharge_destination=_destination())
        .drop("over")
        .sort("census_date", "encounter_id")
    )


def _require_doctors(frame: pl.DataFrame, doctors: pl.DataFrame) -> None:
    unknown = frame.join(
        doctors,
        left_on=["census_date", "attending_doctor_id"],
        right_on=["roster_date", "doctor_id"],
        how="anti",
    )
    if len(unknown):
        raise ValueError(
            f"doctors of {unknown['census_date'][0]} lacks {len(unknown)} who attend patients"
        )


def _main_diagnoses(hospital: Hospital, rows: Encounters) -> tuple[pl.Series, pl.Series]:
    """Return code and meaning of each encounter's main diagnosis."""
    lists = hospital.diagnoses.of(rows.diagnosed(hospital))
    main = lists.kind == MAIN
    code = np.full(len(rows), NO_DIAGNOSIS)
    code[lists.encounter[main]] = lists.code[main]
    codes, titles = code_series(hospital)
    return codes.gather(code), titles.gather(code)


def _admission_types(hospital: Hospital, rows: Encounters) -> pl.Series:
    stays, mix = hospital.stays.timelines, hospital.stay_model.mix
    inpatient = rows.kind == Kind.INPATIENT
    of_stay = np.select(
        [
            stays.gestation[rows.stay] >= 0,
            mix.is_birth[stays.diagnosis[rows.stay]],
            stays.route[rows.stay] == PLANNED,
        ],
        [3, 2, 1],
        0,
    )
    outpatient = rows.kind == Kind.OUTPATIENT
    names = pl.Series(["emergency", "elective", "maternity", "newborn", "appointment"])
    return names.gather(np.where(inpatient, of_stay, np.where(outpatient, 4, 0)))


def _departments(hospital: Hospital, rows: Encounters) -> pl.Series:
    pools = hospital.parameters.inpatients.beds.pools
    names = [pool.department for pool in pools] + [hospital.parameters.emergency_department]
    return pl.Series(names).gather(np.where(rows.pool == NO_ROW, len(pools), rows.pool))


def _beds(hospital: Hospital, rows: Encounters) -> dict[str, pl.Series]:
    wards, beds = bed_series(hospital)
    bed = _or_null(hospital.stays.beds.bed[rows.bed_time], rows.bed_time != NO_ROW)
    return {"ward": wards.gather(bed), "bed": beds.gather(bed)}


def _births(hospital: Hospital, rows: Encounters) -> dict[str, pl.Series]:
    stays = hospital.stays.timelines
    born_here = (rows.kind == Kind.INPATIENT) & (stays.gestation[rows.stay] >= 0)
    return {
        "gestation_weeks": _or_null(stays.gestation[rows.stay], born_here).cast(pl.Int32),
        "birth_weight_g": _or_null(stays.birth_weight[rows.stay], born_here).cast(pl.Int32),
    }


def _sources(hospital: Hospital, rows: Encounters) -> pl.Series:
    """Return how each patient came."""
    stays = hospital.stays.timelines
    of_stay = np.select([stays.gestation[rows.stay] >= 0, stays.direct[rows.stay]], [2, 1], 0)
    by_ambulance = _of_visits(rows, rows.emergency.by_ambulance, Kind.EMERGENCY)
    new = _of_visits(rows, rows.clinic.kind, Kind.OUTPATIENT) == clinics.NEW
    names = pl.Series(
        ["emergency_department", "referral", "born_here", "walk_in", "ambulance", "appointment"]
    )
    return names.gather(
        np.select(
            [rows.kind == Kind.INPATIENT, rows.kind == Kind.EMERGENCY],
            [of_stay, 3 + by_ambulance.astype(np.int64)],
            np.where(new, 1, 5),
        )
    )


def _emergency_columns(hospital: Hospital, rows: Encounters) -> dict[str, pl.Series]:
    """Return complaint, colour and times of the emergency department, as known on the day."""
    here = rows.kind == Kind.EMERGENCY
    visits = rows.emergency
    seen = _of_visits(rows, visits.seen, Kind.EMERGENCY)
    is_seen = here & (seen != NOT_SEEN)
    triaged = np.minimum(_of_visits(rows, visits.triaged, Kind.EMERGENCY), rows.ends)
    decided = np.minimum(_of_visits(rows, visits.decided, Kind.EMERGENCY), rows.ends)
    why = DrawStream(hospital.seed, "encounter/complaint").bits(rows.number)
    until = (rows.day + 1) * MINUTES_PER_DAY
    colour = _or_null(_of_visits(rows, visits.colour, Kind.EMERGENCY), here & (triaged < until))
    return {
        "triage": pl.Series(_COLOURS).gather(colour),
        "chief_complaint": _complaints(hospital, rows, why),
        "triaged_at": _instants(triaged, here & (triaged < until)),
        "seen_at": _instants(seen, is_seen & (seen < until)),
        "decided_at": _instants(decided, is_seen & (decided < until)),
    }


def _complaints(hospital: Hospital, rows: Encounters, draw: NDArray[np.uint64]) -> pl.Series:
    rules, mix = hospital.parameters.encounters, hospital.stay_model.mix
    said = [
        rules.complaints_of_codes.get(code, rules.complaints[mix.families[family]])
        for code, family in zip(mix.codes, mix.family, strict=True)
    ]
    count = np.array([len(texts) for texts in said])
    start = np.cumsum(count) - count
    here = rows.kind == Kind.EMERGENCY
    diagnosis = _of_visits(rows, rows.emergency.diagnosis, Kind.EMERGENCY)
    place = _or_null(start[diagnosis] + below(draw, count[diagnosis]), here)
    return pl.Series([text for texts in said for text in texts]).gather(place)


def _dispositions(hospital: Hospital, rows: Encounters) -> pl.Series:
    """Return how each encounter ends."""
    rules, stays = hospital.parameters.encounters, hospital.stays
    draw = DrawStream(hospital.seed, "encounter/disposition").bits(rows.number)
    inpatient, emergency = rows.kind == Kind.INPATIENT, rows.kind == Kind.EMERGENCY
    admitted = _of_visits(rows, rows.emergency.kind, Kind.EMERGENCY) == emergency_visits.ADMITTED
    to_stay = emergency & admitted
    unseen = emergency & _of_visits(rows, rows.emergency.left_unseen, Kind.EMERGENCY).astype(bool)
    is_newborn = stays.timelines.gestation[rows.stay] >= 0
    share = np.where(inpatient & ~is_newborn, rules.against_advice_inpatient, 0.0)
    share = np.where(emergency, rules.against_advice_emergency, share)
    has_bed = stays.admitted[rows.stay] != NOT_ADMITTED
    died = stays.timelines.died[rows.stay]
    # Otherwise the end comes later, in another hospital.
    died_waiting = died & (rows.ends == stays.timelines.end[rows.stay])
    names = ["home", "left_against_advice", "died", "transferred", "admitted", "left_unseen"]
    ending = np.select(
        [
            inpatient & died,
            inpatient & (stays.transfer_slots[rows.stay] != NO_TRANSFER),
            to_stay & has_bed,
            to_stay & died_waiting,
            to_stay,
            unseen,
        ],
        [2, 3, 4, 2, 3, 5],
        chance(draw, share).astype(np.int64),
    )
    return pl.Series(names).gather(ending)


def _destination() -> pl.Expr:
    """Return where a patient goes, which follows from how the encounter ends."""
    return (
        pl.when(pl.col("disposition") == "died")
        .then(pl.lit("mortuary"))
        .when(pl.col("disposition") == "transferred")
        .then(pl.lit("other_facility"))
        .when(pl.col("disposition") == "admitted")
        .then(pl.lit("ward"))
        .when(pl.col("disposition").is_not_null())
        .then(pl.lit("home"))
    )


def _preceding(hospital: Hospital, rows: Encounters) -> pl.Series:
    """Return the encounter that led to each: the visit before a stay, else the stay behind it."""
    stays = hospital.stays.timelines
    inpatient, emergency = rows.kind == Kind.INPATIENT, rows.kind == Kind.EMERGENCY
    admitted = _of_visits(rows, rows.emergency.kind, Kind.EMERGENCY) == emergency_visits.ADMITTED
    leads_to_stay = inpatient | (emergency & admitted)
    behind = np.where(leads_to_stay, _parents(hospital)[rows.stay], rows.stay)
    antenatal = _of_visits(rows, rows.clinic.kind, Kind.OUTPATIENT) == clinics.ANTENATAL
    behind = np.where((rows.stay == NO_ROW) | antenatal, NO_ROW, behind)
    through = inpatient & ~stays.direct[rows.stay] & (stays.mother[rows.stay] < 0)
    number = np.where(
        through,
        stay_numbers(hospital, rows.stay, before=True),
        stay_numbers(hospital, behind),
    )
    found = through | (behind != NO_ROW)
    return _or_null(encounter_ids(hospital.seed, number), found)


@lru_cache(maxsize=1)
def _parents(hospital: Hospital) -> Integers:
    """Return the row of the stay before each in its chain, where it took place, or NO_ROW."""
    stays = hospital.stays.timelines
    order = np.argsort(stays.serial, kind="stable")
    place = np.minimum(np.searchsorted(stays.serial[order], stays.parent), len(order) - 1)
    parent = order[place]
    in_bed = hospital.stays.admitted[parent] != NOT_ADMITTED
    is_it = (stays.parent >= 0) & (stays.serial[parent] == stays.parent)
    return np.where(is_it & (in_bed | (stays.mother[parent] >= 0)), parent, NO_ROW)


def _of_visits(rows: Encounters, column: NDArray[Any], kind: Kind) -> NDArray[Any]:
    """Return a column of the visits for each row of the kind, and its zero elsewhere."""
    values = np.zeros(len(rows), column.dtype)
    chosen = rows.kind == kind
    values[chosen] = column[rows.visit[chosen]]
    return values


def _or_null(values: Integers, where: NDArray[np.bool_]) -> pl.Series:
    return pl.select(pl.when(pl.Series(where)).then(pl.Series(values))).to_series()


def _instants(minutes: Integers, known: NDArray[np.bool_]) -> pl.Series:
    instants = as_instants(minutes)
    instants[~known] = np.datetime64("NaT")
    return pl.Series(instants)
