"""The story of a doctor, or of another member of staff: shifts, absences, patients, transfers."""

from collections.abc import Iterator

import polars as pl

from hospital_assets.contracts.absences import ABSENCES
from hospital_assets.contracts.doctors import DOCTORS
from hospital_assets.contracts.patients import PATIENTS
from hospital_assets.contracts.people import PEOPLE
from hospital_assets.contracts.staff_assignments import STAFF_ASSIGNMENTS
from hospital_assets.contracts.transfers import TRANSFERS
from hospital_assets.stories.encounters import transferred
from hospital_assets.stories.story import Find, Moment, Story, in_order, known, words


def staff_story(staff_id: int, find: Find) -> Story | None:
    """Return the story of a member of staff, None if no record has the number."""
    shifts = find(STAFF_ASSIGNMENTS, "staff_id", [staff_id])
    absences = find(ABSENCES, "staff_id", [staff_id])
    posts = find(DOCTORS, "doctor_id", [staff_id])
    rows = [one for one in (shifts, absences, posts) if not one.is_empty()]
    if not rows:
        return None
    person_id, last = rows[0]["person_id"][-1], rows[0].row(-1, named=True)
    people = find(PEOPLE, "person_id", [person_id])
    name = " ".join(people.select("first_name", "last_name").row(-1)) if len(people) else ""
    charge = find(PATIENTS, "attending_doctor_id", [staff_id])
    doctor = posts.row(-1, named=True) if len(posts) else {}
    facts = known(
        {
            "person_id": person_id,
            "department": last["department"],
            "grade": words(last["grade"]),
            "specialty": doctor.get("specialty"),
            "years of service": doctor.get("years_of_service"),
            "hired": doctor.get("hire_date"),
            "shifts worked": len(shifts),
            "planned shifts missed": len(absences),
            "encounters in charge of": charge["encounter_id"].n_unique(),
        }
    )
    moments = [
        *_shifts(shifts, charge),
        *_absences(absences),
        *transferred(find(TRANSFERS, "referring_doctor_id", [staff_id])),
    ]
    kind = "Doctor" if len(posts) else "Member of staff"
    title = ", ".join(part for part in (f"{kind} {staff_id}", name) if part)
    return Story(title, facts, in_order(moments))


def _shifts(shifts: pl.DataFrame, charge: pl.DataFrame) -> Iterator[Moment]:
    """Give each shift, with how many patients of its day the doctor is in charge of."""
    patients = dict(charge.group_by("census_date").len().iter_rows())
    for row in shifts.iter_rows(named=True):
        hours = f"{row['starts_at']:%H:%M} to {row['ends_at']:%H:%M}"
        parts = [f"works the shift {words(row['shift'])}, {hours}"]
        if words(row["arrangement"]) == "cover":
            parts.append("called in from the reserve")
        if number := patients.get(row["work_date"]):
            parts.append(f"in charge of {number} patients that day")
        yield Moment(row["starts_at"], "; ".join(parts), row["department"], "staff_assignments")


def _absences(absences: pl.DataFrame) -> Iterator[Moment]:
    for row in absences.iter_rows(named=True):
        cover = row["covered_by_staff_id"]
        instead = f"covered by {cover}" if cover else "covered by nobody"
        what = f"misses the shift {words(row['shift'])} ({words(row['kind'])}), {instead}"
        yield Moment(row["starts_at"], what, row["department"], "absences")
