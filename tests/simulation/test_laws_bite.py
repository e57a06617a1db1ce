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
    return in_row(people, pl.col("id_number").is_not_null(), id_number=wrong)


@plant("unique_papers", "people")
def two_people_with_one_number(people: pl.DataFrame) -> pl.DataFrame:
    taken = people["id_number"].drop_nulls()[1]
    return in_row(people, pl.col("id_number").is_not_null(), id_number=pl.lit(taken))


@plant("phones_of_kin", "people")
def two_strangers_with_one_phone(people: pl.DataFrame) -> pl.DataFrame:
    alone = (pl.len().over("record_date", "phone") == 1) & pl.col("next_of_kin_id").is_null()
    taken = people.filter(alone)["phone"][1]
    return in_row(people, alone, phone=pl.lit(taken))


@plant("papers_by_standing", "people")
def a_citizen_with_a_passport(people: pl.DataFrame) -> pl.DataFrame:
    return in_row(people, pl.col("citizenship") == "citizen", passport_number=pl.lit("A123"))


@plant("kin", "people")
def somebody_of_own_kin(people: pl.DataFrame) -> pl.DataFrame:
    known = pl.col("next_of_kin_id").is_not_null()
    return in_row(people, known, next_of_kin_id=pl.col("person_id"))


@plant("born_before", "people")
def born_tomorrow(people: pl.DataFrame) -> pl.DataFrame:
    return in_row(people, date_of_birth=pl.col("record_date") + pl.duration(days=1))


@plant("no_future", "people")
def digitised_tomorrow(people: pl.DataFrame) -> pl.DataFrame:
    return in_row(people, registration_date=pl.col("record_date") + pl.duration(days=1))


@plant("grades_need_service", "doctors")
def a_consultant_too_soon(doctors: pl.DataFrame) -> pl.DataFrame:
    return in_row(doctors, pl.col("years_of_service") < 2, grade=pl.lit("consultant"))


@plant("one_post_a_doctor", "doctors")
def a_doctor_twice(doctors: pl.DataFrame) -> pl.DataFrame:
    return in_row(doctors, person_id=pl.lit(doctors["person_id"][1]))


@plant("senior_cover", "staff_assignments")
def a_night_without_senior(assignments: pl.DataFrame) -> pl.DataFrame:
    senior = pl.col("grade").is_in(["specialist", "consultant"])
    palliative = pl.col("department") == "Palliative"
    return assignments.filter(~(senior & palliative & (pl.col("shift") == "night")))


@plant("nurse_cover", "staff_assignments")
def a_night_without_nurse(assignments: pl.DataFrame) -> pl.DataFrame:
    nurse = (pl.col("role") == "nurse") & (pl.col("department") == "ICU")
    return assignments.filter(~(nurse & (pl.col("shift") == "night")))


@plant("reserve_covers", "staff_assignments")
def a_holder_who_covers(assignments: pl.DataFrame) -> pl.DataFrame:
    return in_row(assignments, pl.col("staff_id") < 9_000_000, arrangement=pl.lit("cover"))


@plant("cover_is_worked", "absences")
def covered_by_somebody_else(absences: pl.DataFrame) -> pl.DataFrame:
    covered = pl.col("covered_by_staff_id").is_not_null()
    return in_row(absences, covered, covered_by_staff_id=pl.lit(1))


@plant("vacant_is_nobodys", "absences")
def a_vacant_post_with_a_holder(absences: pl.DataFrame) -> pl.DataFrame:
    return in_row(absences, pl.col("kind") == "vacant", staff_id=pl.lit(1))


@plant("bed_holds_one", "bed_movements")
def two_at_once_in_a_bed(movements: pl.DataFrame) -> pl.DataFrame:
    lying = movements.filter(pl.col("ended_at").is_null(), pl.col("census_date") == LAST)
    first, second = lying.head(2).rows(named=True)
    moved = pl.col("encounter_id") == second["encounter_id"]
    return movements.with_columns(bed=pl.when(moved).then(pl.lit(first["bed"])).otherwise("bed"))


@plant("stay_in_one_bed", "bed_movements")
def a_patient_in_two_beds(movements: pl.DataFrame) -> pl.DataFrame:
    extra = movements.filter(pl.col("ended_at").is_null()).head(1)
    return pl.concat([movements, extra.with_columns(pl.lit(9, pl.Int32).alias("sequence"))])


@plant("beds_without_gap", "bed_movements")
def a_minute_in_no_bed(movements: pl.DataFrame) -> pl.DataFrame:
    moved = movements.filter(pl.col("started_at").dt.date() == LAST, pl.col("sequence") == 2)
    one = (pl.col("encounter_id") == moved["encounter_id"][0]) & (pl.col("sequence") == 2)
    later = pl.col("started_at") + pl.duration(minutes=1)
    return movements.with_columns(started_at=pl.when(one).then(later).otherwise("started_at"))


@plant("beds_as_in_patients", "bed_movements")
def in_another_bed_than_patients_says(movements: pl.DataFrame) -> pl.DataFrame:
    return in_row(movements, pl.col("ended_at").is_null(), bed=pl.lit("XX-001"))


@plant("main_diagnosis_first", "diagnoses")
def another_main_diagnosis(diagnoses: pl.DataFrame) -> pl.DataFrame:
    return in_row(diagnoses, pl.col("sequence") == 1, icd10_code=pl.lit("Z99.9"))


@plant("causes_after_injuries", "diagnoses")
def a_fall_without_an_injury(diagnoses: pl.DataFrame) -> pl.DataFrame:
    return in_row(diagnoses, pl.col("sequence") == 1, icd10_code=pl.lit("W01"))


@plant("coded_once", "diagnoses")
def a_code_twice(diagnoses: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([diagnoses, diagnoses.head(1)])


@plant("coded_in_order", "diagnoses")
def a_number_skipped(diagnoses: pl.DataFrame) -> pl.DataFrame:
    last = pl.col("sequence") == 2
    return in_row(diagnoses, last, sequence=pl.lit(29, pl.Int32))


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
    inpatient = pl.col("encounter_class") == "inpatient"
    moved = pl.col("disposition") == "transferred"
    return in_row(patients, inpatient & moved, disposition=pl.lit("home"))


@plant("fitting_diagnoses", "patients")
def a_child_in_labour(patients: pl.DataFrame) -> pl.DataFrame:
    return in_row(patients, pl.col("age_years") < 10, diagnosis_code=pl.lit("O80.9"))


@plant("births_in_beds", "patients")
def a_weight_of_a_grown_up(patients: pl.DataFrame) -> pl.DataFrame:
    weight = pl.lit(3000, pl.Int32)
    return in_row(patients, pl.col("age_years") > 10, birth_weight_g=weight)


@plant("emergency_clock", "patients")
def seen_before_triage(patients: pl.DataFrame) -> pl.DataFrame:
    early = pl.col("triaged_at") - pl.duration(minutes=1)
    return in_row(patients, pl.col("seen_at").is_not_null(), seen_at=early)


@plant("doctor_on_duty", "patients")
def attended_by_somebody_at_home(patients: pl.DataFrame) -> pl.DataFrame:
    return in_row(patients, pl.col("census_date") == LAST, attending_doctor_id=pl.lit(1))


@plant("ends_are_discharges", "patient_flow")
def more_deaths_than_discharges(patient_flow: pl.DataFrame) -> pl.DataFrame:
    return in_row(patient_flow, deaths=pl.lit(1_000))


@plant("patients_fit_the_beds", "patient_flow")
def a_patient_more_than_beds(flow: pl.DataFrame) -> pl.DataFrame:
    return in_row(flow, pl.col("flow_date") == LAST, beds=pl.col("census") - 1)


@plant("flow_balances", "patient_flow")
def a_patient_from_nowhere(flow: pl.DataFrame) -> pl.DataFrame:
    return in_row(flow, pl.col("flow_date") == LAST, census=pl.col("census") + 1)


BETWEEN_RECORDS = {
    "doctors_retire",
    "staff_retire",
    "away_means_away",
    "no_patient_on_shift",
    "alive",
}


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
    on_call = frames["staff_assignments"].filter(pl.col("work_date") == FIRST)
    member = on_call["person_id"][0]
    staying = pl.col("discharged_at").is_null() & (pl.col("census_date") == LAST)
    planted = in_row(frames["patients"], staying, person_id=pl.lit(member))
    planted = planted.with_columns(
        pl.when(pl.col("person_id") == member)
        .then(pl.datetime(2023, 1, 5))
        .otherwise("admitted_at")
        .alias("admitted_at")
    )
    found = broken("no_patient_on_shift", frames | {"patients": planted}, small)
    assert set(found["person_id"]) == {member}


def test_away_means_away_finds_who_is_absent_and_at_work(frames: Frames, small: Hospital) -> None:
    worked = frames["staff_assignments"].filter(pl.col("work_date") == FIRST)["staff_id"][0]
    held = pl.col("staff_id").is_not_null() & (pl.col("absence_date") == FIRST)
    planted = in_row(frames["absences"], held, staff_id=pl.lit(worked))
    found = broken("away_means_away", frames | {"absences": planted}, small)
    assert found["staff_id"].to_list() == [worked]


def test_alive_finds_a_patient_who_died_the_day_before(frames: Frames, small: Hospital) -> None:
    arrived = pl.col("admitted_at").dt.date() == LAST
    patient = frames["patients"].filter(arrived, pl.col("census_date") == LAST)["person_id"][0]
    dead = pl.when(pl.col("person_id") == patient).then(pl.lit(FIRST)).otherwise("deceased_on")
    people = frames["people"].with_columns(deceased_on=dead)
    assert set(broken("alive", frames | {"people": people}, small)["person_id"]) == {patient}


def test_alive_finds_a_patient_born_after_the_arrival(frames: Frames, small: Hospital) -> None:
    arrived = pl.col("admitted_at").dt.date() == FIRST
    patient = frames["patients"].filter(arrived, pl.col("census_date") == FIRST)["person_id"][0]
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
