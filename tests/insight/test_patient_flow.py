"""Patient flow: what is counted, and which differences between batch and stream are seen."""

from collections.abc import Callable
from datetime import date

import polars as pl
import pytest

from hospital_assets.calendar.period import Period
from hospital_assets.contracts.patient_flow import PATIENT_FLOW
from hospital_assets.contracts.patients import PATIENTS
from hospital_assets.contracts.transfers import TRANSFERS
from hospital_assets.insight.patient_flow import disagreements
from hospital_assets.registry import make_extracts, registration
from hospital_assets.simulation import Hospital
from tests.hospitals import small_hospital

DAYS = Period(date(2022, 5, 1), date(2022, 5, 2))
A_DAY = 15

Sides = tuple[pl.DataFrame, pl.DataFrame]


@pytest.fixture(scope="module")
def hospital() -> Hospital:
    return small_hospital()


@pytest.fixture(scope="module")
def sides(hospital: Hospital) -> Sides:
    """Batch and stream of two days."""
    patients = make_extracts(hospital, DAYS)[PATIENTS.name]
    return patients, registration(TRANSFERS).rows(hospital, DAYS, {})


def test_batch_and_stream_of_the_simulation_agree(sides: Sides) -> None:
    patients, stream = sides
    assert disagreements(patients, stream, DAYS.days, stream["transfer_id"]).is_empty()


def test_every_department_has_its_flow_on_every_day(hospital: Hospital, sides: Sides) -> None:
    names = [one.name for one in hospital.parameters.departments]
    frames = make_extracts(hospital, DAYS) | {TRANSFERS.name: sides[1]}
    flow = PATIENT_FLOW.schema.validate(registration(PATIENT_FLOW).rows(hospital, DAYS, frames))
    assert len(flow) == len(names) * DAYS.length
    assert flow["transfers"].sum() == flow["streamed_transfers"].sum() == A_DAY * DAYS.length
    second = flow.filter(pl.col("flow_date") == DAYS.last_day)
    first = flow.filter(pl.col("flow_date") == DAYS.first_day)
    moved = second["admissions"].sum() - second["discharges"].sum()
    assert second["census"].sum() == first["census"].sum() + moved


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one.with_columns(bed=pl.lit("XX-001")),
        lambda one: one.with_columns(ward=pl.lit("XX")),
        lambda one: one.with_columns(department=pl.lit("Surgery and more")),
        lambda one: one.with_columns(pl.col("person_id") + 1),
        lambda one: one.with_columns(pl.col("departed_at").dt.offset_by("1m")),
        lambda one: one.with_columns(pl.col("encounter_id") + 1),
        lambda one: one.with_columns(transfer_date=pl.lit(DAYS.last_day)),
    ],
)
def test_a_transfer_that_the_stream_tells_differently_is_named_on_both_sides(
    sides: Sides, change: Callable[[pl.DataFrame], pl.DataFrame]
) -> None:
    patients, stream = sides
    changed = pl.concat([change(stream.head(1)), stream.slice(1)])
    found = disagreements(patients, changed, DAYS.days, stream["transfer_id"])
    assert sorted(found["problem"]) == ["only in batch", "only in stream"]
    [told] = found.filter(problem="only in stream")["transfer_id"]
    assert told == stream["transfer_id"][0]


@pytest.mark.parametrize("letter", ["0", "f"])
def test_a_transfer_that_is_told_twice_is_named_once_by_the_one_that_nobody_recorded(
    sides: Sides, letter: str
) -> None:
    patients, stream = sides
    # Before and after the one that it is a copy of.
    copy = stream.head(1).with_columns(pl.col("transfer_id").str.replace("^.", letter))
    found = disagreements(patients, pl.concat([stream, copy]), DAYS.days, stream["transfer_id"])
    assert found["problem"].to_list() == ["only in stream"]
    assert found["transfer_id"].to_list() == copy["transfer_id"].to_list()


def test_a_day_that_has_not_landed_whole_may_lack_transfers_and_have_no_strange_ones(
    sides: Sides,
) -> None:
    patients, stream = sides
    assert disagreements(patients, stream.slice(1), [], stream["transfer_id"]).is_empty()
    foreign = stream.head(1).with_columns(pl.col("encounter_id") + 1)
    changed = pl.concat([foreign, stream.slice(2)])
    found = disagreements(patients, changed, [DAYS.last_day], stream["transfer_id"])
    assert found["problem"].to_list() == ["only in stream"]


def test_a_complete_day_may_lack_none(sides: Sides) -> None:
    patients, stream = sides
    found = disagreements(patients, stream.slice(1), DAYS.days, stream["transfer_id"])
    assert found["problem"].to_list() == ["only in batch"]
