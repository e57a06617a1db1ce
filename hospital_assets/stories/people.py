"""The story of a person: registration, encounters, transfers, shifts and death."""

from collections.abc import Iterator
from datetime import datetime, time

import polars as pl

from hospital_assets.contracts.patients import PATIENTS
from hospital_assets.contracts.people import PEOPLE
from hospital_assets.contracts.staff_assignments import STAFF_ASSIGNMENTS
from hospital_assets.contracts.transfers import TRANSFERS
from hospital_assets.stories.encounters import Row, transferred
from hospital_assets.stories.story import Find, Moment, Story, in_order, known, words


def person_story(person_id: int, find: Find) -> Story | None:
    """Return the story of a person, None if no record has the number."""
    people = find(PEOPLE, "person_id", [person_id])
    if people.is_empty():
        return None
    person = people.row(-1, named=True)
    encounters = find(PATIENTS, "person_id", [person_id])
    shifts = find(STAFF_ASSIGNMENTS, "person_id", [person_id])
    moments = [
        *_life(person),
        *_encounters(encounters),
        *transferred(find(TRANSFERS, "person_id", [person_id])),
        *_work(shifts),
    ]
    facts = known(
        {
            "born": person["date_of_birth"],
            "sex": words(person["sex"]),
            "language": person["language"],
            "citizenship": f"{words(person['citizenship'])}, {person['nationality']}",
            "ID number": person["id_number"] or person["passport_number"],
            "lives in": f"{person['suburb']}, {person['city']}",
            "pays as": words(person["payer_class"]),
            "mother": person["mother_id"],
            "next of kin": _kin(person),
            "encounters": encounters["encounter_id"].n_unique(),
            "staff number": ", ".join(str(one) for one in shifts["staff_id"].unique().sort()),
        }
    )
    name = " ".join(
        one for one in (person["first_name"], person["second_name"], person["last_name"]) if one
    )
    return Story(f"Person {person_id}, {name}", facts, in_order(moments))


def _kin(person: Row) -> str:
    if person["next_of_kin_id"] is None:
        return ""
    return f"{person['next_of_kin_id']}, {words(person['next_of_kin_relationship'])}"


def _life(person: Row) -> Iterator[Moment]:
    home = person["suburb"]
    yield Moment(datetime.combine(person["date_of_birth"], time()), "born", "", "people")
    if person["registration_date"]:
        at = datetime.combine(person["registration_date"], time())
        yield Moment(at, "the paper file is digitised", home, "people")
    if person["deceased_on"]:
        at = datetime.combine(person["deceased_on"], time(23, 59))
        yield Moment(at, "has died by the end of the day", "", "people")


def _encounters(rows: pl.DataFrame) -> Iterator[Moment]:
    latest = rows.unique("encounter_id", keep="last").sort("admitted_at", "encounter_id")
    for row in latest.iter_rows(named=True):
        kind, encounter = words(row["encounter_class"]), row["encounter_id"]
        what = f"{kind} encounter {encounter} begins: {row['diagnosis']}"
        where = f"{row['department']}, {row['bed']}" if row["bed"] else row["department"]
        yield Moment(row["admitted_at"], what, where, "patients")
        if row["discharged_at"]:
            what = f"{kind} encounter {encounter} ends: {words(row['disposition'])}"
            yield Moment(row["discharged_at"], what, where, "patients")


def _work(shifts: pl.DataFrame) -> Iterator[Moment]:
    """Give the shifts by month: the story of the staff number tells each."""
    months = shifts.sort("starts_at").group_by(
        pl.col("work_date").dt.truncate("1mo"), "staff_id", maintain_order=True
    )
    for (_, staff), rows in months:
        row = rows.row(0, named=True)
        what = f"works {len(rows)} shifts of the month as {words(row['grade'])} {staff}"
        yield Moment(row["starts_at"], what, row["department"], "staff_assignments")
