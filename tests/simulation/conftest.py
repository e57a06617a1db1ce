"""The two hospitals that tests look at, and a year of the full one."""

from pathlib import Path

import pytest

from hospital_assets.configuration.hospital_files import load_parameters
from hospital_assets.configuration.settings import ROOT
from hospital_assets.simulation import Hospital, Parameters
from tests.hospitals import hospital_of
from tests.simulation.year import Year, simulate


@pytest.fixture(scope="session")
def configs() -> Path:
    """The folder with the files that ship."""
    return ROOT / "configs"


@pytest.fixture(scope="session")
def small_parameters(configs: Path) -> Parameters:
    """The parameters of the small profile."""
    return load_parameters(configs, "small")


@pytest.fixture(scope="session")
def small() -> Hospital:
    """A quarter of the hospital."""
    return hospital_of("small")


@pytest.fixture(scope="session")
def full() -> Hospital:
    """The hospital of the brief."""
    return hospital_of("full")


@pytest.fixture(scope="session")
def year(full: Hospital) -> Year:
    """The records of 2023, looked at month by month."""
    return simulate(full, 2023)
