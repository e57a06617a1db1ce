"""Figures of a day: numbers beside its rows, which the page plots over time."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from hospital_assets.contracts.absences import ABSENCES
from hospital_assets.contracts.bed_movements import BED_MOVEMENTS
from hospital_assets.contracts.diagnoses import DIAGNOSES
from hospital_assets.contracts.doctors import DOCTORS
from hospital_assets.contracts.patient_flow import PATIENT_FLOW
from hospital_assets.contracts.patients import PATIENTS
from hospital_assets.contracts.people import PEOPLE
from hospital_assets.contracts.record_type import RecordType
from hospital_assets.contracts.staff_assignments import STAFF_ASSIGNMENTS
from hospital_assets.contracts.transfers import TRANSFERS
from hospital_assets.simulation import Parameters

Figures = Mapping[str, int | float]

_BED = pl.col("bed").is_not_null()
_LEFT = pl.col("discharged_at").is_not_null()
_BEGAN = pl.col("admitted_at").dt.date() == pl.col("census_date")

_COUNTED: dict[str, dict[str, pl.Expr]] = {
    PEOPLE.name: {
        "digitised": (pl.col("registration_date") == pl.col("record_date")).sum(),
    },
    DOCTORS.name: {
        "called_in": pl.col("hire_date").is_null().sum(),
    },
    STAFF_ASSIGNMENTS.name: {
        "shifts_by_cover": (pl.col("arrangement") == "cover").sum(),
    },
    ABSENCES.name: {
        "sick": (pl.col("kind") == "sick").sum(),
        "not_covered": pl.col("covered_by_staff_id").is_null().sum(),
    },
    PATIENTS.name: {
        "census": (_BED & ~_LEFT).sum(),
        "admissions": (_BED & _BEGAN).sum(),
        "discharges": (_BED & _LEFT).sum(),
        "deaths": (pl.col("disposition") == "died").sum(),
        "transfers": (_BED & (pl.col("disposition") == "transferred")).sum(),
        "attendances": (~_BED & _BEGAN & (pl.col("encounter_class") != "inpatient")).sum(),
    },
    BED_MOVEMENTS.name: {
        "moves": (
            (pl.col("started_at").dt.date() == pl.col("census_date")) & (pl.col("sequence") > 1)
        ).sum(),
    },
    DIAGNOSES.name: {
        "diagnoses_an_encounter": (pl.len() / pl.col("encounter_id").n_unique()).round(2),
    },
    TRANSFERS.name: {
        "emergent": (pl.col("priority") == "emergent").sum(),
    },
    PATIENT_FLOW.name: {
        name: pl.col(name).sum()
        for name in ("census", "admissions", "discharges", "deaths", "transfers", "attendances")
    },
}


def figures_of(record: RecordType, rows: pl.DataFrame) -> dict[date, Figures]:
    """Return the figures of each day that has rows, by their names."""
    counted = _COUNTED.get(record.name, {})
    day = record.partition_column
    found = rows.group_by(day).agg(**counted) if counted else rows.clear().select(day)
    return {row.pop(day): row for row in found.to_dicts()}


def with_occupancy(figures: Figures, parameters: Parameters) -> Figures:
    """Return figures of a day, with the share of the hospital's beds in use at its end."""
    if "census" not in figures:
        return figures
    beds = sum(pool.beds for pool in parameters.inpatients.beds.pools)
    return {**figures, "occupancy_percent": round(100 * figures["census"] / beds, 1)}
