"""A lake and a warehouse that a test has to itself."""

from pathlib import Path

import pytest

from hospital_assets.resources.lake.resource import Lake
from hospital_assets.resources.warehouse.resource import Warehouse
from tests.connected import warehouse_at


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """An empty lake."""
    return Lake(root=str(tmp_path / "lake"))


@pytest.fixture
def warehouse(database: str) -> Warehouse:
    """A warehouse with empty tables."""
    made = warehouse_at(database)
    made.create_schema()
    return made
