"""The story of an encounter: from the arrival over beds and doctors to the departure."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

import polars as pl

from hospital_assets.contracts.bed_movements import BED_MOVEMENTS
from hospital_assets.contracts.diagnoses import DIAGNOSES
from hospital_assets.contracts.doctors import DOCTORS
from hospital_assets.contracts.patients import PATIENTS
from hospital_assets.contracts.people import PEOPLE
from hospital_assets.contracts.transfers import TRANSFERS
from hospital_assets.stories.story import Find, Moment, Story, in_order, known, words

Row = dict[str, Any]

_REASONS = {
    "admission": "into a bed",
    "birth": "born, into a bed",
    "intensive_care": "moved into intensive care",
    "high_care": "moved into high care",
    "step_down": "moved out of special care",
    "ward_move": "moved to another bed",
    "overflow": "moved out of an overflow bed",
}
_TIMES = {"seen_at": "seen by a doctor", "decided_at": "decided what comes next"}


def encounter_story(encounter_id: int, find: Find) -> Story | None:
    """Return the story of an encounter, None if no record has it."""
    days = find(PATIENTS, "encounter_id", [encounter_id])
    if days.is_empty():
        return None
    last = _latest(days)
    title = f"{words(last['encounter_class']).capitalize()} encounter {encounter_id}"
    diagnoses = find(DIAGNOSES, "encounter_id", [encounter_id])
    transfers = find(TRANSFERS, "encounter_id", [encounter_id])
    moments = [
        *_before(last, find),
        *course(last),
        *_charge(days, find),
        *_diagnosed(diagnoses, last),
        *_beds(find(BED_MOVEMENTS, "encounter_id", [encounter_id])),
        *transferred(transfers),
        *_after(encounter_id, find),
    ]
    first_day, last_day = days["census_date"][0], days["census_date"][-1]
    facts = known(
        {
            "patient": _patient(last, find),
            "person_id": last["person_id"],
            "came as": words(last["admission_type"]),
            "department": last["department"],
            "diagnosis": f"{last['diagnosis_code']} {last['diagnosis']}",
            "complaint": last["chief_complaint"],
            "birth": _birth(last),
            "days in `patients`": f"{len(days)}, {first_day} to {last_day}",
            "ended": words(last["disposition"]) or "goes on at the end of the last day",
        }
    )
    return Story(title, facts, in_order(moments))


def transfer_story(transfer_id: str, find: Find) -> Story | None:
    """Return the story of a transfer: that of the stay it ends, None if no record has it."""
    rows = find(TRANSFERS, "transfer_id", [transfer_id])
    if rows.is_empty():
        return None
    row = _latest(rows)
    stay = encounter_story(row["encounter_id"], find)
    facts = {
        "to": row["facility"],
        "reason": row["reason"],
        "priority": words(row["priority"]),
        "transport": words(row["transport"]),
        "event": f"slot {row['slot']} of {row['transfer_date']}",
        "encounter_id": row["encounter_id"],
        "referred by": row["referring_doctor_id"],
    }
    # An event of a day may come before the day's records do.
    moments = stay.moments if stay else in_order(transferred(rows))
    return Story(
        f"Transfer {transfer_id}", known({**facts, **(stay.facts if stay else {})}), moments
    )


def course(row: Row) -> Iterator[Moment]:
    """Give what the latest row of an encounter says of its course."""
    where = _place(row) if row["encounter_class"] != "inpatient" else row["department"]
    source = words(row["admission_source"])
    verb = {"inpatient": "admitted", "emergency": "arrives", "outpatient": "visit begins"}
    yield Moment(row["admitted_at"], f"{verb[row['encounter_class']]}: {source}", where, "patients")
    if row["triaged_at"]:
        what = f"triaged {words(row['triage'])}".strip()
        yield Moment(row["triaged_at"], what, where, "patients")
    for column, what in _TIMES.items():
        if row[column]:
            yield Moment(row[column], what, where, "patients")
    if row["discharged_at"]:
        what = f"leaves: {words(row['disposition'])}, to {words(row['discharge_destination'])}"
        yield Moment(row["discharged_at"], what, _place(row), "patients")


def transferred(rows: pl.DataFrame) -> Iterator[Moment]:
    """Give the transfers as they are told by their events."""
    for row in rows.iter_rows(named=True):
        what = (
            f"transferred to {row['facility']}, {words(row['priority'])}: {row['reason']};"
            f" event {row['transfer_id']} of slot {row['slot']}"
        )
        yield Moment(row["departed_at"], what, f"{row['department']}, {row['bed']}", "transfers")


def _latest(rows: pl.DataFrame) -> Row:
    return rows.row(-1, named=True)


def _place(row: Row) -> str:
    return f"{row['department']}, {row['bed']}" if row["bed"] else str(row["department"])


def _patient(row: Row, find: Find) -> str:
    people = find(PEOPLE, "person_id", [row["person_id"]])
    if people.is_empty():
        return f"{row['age_years']} years"
    person = _latest(people)
    sex = words(person["sex"])
    return f"{person['first_name']} {person['last_name']}, {sex}, {row['age_years']} years"


def _birth(row: Row) -> str:
    if row["gestation_weeks"] is None:
        return ""
    return f"after {row['gestation_weeks']} weeks, {row['birth_weight_g']:,} g"


def _before(row: Row, find: Find) -> Iterator[Moment]:
    encounter_id = row["preceding_encounter_id"]
    if encounter_id is None:
        return
    rows = find(PATIENTS, "encounter_id", [encounter_id])
    if rows.is_empty():
        what = f"came out of encounter {encounter_id}, of other days"
        yield Moment(row["admitted_at"], what, row["department"], "patients")
    else:
        yield _begin(_latest(rows), "before it")


def _after(encounter_id: int, find: Find) -> Iterator[Moment]:
    rows = find(PATIENTS, "preceding_encounter_id", [encounter_id])
    for row in rows.unique("encounter_id", keep="last").sort("admitted_at").iter_rows(named=True):
        yield _begin(row, "after it")


def _begin(row: Row, when: str) -> Moment:
    what = f"{when}: {words(row['encounter_class'])} encounter {row['encounter_id']} begins"
    return Moment(row["admitted_at"], what, row["department"], "patients")


def _charge(days: pl.DataFrame, find: Find) -> Iterator[Moment]:
    """Give who is in charge, and who is instead on a later day."""
    ids = days["attending_doctor_id"].unique().to_list()
    doctors = find(DOCTORS, "doctor_id", ids).unique("doctor_id", keep="last")
    names = {
        row["doctor_id"]: f"Dr {row['first_name']} {row['last_name']}, {words(row['grade'])}"
        for row in doctors.iter_rows(named=True)
    }
    changes = days.filter(
        pl.col("attending_doctor_id") != pl.col("attending_doctor_id").shift(1, fill_value=0)
    )
    for row in changes.iter_rows(named=True):
        doctor = row["attending_doctor_id"]
        at = max(row["admitted_at"], datetime.combine(row["census_date"], time()))
        what = f"in charge: {names.get(doctor, 'doctor')} ({doctor})"
        yield Moment(at, what, "", "patients, doctors")


def _diagnosed(rows: pl.DataFrame, encounter: Row) -> Iterator[Moment]:
    """Give what is coded, on the first day on which it is."""
    first = rows.unique("icd10_code", keep="first", maintain_order=True)
    for (day,), codes in first.group_by("census_date", maintain_order=True):
        at = max(encounter["admitted_at"], datetime.combine(day, time()))
        texts = codes.select("icd10_code", "description").iter_rows()
        named = (f"{code} {text}" for code, text in texts)
        yield Moment(at, f"coded: {'; '.join(named)}", encounter["department"], "diagnoses")


def _beds(rows: pl.DataFrame) -> Iterator[Moment]:
    for row in rows.unique("sequence", keep="last").sort("sequence").iter_rows(named=True):
        what = f"{_REASONS[row['reason']]}: {row['bed']}"
        yield Moment(
            row["started_at"], what, f"{row['department']}, {row['ward']}", "bed_movements"
        )
