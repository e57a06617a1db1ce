"""A year of the full hospital keeps the laws, and what it misses of the scorecard is known."""

import pytest

from hospital_assets.configuration.scorecard_targets import load_targets
from hospital_assets.configuration.settings import ROOT
from hospital_assets.insight.scorecard.scoring import MISSED, TOO_FEW_DAYS, Line, score
from hospital_assets.registry import REGISTRY
from hospital_assets.simulation.laws.law import Law
from tests.simulation.known_misses import KNOWN_MISSES
from tests.simulation.year import Year

LAWS = [law for row in REGISTRY for law in row.laws]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_a_law_holds_all_year(law: Law, year: Year) -> None:
    broken = year.broken[law.name]
    first = "\n".join(map(str, broken.first))
    assert not broken.count, (
        f"{law.description} {broken.count} rows of {year.number} break it, the first:\n{first}"
    )


TARGETS = load_targets(ROOT / "configs")
NAMES = [target.name for theme in TARGETS.targets.values() for target in theme]


@pytest.fixture(scope="module")
def lines(year: Year) -> dict[str, Line]:
    """The lines of the year by name."""
    return {line.name: line for line in score(year.evidence, TARGETS)}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(
            name,
            marks=[pytest.mark.xfail(strict=True, raises=AssertionError, reason=reason)]
            if (reason := KNOWN_MISSES.get(name))
            else [],
        )
        for name in NAMES
    ],
)
def test_a_target_is_met_over_a_year(name: str, lines: dict[str, Line]) -> None:
    line = lines[name]
    if line.verdict == TOO_FEW_DAYS:
        pytest.skip("a year is too short for it")
    assert line.verdict != MISSED, (
        f"{line.title}: {line.value:g} ({line.low:g} to {line.high:g}), not {line.target}"
        f" {line.unit}; {line.source}: {line.citation}"
    )


def test_no_miss_is_known_of_a_target_that_is_gone() -> None:
    assert KNOWN_MISSES.keys() <= set(NAMES)
