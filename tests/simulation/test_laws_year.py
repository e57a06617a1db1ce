"""The laws over a year of the full hospital."""

import pytest

from hospital_assets.simulation.laws import LAWS, Law
from tests.simulation.year import Year


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_a_law_holds_all_year(law: Law, year: Year) -> None:
    assert year.broken[law.name] == 0
