"""Patient flow: what is counted, and which differences between batch and stream are seen."""

from datetime import date

import polars as pl
import pytest

from hospital_assets.calendar.period import Period
from hospital_assets.configuration.hospital_files import load_parameters, load_words
from hospital_assets.configuration.settings import ROOT
from hospital_assets.contracts.patient_flow import PATIENT_FLOW
from hospital_assets.contracts.patients import PATIENTS
from hospital_assets.contracts.transfers import TRANSFERS
from hospital_assets.insight.patient_flow import disagreements
from hospital_assets.registry import make_extracts, registration
from hospital_assets.simulation import Hospital

DAYS = Period(date(2022, 5, 1), date(2022, 5, 2))
A_DAY = 15

Sides = tuple[pl.DataFrame, pl.DataFrame]


@pytest.fixture(scope="module")
def hospital() -> Hospital:
    return Hospital(7, load_parameters(ROOT / "configs", "small"), load_words())


@pytest.fixture(scope="module")
def sides(hospital: Hospital) -> Sides:
    """Batch and stream of two days."""
    patients = make_extracts(hospital, DAYS)[PATIENTS.name]
    return patients, registration(TRANSFERS).rows(hospital, DAYS, {})


def test_batch_and_stream_of_the_simulation_agree(sides: Sides) -> None:
    assert disagreements(*sides, A_DAY).is_empty()


def test_every_department_has_its_flow_on_every_day(hospital: Hospital, sides: Sides) -> None:
    names = [one.name for one in hospital.parameters.departments]
    frames = dict(zip((PATIENTS.name, TRANSFERS.name), sides, strict=True))
    flow = PATIENT_FLOW.schema.validate(registration(PATIENT_FLOW).rows(hospital, DAYS, frames))
    assert len(flow) == len(names) * DAYS.length
    assert flow["transfers"].sum() == flow["streamed_transfers"].sum() == A_DAY * DAYS.length
    second = flow.filter(pl.col("flow_date") == DAYS.last_day)
    first = flow.filter(pl.col("flow_date") == DAYS.first_day)
    moved = second["admissions"].sum() - second["discharges"].sum()
    assert second["census"].sum() == first["census"].sum() + moved


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda stream: stream.with_columns(bed=pl.lit("XX-001")), "differs"),
        (lambda stream: stream.with_columns(pl.col("departed_at").dt.offset_by("1m")), "differs"),
        (lambda stream: stream.with_columns(pl.col("encounter_id") + 1), "only in stream"),
    ],
)
def test_a_transfer_that_the_stream_tells_differently_is_named(
    sides: Sides, change: object, problem: str
) -> None:
    patients, stream = sides
    assert callable(change)
    changed = pl.concat([change(stream.head(1)), stream.slice(1)])
    found = disagreements(patients, changed, A_DAY)
    assert problem in found["problem"].to_list()


def test_a_day_whose_slots_are_not_all_in_is_not_judged(sides: Sides) -> None:
    patients, stream = sides
    found = disagreements(patients, stream.slice(1), A_DAY)
    assert found.is_empty()
