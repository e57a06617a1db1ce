"""The beds of all departments, one after another, and the names of beds and wards."""

import numpy as np
import polars as pl

from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.parameters import Department, Parameters


def beds_of(departments: tuple[Department, ...]) -> Integers:
    """Return the department index of each bed."""
    return np.repeat(np.arange(len(departments)), [department.beds for department in departments])


def bed_names(parameters: Parameters) -> tuple[pl.Series, pl.Series]:
    """Return the ward (such as SU-W2) and the name (such as SU-047) of each bed, by its number."""
    department = beds_of(parameters.departments)
    codes = [one.code for one in parameters.departments]
    first = np.searchsorted(department, np.arange(len(codes)))
    places = np.arange(len(department)) - first[department]
    per_ward = parameters.stays.beds_per_ward
    where = [(codes[one], place) for one, place in zip(department, places, strict=True)]
    wards = [f"{code}-W{place // per_ward + 1}" for code, place in where]
    beds = [f"{code}-{place + 1:03d}" for code, place in where]
    return pl.Series(wards), pl.Series(beds)
