"""The laws over a year of the full hospital."""

import pytest

from hospital_assets.registry import REGISTRY
from tests.simulation.year import Year

LAWS = [law.name for row in REGISTRY for law in row.laws]


@pytest.mark.parametrize("law", LAWS)
def test_a_law_holds_all_year(law: str, year: Year) -> None:
    assert year.broken[law] == 0
