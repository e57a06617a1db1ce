"""Every law finds what breaks it: one planted row in two days of the small hospital."""

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest

from hospital_assets.calendar.period import Period
from hospital_assets.registry import REGISTRY
from hospital_assets.simulation import Frames, Hospital
from hospital_assets.simulation.laws.law import Law

FIRST, LAST = date(2023, 1, 5), date(2023, 1, 6)
MONTH_BEFORE = date(2022, 12, 10)
LAWS = [law for row in REGISTRY for law in row.laws]

Change = Callable[[pl.DataFrame], pl.DataFrame]

plants: dict[str, tuple[str, Change]] = {}


def plant(law: str, record: str) -> Callable[[Change], Change]:
    """Say which law a change of a record breaks."""

    def register(change: Change) -> Change:
        plants[law] = record, change
        return change

    return register


def in_row(
    frame: pl.DataFrame, where: pl.Expr | bool = True, **values: pl.Expr | str
) -> pl.DataFrame:
    """Change values in the first row that fits."""
    number = frame.with_row_index().filter(where)["index"][0]
    chosen = pl.int_range(pl.len()) == number
    return frame.with_columns(
        pl.when(chosen).then(value).otherwise(name).alias(name) for name, value in values.items()
    )


@plant("valid_id_numbers", "people")
def one_wrong_digit(people: pl.DataFrame) -> pl.DataFrame:
    digit = pl.col("id_number").str.slice(12).cast(pl.Int32)
    wrong = pl.col("id_number").str.slice(0, 12) + ((digit + 1) % 10).cast(pl.String)
    return in_row(people, id_number=wrong)


@plant("unique_id_numbers", "people")
def two_people_with_one_number(people: pl.DataFrame) -> pl.DataFrame:
    return in_row(people, id_number=pl.lit(people["id_number"][1]))


@plant("born_before", "people")
def born_on_the_day(people: pl.DataFrame) -> pl.DataFrame:
    return in_row(people, date_of_birth=pl.col("record_date"))


@plant("no_future", "people")
def digitised_tomorrow(people: pl.DataFrame) -> pl.DataFrame:
    return in_row(people, registration_date=pl.col("record_date") + pl.duration(days=1))


@plant("posts_filled", "doctors")
def a_post_without_doctor(doctors: pl.DataFrame) -> pl.DataFrame:
    return doctors.slice(1)


@plant("grades_follow_service", "doctors")
def a_consultant_too_soon(doctors: pl.DataFrame) -> pl.DataFrame:
    return in_row(doctors, pl.col("years_of_service") < 18, grade=pl.lit("consultant"))


@plant("senior_cover", "staff_assignments")
def a_night_without_senior(assignments: pl.DataFrame) -> pl.DataFrame:
    senior = pl.col("grade").is_in(["specialist", "consultant"])
    palliative = pl.col("department") == "Palliative"
    return assignments.filter(~(senior & palliative & (pl.col("shift") == "night")))


@plant("rest", "staff_assignments")
def a_shift_after_a_short_night(assignments: pl.DataFrame) -> pl.DataFrame:
    """Let somebody begin 10 hours after a shift's end."""
    shift = assignments.filter(pl.col("work_date") == FIRST).head(1)
    next_shift = shift.with_columns(
        starts_at=pl.col("ends_at") + pl.duration(hours=10),
        ends_at=pl.col("ends_at") + pl.duration(hours=18),
        work_date=pl.lit(LAST),
    )
    return pl.concat([assignments, next_shift])


@plant("weekly_hours", "staff_assignments")
def no_day_off(assignments: pl.DataFrame) -> pl.DataFrame:
    """Let somebody work 8 hours on every day of four weeks."""
    shift = assignments.filter(pl.col("shift") == "office").head(1)
    days = pl.DataFrame({"work_date": pl.date_range(MONTH_BEFORE, LAST, eager=True)})
    busy = days.join(shift.drop("work_date"), how="cross").with_columns(
        starts_at=pl.col("work_date").cast(pl.Datetime("us")) + pl.duration(hours=8),
        ends_at=pl.col("work_date").cast(pl.Datetime("us")) + pl.duration(hours=16),
    )
    others = assignments.filter(pl.col("staff_id") != shift["staff_id"][0])
    return pl.concat([others, busy.select(others.columns)])


@plant("one_patient_a_bed", "patients")
def two_in_a_bed(patients: pl.DataFrame) -> pl.DataFrame:
    first, second = staying(patients)
    in_second = pl.col("encounter_id") == second["encounter_id"]
    return patients.with_columns(bed=pl.when(in_second).then(pl.lit(first["bed"])).otherwise("bed"))


@plant("one_place_a_patient", "patients")
def in_two_beds(patients: pl.DataFrame) -> pl.DataFrame:
    first, second = staying(patients)
    in_second = pl.col("encounter_id") == second["encounter_id"]
    return patients.with_columns(
        person_id=pl.when(in_second).then(pl.lit(first["person_id"])).otherwise("person_id")
    )


def staying(patients: pl.DataFrame) -> list[dict[str, Any]]:
    """Return two inpatients who stay over the end of the first day."""
    open_ = pl.col("discharged_at").is_null() & pl.col("bed").is_not_null()
    return patients.filter(open_, pl.col("census_date") == FIRST).head(2).rows(named=True)


@plant("transfers_a_day", "patients")
def a_transfer_too_few(patients: pl.DataFrame) -> pl.DataFrame:
    return in_row(patients, pl.col("disposition") == "transferred", disposition=pl.lit("home"))


@plant("fitting_diagnoses", "patients")
def a_child_with_a_heart_attack(patients: pl.DataFrame) -> pl.DataFrame:
    return in_row(patients, pl.col("age_years") < 10, diagnosis_code=pl.lit("I21.9"))


@plant("attending_on_duty", "patients")
def attended_by_somebody_at_home(patients: pl.DataFrame) -> pl.DataFrame:
    return in_row(patients, attending_doctor_id=pl.lit(1))


@plant("ends_are_discharges", "patient_flow")
def more_deaths_than_discharges(patient_flow: pl.DataFrame) -> pl.DataFrame:
    return in_row(patient_flow, deaths=pl.lit(1_000))


BETWEEN_RECORDS = {"doctors_retire", "staff_retire", "no_patient_on_shift", "alive"}


@pytest.fixture(scope="module")
def frames(small: Hospital) -> Frames:
    made: Frames = {}
    for row in REGISTRY:
        made[row.name] = row.rows(small, Period(FIRST, LAST), made)
    return made


def broken(name: str, frames: Frames, small: Hospital) -> pl.DataFrame:
    law = next(law for law in LAWS if law.name == name)
    return law.violations(frames, small.parameters)


def test_every_law_has_a_name_of_its_own_and_a_planted_violation() -> None:
    names = [law.name for law in LAWS]
    assert len(set(names)) == len(names)
    planted = set(plants) | BETWEEN_RECORDS
    unplanted = sorted(set(names) - planted)
    assert not unplanted, f"write a @plant in this file for {', '.join(unplanted)}"
    unknown = sorted(planted - set(names))
    assert not unknown, f"this file breaks laws that no record has: {', '.join(unknown)}"


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_a_law_finds_nothing_where_nothing_is_wrong(
    law: Law, frames: Frames, small: Hospital
) -> None:
    assert law.violations(frames, small.parameters).is_empty()


@pytest.mark.parametrize("name", plants)
def test_a_law_finds_the_planted_violation(name: str, frames: Frames, small: Hospital) -> None:
    record, change = plants[name]
    planted = frames | {record: change(frames[record])}
    assert not planted[record].equals(frames[record])
    assert len(broken(name, planted, small)) >= 1


@pytest.mark.parametrize(
    ("law", "record"), [("doctors_retire", "doctors"), ("staff_retire", "staff_assignments")]
)
def test_a_law_finds_staff_on_their_65th_birthday(
    law: str, record: str, frames: Frames, small: Hospital
) -> None:
    member = frames[record]["person_id"][0]
    mine = pl.col("person_id") == member
    for birthday, expected in ((date(1958, 1, 5), 2), (date(1958, 1, 7), 0)):
        people = frames["people"].with_columns(
            date_of_birth=pl.when(mine).then(pl.lit(birthday)).otherwise("date_of_birth")
        )
        days = frames[record].filter(mine).height
        found = broken(law, frames | {"people": people}, small)
        assert len(found) == min(expected, days)
        assert set(found["person_id"]) <= {member}


def test_no_patient_on_shift_finds_a_member_of_staff_in_a_bed(
    frames: Frames, small: Hospital
) -> None:
    member = frames["staff_assignments"]["person_id"][0]
    planted = in_row(frames["patients"], person_id=pl.lit(member))
    found = broken("no_patient_on_shift", frames | {"patients": planted}, small)
    assert found["person_id"].to_list() == [member]


def test_alive_finds_a_patient_who_died_the_day_before(frames: Frames, small: Hospital) -> None:
    arrived = pl.col("admitted_at").dt.date() == LAST
    patient = frames["patients"].filter(arrived, pl.col("census_date") == LAST)["person_id"][0]
    dead = pl.when(pl.col("person_id") == patient).then(pl.lit(FIRST)).otherwise("deceased_on")
    people = frames["people"].with_columns(deceased_on=dead)
    assert set(broken("alive", frames | {"people": people}, small)["person_id"]) == {patient}


def test_alive_finds_a_patient_born_on_the_day_of_arrival(frames: Frames, small: Hospital) -> None:
    arrived = pl.col("admitted_at").dt.date() == LAST
    patient = frames["patients"].filter(arrived, pl.col("census_date") == LAST)["person_id"][0]
    born = pl.when(pl.col("person_id") == patient).then(pl.lit(LAST)).otherwise("date_of_birth")
    people = frames["people"].with_columns(date_of_birth=born)
    assert set(broken("alive", frames | {"people": people}, small)["person_id"]) == {patient}


def test_alive_finds_a_patient_whom_people_lacks(frames: Frames, small: Hospital) -> None:
    patient = frames["patients"]["person_id"][0]
    people = frames["people"].filter(pl.col("person_id") != patient)
    assert set(broken("alive", frames | {"people": people}, small)["person_id"]) == {patient}


def test_fitting_diagnoses_finds_a_man_with_a_birth(frames: Frames, small: Hospital) -> None:
    mother = frames["patients"].filter(pl.col("diagnosis_code") == "O80.9")["person_id"][0]
    people = frames["people"].with_columns(
        sex=pl.when(pl.col("person_id") == mother).then(pl.lit("male")).otherwise("sex")
    )
    found = broken("fitting_diagnoses", frames | {"people": people}, small)
    assert set(found["person_id"]) == {mother}


def test_posts_filled_finds_a_department_without_any_doctor(
    frames: Frames, small: Hospital
) -> None:
    doctors = frames["doctors"].filter(pl.col("department") != "Palliative")
    found = broken("posts_filled", frames | {"doctors": doctors}, small)
    assert found["department"].to_list() == ["Palliative", "Palliative"]
