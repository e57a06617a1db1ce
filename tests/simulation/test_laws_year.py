"""The laws over a year of the full hospital."""

import pytest

from hospital_assets.registry import REGISTRY
from hospital_assets.simulation.laws.law import Law
from tests.simulation.year import Year

LAWS = [law for row in REGISTRY for law in row.laws]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_a_law_holds_all_year(law: Law, year: Year) -> None:
    broken = year.broken[law.name]
    first = "\n".join(map(str, broken.first))
    assert not broken.count, (
        f"{law.description} {broken.count} rows of {year.number} break it, the first:\n{first}"
    )
