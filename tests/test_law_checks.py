"""Inspection: a law that looks back is given the days before that it looks at, as far as known."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest

from hospital_assets.calendar.period import Period
from hospital_assets.configuration.hospital_files import load_parameters
from hospital_assets.configuration.settings import ROOT
from hospital_assets.contracts.patients import PATIENTS
from hospital_assets.contracts.record_type import RecordType
from hospital_assets.contracts.staff_assignments import STAFF_ASSIGNMENTS
from hospital_assets.law_checks import broken_laws, earlier_days
from hospital_assets.registry import EXTRACTS, registration
from hospital_assets.simulation import Frames, Parameters
from hospital_assets.simulation.laws.law import Law

FIRST = date(2023, 1, 5)
TODAY = Period(FIRST, date(2023, 1, 6)).days


@pytest.fixture(scope="module")
def parameters() -> Parameters:
    return load_parameters(ROOT / "configs", "small")


def back(days: int) -> date:
    """Return the day so many days before the first."""
    return FIRST - timedelta(days=days)


def frames_of(days: Iterable[date], *records: RecordType) -> Frames:
    """Return a row a day of some records, with nothing but the day in it."""
    return {one.name: pl.DataFrame({one.partition_column: sorted(days)}) for one in records}


def tells(record: RecordType, days_before: int, *others: RecordType) -> Law:
    """Return a law that every day of a record breaks that it is shown."""
    reads = (record.name, *(one.name for one in others))
    return Law(
        f"{record.name}_{days_before}",
        "Shows what it is given.",
        reads,
        lambda frames, _: frames[record.name],
        days_before,
    )


def shown(
    laws: tuple[Law, ...], frames: Frames, earlier: Frames, parameters: Parameters
) -> list[list[date]]:
    """Return the days that each law was given."""
    row = replace(registration(PATIENTS), laws=laws)
    found = list(broken_laws(row, frames, earlier, FIRST, parameters))
    assert tuple(law for law, _ in found) == laws
    return [rows.to_series().to_list() for _, rows in found]


@pytest.mark.parametrize("days_before", [1, 2, 27])
def test_a_law_that_looks_back_is_given_the_days_before_it_and_no_more(
    days_before: int, parameters: Parameters
) -> None:
    many = [back(days) for days in range(1, 40)]
    laws = (tells(PATIENTS, days_before),)
    days = shown(laws, frames_of(TODAY, PATIENTS), frames_of(many, PATIENTS), parameters)
    assert days == [[back(days) for days in range(days_before, 0, -1)] + TODAY]


def test_each_law_of_a_record_is_given_days_of_its_own(parameters: Parameters) -> None:
    earlier = frames_of([back(3), back(2), back(1)], PATIENTS)
    laws = tells(PATIENTS, 0), tells(PATIENTS, 2), tells(PATIENTS, 1)
    days = shown(laws, frames_of(TODAY, PATIENTS), earlier, parameters)
    assert days == [TODAY, [back(2), back(1), *TODAY], [back(1), *TODAY]]


def test_a_day_that_is_looked_at_itself_is_not_given_twice(parameters: Parameters) -> None:
    """The rows of before may go on into the days themselves."""
    earlier = frames_of([back(1), *TODAY], PATIENTS)
    days = shown((tells(PATIENTS, 1),), frames_of(TODAY, PATIENTS), earlier, parameters)
    assert days == [[back(1), *TODAY]]


@pytest.mark.parametrize("there", [[], [back(1)], [back(5)], [back(9)]])
def test_a_law_that_looks_back_is_given_what_is_there_of_the_days_before(
    there: list[date], parameters: Parameters
) -> None:
    earlier = frames_of(there, PATIENTS) if there else {}
    days = shown((tells(PATIENTS, 5),), frames_of(TODAY, PATIENTS), earlier, parameters)
    assert days == [[day for day in there if day >= back(5)] + TODAY]


def test_a_law_that_looks_back_does_so_in_every_record_that_it_reads(
    parameters: Parameters,
) -> None:
    records = PATIENTS, STAFF_ASSIGNMENTS
    laws = tells(STAFF_ASSIGNMENTS, 1, PATIENTS), tells(PATIENTS, 1, STAFF_ASSIGNMENTS)
    earlier = frames_of([back(2), back(1)], *records)
    days = shown(laws, frames_of(TODAY, *records), earlier, parameters)
    assert days == [[back(1), *TODAY]] * 2


def test_a_law_is_given_the_parameters(parameters: Parameters) -> None:
    given: list[Parameters] = []

    def violations(frames: Frames, known: Parameters) -> pl.DataFrame:
        given.append(known)
        return frames["patients"]

    law = Law("curious", "Keeps what it is given.", ("patients",), violations)
    shown((law,), frames_of(TODAY, PATIENTS), {}, parameters)
    assert given == [parameters]


@pytest.mark.parametrize(
    ("days_before", "expected"), [((), []), ((0, 0), []), ((0, 1), [1]), ((3, 1), [3, 2, 1])]
)
def test_the_earlier_days_are_those_of_the_law_that_looks_back_furthest(
    days_before: tuple[int, ...], expected: list[int]
) -> None:
    rows = [replace(registration(PATIENTS), laws=(tells(PATIENTS, one),)) for one in days_before]
    assert earlier_days(rows, FIRST) == [back(days) for days in expected]


def test_four_weeks_of_work_are_the_furthest_that_a_law_looks_back() -> None:
    days = earlier_days(EXTRACTS, FIRST)
    assert [days[0], days[-1]] == [back(27), back(1)]
    assert len(days) == 27
