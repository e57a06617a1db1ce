"""The figures that the pictures of docs/model.md show: counted from records, a month at a time."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from hospital_assets.calendar.period import Period, by_month
from hospital_assets.insight.figures import count, together
from hospital_assets.registry import make_extracts
from hospital_assets.simulation import Hospital
from hospital_assets.simulation.dates import day_number, year_month_day
from hospital_assets.simulation.population.person_numbers import SEX_NAMES

_COUNTED = ("census", "admissions", "arrivals", "stays")


@dataclass(frozen=True)
class Figures:
    """What the pictures show, a row each.

    `census`: day, patients in beds at its end with COVID-19 (`covid`) and `others`.
    `admissions`: day, `way` (admission type), `illness` or null, `len`.
    `arrivals`: `weekday`, `hour`, `kind` of arrival, `len`.
    `stays` (that ended): `illness` or null, the last `department`, `age`, `days`, `died`.
    `people` (alive on the reference day): `sex`, year in which they were `born`, `people`.
    """

    census: pl.DataFrame
    admissions: pl.DataFrame
    arrivals: pl.DataFrame
    stays: pl.DataFrame
    people: pl.DataFrame

    @property
    def of_records(self) -> dict[str, pl.DataFrame]:
        """Those that are counted from records, by name."""
        return {name: getattr(self, name) for name in _COUNTED}


def figures(hospital: Hospital, days: Period) -> Figures:
    """Count the records of some days."""
    months = (make_extracts(hospital, month) for month in by_month(days.days))
    found = together(count(_COUNTED, frames) for frames in months)
    return Figures(**found, people=living(hospital))


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
