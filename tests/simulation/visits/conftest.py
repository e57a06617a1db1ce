"""Eight weeks of visits to the whole hospital."""

from dataclasses import fields
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from hospital_assets.simulation.dates import day_number
from tests.simulation.visits import visit_files

FIRST = day_number(visit_files.FIRST) + 90
DAYS = 56

Day = tuple[Any, Any]


@pytest.fixture(scope="session")
def weeks() -> list[Day]:
    """The emergency visits and the visits to clinics of each day."""
    return visit_files.kept("full").on_days(FIRST, FIRST + DAYS - 1)


@pytest.fixture(scope="session")
def emergency(weeks: list[Day]) -> SimpleNamespace:
    """All emergency visits: each column of them, and `day`."""
    return joined([day[0] for day in weeks])


@pytest.fixture(scope="session")
def clinics(weeks: list[Day]) -> SimpleNamespace:
    """All visits to clinics: each column of them, and `day`."""
    return joined([day[1] for day in weeks])


def joined(parts: list[Any]) -> SimpleNamespace:
    """Return the columns of several days as one, with the day of each row."""
    columns = {
        field.name: np.concatenate([getattr(part, field.name) for part in parts])
        for field in fields(parts[0])
    }
    day = np.repeat(np.arange(len(parts)) + FIRST, [len(part) for part in parts])
    return SimpleNamespace(**columns, day=day)
