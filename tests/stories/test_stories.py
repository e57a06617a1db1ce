"""Stories: the form of an id says what it is of, and a story tells what the records have."""

from collections.abc import Sequence
from datetime import date

import polars as pl
import pytest

from hospital_assets.calendar.period import Period
from hospital_assets.contracts.record_type import RecordType
from hospital_assets.registry import STREAMED, make_extracts
from hospital_assets.simulation import Frames
from hospital_assets.stories.encounters import encounter_story, transfer_story
from hospital_assets.stories.people import person_story
from hospital_assets.stories.staff import staff_story
from hospital_assets.stories.story import Find, Story
from hospital_assets.stories.subject import Kind, Subject
from tests.hospitals import small_hospital

DAYS = Period(date(2022, 3, 1), date(2022, 3, 10))


@pytest.fixture(scope="module")
def frames() -> Frames:
    hospital = small_hospital()
    frames = make_extracts(hospital, DAYS)
    return frames | {row.name: row.rows(hospital, DAYS, frames) for row in STREAMED}


@pytest.fixture(scope="module")
def find(frames: Frames) -> Find:
    def rows(record: RecordType, column: str, values: Sequence[object]) -> pl.DataFrame:
        return frames[record.name].filter(pl.col(column).is_in(list(values)))

    return rows


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1127798990944", Kind.ENCOUNTER),
        ("16728802", Kind.PERSON),
        ("101", Kind.STAFF),
        ("9000105", Kind.STAFF),
        (" 3175F075-8ffe-5947-af5f-fe56c17795de", Kind.TRANSFER),
    ],
)
def test_an_id_says_what_it_is_of(text: str, kind: Kind) -> None:
    assert Subject.of(text).kind is kind


@pytest.mark.parametrize("text", ["", "-1", "abc", "123456789", "11277989909441", "3175f075-8ffe"])
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="an encounter's has 13 digits"):
        Subject.of(text)


def test_a_transferred_stay_is_told_by_beds_diagnoses_and_event(frames: Frames, find: Find) -> None:
    began = frames["bed_movements"].filter(pl.col("sequence") == 1)["encounter_id"]
    whole = frames["transfers"].filter(
        pl.col("encounter_id").is_in(began.to_list()), pl.col("transfer_date") == DAYS.last_day
    )
    transfer = whole.row(0, named=True)
    story = transfer_story(transfer["transfer_id"], find)
    assert story is not None
    moments = [(moment.record, moment.what) for moment in story.moments]
    beds = find_beds(frames, transfer["encounter_id"])
    told = [what.rsplit(": ", 1)[1] for record, what in moments if record == "bed_movements"]
    assert told == beds
    assert sum(record == "transfers" for record, _ in moments) == 1
    assert any(what.startswith("coded: ") for _, what in moments)
    assert story.facts["to"] == transfer["facility"]
    assert story.moments[-1].at == transfer["departed_at"]
    assert_in_order(story)


def test_an_attendance_is_told_from_arrival_to_departure(frames: Frames, find: Find) -> None:
    row = (
        frames["patients"]
        .filter(
            pl.col("encounter_class").cast(pl.String) == "emergency",
            pl.col("disposition").cast(pl.String) == "home",
            pl.col("seen_at").is_not_null(),
        )
        .row(0, named=True)
    )
    story = encounter_story(row["encounter_id"], find)
    assert story is not None
    own = [moment.what for moment in story.moments if moment.record == "patients"]
    assert own[0].startswith("arrives: ")
    assert f"triaged {row['triage']}" in own
    assert own[-1] == "leaves: home, to home"
    assert_in_order(story)


def test_a_person_is_told_by_encounters(frames: Frames, find: Find) -> None:
    person_id = frames["patients"]["person_id"].mode().sort()[0]
    story = person_story(person_id, find)
    assert story is not None
    encounters = frames["patients"].filter(pl.col("person_id") == person_id)
    begun = [moment for moment in story.moments if " begins: " in moment.what]
    assert len(begun) == encounters["encounter_id"].n_unique()
    assert story.moments[0].what == "born"
    assert_in_order(story)


def test_a_doctor_is_told_by_shifts_and_absences(frames: Frames, find: Find) -> None:
    doctor = frames["patients"]["attending_doctor_id"].mode().sort()[0]
    story = staff_story(doctor, find)
    assert story is not None
    shifts = frames["staff_assignments"].filter(pl.col("staff_id") == doctor)
    absences = frames["absences"].filter(pl.col("staff_id") == doctor)
    told = [moment.record for moment in story.moments]
    assert (told.count("staff_assignments"), told.count("absences")) == (
        len(shifts),
        len(absences),
    )
    assert any("in charge of" in moment.what for moment in story.moments)
    assert story.title.startswith(f"Doctor {doctor}, ")


def test_nothing_is_told_of_what_no_record_has(find: Find) -> None:
    assert encounter_story(1, find) is None
    assert person_story(1, find) is None
    assert staff_story(8_999_999, find) is None
    assert transfer_story("3175f075-8ffe-5947-af5f-fe56c17795de", find) is None


def find_beds(frames: Frames, encounter_id: int) -> list[str]:
    """Return the beds of a stay in order."""
    movements = frames["bed_movements"].filter(pl.col("encounter_id") == encounter_id)
    return movements.unique("sequence", keep="last").sort("sequence")["bed"].to_list()


def assert_in_order(story: Story) -> None:
    """Every moment comes at or after the one before."""
    times = [moment.at for moment in story.moments]
    assert times == sorted(times)
