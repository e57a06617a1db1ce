"""The stays that tests look at: a quarter of the hospital, and the whole one, in 2023."""

from datetime import date

import pytest

from hospital_assets.simulation.stays.arrivals import arrivals
from hospital_assets.simulation.stays.first_stays import first_stays
from hospital_assets.simulation.stays.hospital_stays import HospitalStays, people_by_band
from hospital_assets.simulation.stays.model import StayModel
from hospital_assets.simulation.stays.patients import Patients
from tests.simulation.stays import stay_files

YEAR = (date(2023, 1, 1), date(2023, 12, 31))


@pytest.fixture(scope="session")
def small_model() -> StayModel:
    """The model of a quarter of the hospital."""
    return stay_files.model("small", *YEAR)


@pytest.fixture(scope="session")
def small_stays() -> HospitalStays:
    """The stays of a quarter of the hospital."""
    return stay_files.stays("small", *YEAR)


@pytest.fixture(scope="session")
def full_model() -> StayModel:
    """The model of the hospital of the brief."""
    return stay_files.model("full", *YEAR)


@pytest.fixture(scope="session")
def full_stays() -> HospitalStays:
    """The stays of the hospital of the brief."""
    return stay_files.stays("full", *YEAR)


@pytest.fixture(scope="session")
def full_patients(full_model: StayModel) -> Patients:
    """The new patients of the hospital of the brief."""
    people = people_by_band(full_model, stay_files.population("full"))
    return first_stays(full_model, arrivals(full_model), people)
