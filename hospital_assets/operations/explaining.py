"""Explaining: the story of one record, from the database where it is, else from the simulation."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from hospital_assets.calendar.period import Period, by_month, consecutive
from hospital_assets.contracts.patients import PATIENTS
from hospital_assets.contracts.record_type import RecordType
from hospital_assets.contracts.transfers import TRANSFERS
from hospital_assets.errors import HospitalError
from hospital_assets.registry import make_extracts, registration
from hospital_assets.resources.warehouse.resource import Warehouse
from hospital_assets.simulation import Hospital
from hospital_assets.simulation.dates import day_of
from hospital_assets.simulation.lookup import (
    days_of_encounter,
    days_of_person,
    days_of_staff,
    is_person,
)
from hospital_assets.stories.encounters import encounter_story, transfer_story
from hospital_assets.stories.people import person_story
from hospital_assets.stories.staff import staff_story
from hospital_assets.stories.story import Find, Story
from hospital_assets.stories.subject import Kind, Subject

# What a doctor does is much the same every month, and each day of it has to be made.
_DAYS_OF_STAFF = 28

Progress = Callable[[str], None]


class UnknownRecordError(HospitalError):
    """Neither the database nor the simulation has a record of this id."""


@dataclass(frozen=True)
class Explanation:
    """A story, and in words where it was read."""

    subject: Subject
    source: str
    story: Story


def explain(
    subject: Subject, hospital: Hospital, warehouse: Warehouse | None, progress: Progress
) -> Explanation:
    """Return the story of a record; raises UnknownRecordError if there is none.

    `warehouse` is None where there is no database.
    """
    if warehouse is not None and (story := _told(subject, warehouse.find)) is not None:
        days = warehouse.days(PATIENTS)
        span = f", which has {len(days):,} days, {days[0]} to {days[-1]}" if days else ""
        return Explanation(subject, f"PostgreSQL{span}", story)
    records = _Simulated(hospital)
    source = _look_up(subject, hospital, records, progress)
    story = _told(subject, records.find)
    if story is None:
        raise UnknownRecordError(
            f"no {subject}: neither the database nor the simulation, {hospital.period}, has it"
        )
    return Explanation(subject, f"the simulation{source}", story)


def _told(subject: Subject, find: Find) -> Story | None:
    if subject.kind is Kind.TRANSFER:
        return transfer_story(subject.id, find)
    tell = {
        Kind.ENCOUNTER: encounter_story,
        Kind.PERSON: person_story,
        Kind.STAFF: staff_story,
    }[subject.kind]
    return tell(subject.number, find)


class _Simulated:
    """The records of the days that were asked for, made once each."""

    def __init__(self, hospital: Hospital) -> None:
        self._hospital = hospital
        self._days: set[date] = set()
        self._parts: dict[str, list[pl.DataFrame]] = {}

    def reach(self, days: Iterable[date], person_id: int | None = None) -> None:
        """Make the records of days that aren't there yet, and keep all or those of a person."""
        new = sorted(set(days) - self._days)
        self._days.update(new)
        for part in (within for month in by_month(new) for within in consecutive(month.days)):
            frames = make_extracts(self._hospital, part)
            streamed = registration(TRANSFERS)
            frames[streamed.name] = streamed.rows(self._hospital, part, {})
            for name, frame in frames.items():
                is_cut = person_id is not None and "person_id" in frame.columns
                kept = frame.filter(pl.col("person_id") == person_id) if is_cut else frame
                self._parts.setdefault(name, []).append(kept)

    def find(self, record: RecordType, column: str, values: Sequence[object]) -> pl.DataFrame:
        """Return the rows that have one of the values in a column, in order of day and key."""
        is_wanted = pl.col(column).is_in(list(values))
        wanted = [part.filter(is_wanted) for part in self._parts.get(record.name, ())]
        if not wanted:
            return record.schema.create_empty()
        return pl.concat(wanted).sort(*dict.fromkeys((record.partition_column, *record.key)))


def _look_up(subject: Subject, hospital: Hospital, records: _Simulated, progress: Progress) -> str:
    """Make the days that tell of something; returns in words which part of it, if not all."""
    if subject.kind is Kind.TRANSFER:
        progress("looking through the transfers")
        made = registration(TRANSFERS).rows(hospital, hospital.period, {})
        for encounter in made.filter(pl.col("transfer_id") == subject.id)["encounter_id"]:
            _reach_encounter(encounter, hospital, records)
    elif subject.kind is Kind.ENCOUNTER:
        progress("making its days")
        _reach_encounter(subject.number, hospital, records)
    elif subject.kind is Kind.PERSON:
        if is_person(hospital, subject.number):
            days: list[date] = []
            for month in by_month(hospital.period.days):
                progress(f"looking through {month.first_day:%B %Y}")
                days += _dates(days_of_person(hospital, subject.number, month))
            records.reach(days, subject.number)
    else:
        progress("looking through the rosters")
        found = _dates(days_of_staff(hospital, subject.number, hospital.period))
        if found:
            since = max(found[-1] - timedelta(days=_DAYS_OF_STAFF - 1), hospital.period.first_day)
            progress("making the last days in service")
            records.reach(Period(since, found[-1]).days)
            return f", {since} to {found[-1]}: the last {_DAYS_OF_STAFF} days in service"
    return ""


def _reach_encounter(encounter_id: int, hospital: Hospital, records: _Simulated) -> None:
    """Make the days of an encounter and of the one that led to it."""
    records.reach(_dates(days_of_encounter(hospital, encounter_id)))
    rows = records.find(PATIENTS, "encounter_id", [encounter_id])
    for before in rows["preceding_encounter_id"].drop_nulls().unique():
        records.reach(_dates(days_of_encounter(hospital, before)))


def _dates(days: Iterable[int]) -> list[date]:
    return [day_of(day) for day in days]
