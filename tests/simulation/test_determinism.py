"""The same bytes, whatever surrounds the making of a day."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hospital_assets.calendar.period import Period
from hospital_assets.configuration.settings import ROOT
from hospital_assets.registry import EXTRACTS, REGISTRY, make_extracts
from hospital_assets.simulation import Frames, Hospital
from tests.brief import RECORDS_OF_THE_BRIEF
from tests.hospitals import SEED
from tests.simulation.golden import (
    DAYS,
    FILE,
    Hashes,
    extracts_of,
    hashes,
    hashes_by_day,
)

FIRST_DAY, LAST_DAY = date(2020, 12, 1), date(2025, 3, 31)
days = st.dates(FIRST_DAY, LAST_DAY)


def fresh(hospital: Hospital, seed: int = SEED, last_day: date = LAST_DAY) -> Hospital:
    """Return another hospital with the same parameters, which has computed nothing yet."""
    period = replace(hospital.period, last_day=last_day)
    return Hospital(seed, replace(hospital.parameters, period=period), hospital.words)


@pytest.mark.parametrize("day", DAYS)
def test_the_records_of_a_day_are_the_ones_we_know(day: str, full: Hospital) -> None:
    """If they are meant to change: `make generate`."""
    golden = json.loads(FILE.read_text(encoding="utf-8"))
    assert hashes(extracts_of(full, date.fromisoformat(day))) == golden[day]


def test_a_day_alone_is_the_day_in_its_month(full: Hospital) -> None:
    month = Period(date(2023, 2, 1), date(2023, 2, 28))
    together = hashes_by_day(make_extracts(full, month), month.days)
    for day in (month.first_day, month.day(13), month.last_day):
        assert hashes(extracts_of(full, day)) == together[day]


def test_a_record_alone_is_the_record_beside_the_others(small: Hospital) -> None:
    """The range of what a day is made from may be longer than the range that is made."""
    day = date(2023, 2, 2)
    wider = make_extracts(small, Period(day - timedelta(days=1), day + timedelta(days=1)))
    alone = extracts_of(small, day)
    for row in EXTRACTS:
        assert row.rows(small, Period(day, day), wider).equals(alone[row.name])


@given(day=days, before=st.integers(0, 10), after=st.integers(0, 10))
@settings(max_examples=25, deadline=None)
def test_a_day_is_the_same_in_any_range(
    day: date, before: int, after: int, small: Hospital
) -> None:
    first = max(day - timedelta(days=before), FIRST_DAY)
    last = min(day + timedelta(days=after), LAST_DAY)
    in_range = hashes_by_day(make_extracts(small, Period(first, last)), [day])[day]
    assert in_range == hashes(extracts_of(small, day))


@given(order=st.lists(days, min_size=2, max_size=4, unique=True))
@settings(max_examples=5, deadline=None)
def test_the_order_of_days_does_not_matter(order: list[date], small: Hospital) -> None:
    other = fresh(small)
    backwards = {day: hashes(extracts_of(other, day)) for day in reversed(order)}
    assert {day: hashes(extracts_of(small, day)) for day in order} == backwards


@pytest.mark.parametrize(("hash_seed", "threads"), [("1", "1"), ("4711", "3")])
def test_another_process_makes_the_same_bytes(
    hash_seed: str, threads: str, small: Hospital
) -> None:
    assert in_another_process("2024-02-29", hash_seed, threads) == hashes(
        extracts_of(small, date(2024, 2, 29))
    )


def in_another_process(day: str, hash_seed: str, threads: str) -> Hashes:
    output = subprocess.run(
        [sys.executable, "-m", "tests.simulation.golden", "small", day],
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "POLARS_MAX_THREADS": threads},
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return json.loads(output)


def test_a_longer_period_changes_nothing_earlier(small: Hospital) -> None:
    longer = fresh(small, last_day=LAST_DAY + timedelta(days=400))
    for day in (FIRST_DAY, date(2023, 7, 14), LAST_DAY - timedelta(days=1), LAST_DAY):
        assert hashes(extracts_of(longer, day)) == hashes(extracts_of(small, day))


def test_a_shorter_period_changes_nothing_earlier(small: Hospital) -> None:
    shorter = fresh(small, last_day=date(2022, 3, 3))
    for day in (date(2021, 5, 5), date(2022, 3, 3)):
        assert hashes(extracts_of(shorter, day)) == hashes(extracts_of(small, day))


def test_the_longer_period_goes_on(small: Hospital) -> None:
    later = LAST_DAY + timedelta(days=300)
    frames = extracts_of(fresh(small, last_day=LAST_DAY + timedelta(days=400)), later)
    for name in (row.name for row in EXTRACTS):
        assert len(frames[name]) > (100 if name in RECORDS_OF_THE_BRIEF else 0), name


def test_another_seed_makes_another_hospital(small: Hospital) -> None:
    """No two people share a name and address by more than chance, and no bytes are the same."""
    day = date(2023, 2, 2)
    mine, other = (extracts_of(one, day) for one in (small, fresh(small, seed=SEED + 1)))
    for row in EXTRACTS:
        assert hashes(mine)[row.name] != hashes(other)[row.name]
    words = ["first_name", "last_name", "date_of_birth", "street_address"]
    assert mine["people"].join(other["people"], on=words, how="semi").is_empty()
    # Nor do people bear the same id for the same birth: ids are scrambled by the seed as well.
    same = mine["people"].join(other["people"], on=["person_id", "date_of_birth"], how="semi")
    assert len(same) < len(mine["people"]) * 0.01


def test_records_fit_their_contracts(full: Hospital) -> None:
    today = Period(date(2022, 6, 16), date(2022, 6, 16))
    frames: Frames = {}
    for row in REGISTRY:
        frames[row.name] = row.contract.schema.validate(row.rows(full, today, frames))


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2020, 11, 30), date(2020, 12, 1)),
        (date(2025, 3, 31), date(2025, 4, 1)),
    ],
)
def test_days_outside_the_period_are_refused(first: date, last: date, small: Hospital) -> None:
    with pytest.raises(ValueError, match="not a range of days within the period"):
        make_extracts(small, Period(first, last))
