"""The visits that tests look at, made from the config files."""

from datetime import date
from functools import cache

import numpy as np

from hospital_assets.simulation.parameters.clinics import ClinicRules
from hospital_assets.simulation.parameters.emergency import EmergencyRules
from hospital_assets.simulation.stays.hospital_stays import people_by_band
from hospital_assets.simulation.visits.visits import Visits
from tests.simulation.stays import stay_files

FIRST, LAST = date(2023, 1, 1), date(2023, 12, 31)


def visits(profile: str, last: date = LAST, staff: np.ndarray | None = None) -> Visits:
    """Return a profile's visits from 2023 on; `staff` don't come."""
    model = stay_files.model(profile, FIRST, last)
    population = stay_files.population(profile)
    content = stay_files.content(profile)
    return Visits(
        model,
        stay_files.validated(ClinicRules, content["clinics"]),
        stay_files.validated(EmergencyRules, content["emergency"]),
        population,
        people_by_band(model, population),
        stay_files.stays(profile, FIRST, last),
        np.zeros(0, np.int64) if staff is None else staff,
    )


@cache
def kept(profile: str) -> Visits:
    """Return a profile's visits, the same object each time."""
    return visits(profile)
