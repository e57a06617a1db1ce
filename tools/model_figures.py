"""The figures that the pictures of docs/model.md show: counted from records, a month at a time."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from hospital_assets.calendar.period import Period, by_month
from hospital_assets.registry import make_extracts
from hospital_assets.simulation import Frames, Hospital
from hospital_assets.simulation.dates import day_number, year_month_day
from hospital_assets.simulation.population.person_numbers import SEX_NAMES

# Illnesses by their ICD-10 codes, as the pictures name them.
ILLNESSES = {
    "COVID-19": "^U07",
    "Influenza": "^J11",
    "Bronchiolitis": "^J21",
    "Gastroenteritis": "^A09",
    "Pneumonia": "^J18",
    "Tuberculosis, HIV": "^(A1[56]|B20)",
    "Heart failure": "^I50",
    "Stroke": "^I6[13]",
    "Diabetes": "^E1[01]",
    "Sepsis": "^A41",
    "Injuries": "^(S|T07)",
    "Burns": "^T30",
    "Cancer": "^C",
    "Mental illness": "^F[23]",
    "Delivery": "^O8",
    "Preterm birth": "^P07",
}
_HERE = pl.col("admitted_at").dt.date() == pl.col("census_date")


@dataclass(frozen=True)
class Figures:
    """What the pictures show, a row each.

    `census`: day, patients in beds at its end with COVID-19 (`covid`) and `others`.
    `admissions`: day, `way` (admission type), `illness` or null, `len`.
    `arrivals`: `hour`, `kind` of arrival, `len`.
    `stays` (that ended): `illness` or null, the last `department`, `age`, `days`, `died`.
    `people` (alive on the reference day): `sex`, year in which they were `born`, `people`.
    """

    census: pl.DataFrame
    admissions: pl.DataFrame
    arrivals: pl.DataFrame
    stays: pl.DataFrame
    people: pl.DataFrame


def figures(hospital: Hospital, days: Period) -> Figures:
    """Count the records of some days."""
    months = [_of_month(frames) for frames in _frames(hospital, days)]
    census, admissions, arrivals, stays = (pl.concat(parts) for parts in zip(*months, strict=True))
    return Figures(
        census, admissions, arrivals.group_by("hour", "kind").sum(), stays, living(hospital)
    )


def living(hospital: Hospital) -> pl.DataFrame:
    """Return who of the city lives on the reference day, by sex and year of birth."""
    rules, deaths = hospital.parameters.people.population, hospital.population.deaths
    day, cells = day_number(rules.reference_day), hospital.population.deaths.cells
    alive = cells.size - deaths.dead[:, deaths.weeks_before(np.array([day]))[0]]
    year, _, _ = year_month_day(cells.first_day)
    born = cells.first_day <= day
    return (
        pl.DataFrame({"sex": np.array(SEX_NAMES)[cells.sex], "born": year, "people": alive})
        .filter(born)
        .group_by("sex", "born")
        .sum()
        .sort("sex", "born")
    )


def _frames(hospital: Hospital, days: Period) -> Iterator[Frames]:
    for month in by_month(days.days):
        yield make_extracts(hospital, month)


def _of_month(frames: Frames) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    patients = frames["patients"].with_columns(
        _illness(), pl.col("encounter_class", "admission_type").cast(pl.String)
    )
    return _census(patients), _admissions(patients), _arrivals(patients), _stays(patients)


def _illness() -> pl.Expr:
    found = [
        pl.when(pl.col("diagnosis_code").str.contains(pattern)).then(pl.lit(name))
        for name, pattern in ILLNESSES.items()
    ]
    return pl.coalesce(found).alias("illness")


def _census(patients: pl.DataFrame) -> pl.DataFrame:
    covid = (pl.col("illness") == "COVID-19").fill_null(value=False)
    in_bed = pl.col("bed").is_not_null() & pl.col("discharged_at").is_null()
    return (
        patients.filter(in_bed)
        .group_by(day="census_date")
        .agg(covid=covid.sum(), others=(~covid).sum())
        .sort("day")
    )


def _admissions(patients: pl.DataFrame) -> pl.DataFrame:
    return (
        patients.filter(_HERE, pl.col("encounter_class") == "inpatient")
        .group_by(day="census_date", way="admission_type", illness="illness")
        .len()
    )


def _arrivals(patients: pl.DataFrame) -> pl.DataFrame:
    emergency = pl.col("encounter_class") == "emergency"
    kind = (
        pl.when(emergency & pl.col("diagnosis_code").str.contains("^[ST]"))
        .then(pl.lit("emergency, injured"))
        .when(emergency)
        .then(pl.lit("emergency, ill"))
        .when(pl.col("encounter_class") == "outpatient")
        .then(pl.lit("clinics"))
        .when(pl.col("admission_type") == "elective")
        .then(pl.lit("planned admissions"))
        .when(pl.col("admission_type") == "maternity")
        .then(pl.lit("deliveries"))
    )
    return (
        patients.filter(_HERE)
        .group_by(hour=pl.col("admitted_at").dt.hour(), kind=kind)
        .len()
        .drop_nulls("kind")
    )


def _stays(patients: pl.DataFrame) -> pl.DataFrame:
    length = pl.col("discharged_at") - pl.col("admitted_at")
    return patients.filter(
        pl.col("encounter_class") == "inpatient", pl.col("discharged_at").is_not_null()
    ).select(
        "illness",
        pl.col("department").cast(pl.String),
        age="age_years",
        days=length.dt.total_minutes() / 1440,
        died=pl.col("disposition").cast(pl.String) == "died",
    )
