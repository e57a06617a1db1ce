"""The scorecard's lines: every target with its figure, interval and verdict."""

from collections.abc import Mapping
from dataclasses import dataclass

from hospital_assets.insight.scorecard import (
    calendar,
    diagnoses,
    emergency,
    maternity,
    moves,
    people,
    settings,
    staff,
    stays,
    transfers,
)
from hospital_assets.insight.scorecard.evidence import Evidence
from hospital_assets.insight.scorecard.measure import Measure
from hospital_assets.insight.scorecard.measured import Measured
from hospital_assets.insight.scorecard.target import Target, Targets

THEMES: Mapping[str, tuple[Measure, ...]] = {
    "people": people.MEASURES,
    "staff": staff.MEASURES,
    "stays": stays.MEASURES,
    "moves": moves.MEASURES,
    "diagnoses": diagnoses.MEASURES,
    "maternity": maternity.MEASURES,
    "settings": settings.MEASURES,
    "emergency": emergency.MEASURES,
    "transfers": transfers.MEASURES,
    "calendar": calendar.MEASURES,
}
MET, CHANCE, MISSED, TOO_FEW_DAYS = "met", "within chance", "missed", "too few days"


@dataclass(frozen=True)
class Line:
    """A line of the scorecard.

    Where more days are needed for a figure, `value`, its interval and method are empty.
    """

    theme: str
    name: str
    title: str
    target: str
    unit: str
    source: str
    citation: str
    value: float | None
    low: float | None
    high: float | None
    method: str
    verdict: str


def complaint(targets: Targets) -> str:
    """Return what doesn't fit between targets and measures, in a sentence; empty if all does."""
    for theme, wanted in targets.targets.items():
        if theme not in THEMES:
            return f"targets.{theme}: expected one of {', '.join(THEMES)}"
        known = {measure.name for measure in THEMES[theme]}
        if strange := sorted({one.name for one in wanted} - known):
            return f"targets.{theme}: nothing measures {strange[0]}"
    for theme, measures in THEMES.items():
        named = {one.name for one in targets.targets.get(theme, ())}
        if lacking := [measure.name for measure in measures if measure.name not in named]:
            return f"targets.{theme}: expected a target for {lacking[0]}"
    return ""


def score(evidence: Evidence, targets: Targets) -> list[Line]:
    """Return a line for each target, in their order."""
    return [
        _line(theme, target, measures[target.name], evidence)
        for theme, measures in _by_name().items()
        for target in targets.targets[theme]
    ]


def _by_name() -> dict[str, dict[str, Measure]]:
    return {
        theme: {measure.name: measure for measure in measures} for theme, measures in THEMES.items()
    }


def _line(
    theme: str,
    target: Target,
    measure: Measure,
    evidence: Evidence,
) -> Line:
    found = measure.of(evidence)
    return Line(
        theme=theme,
        name=target.name,
        title=target.title,
        target=target.range,
        unit=target.unit,
        source=target.source,
        citation=target.citation,
        value=found.value if found else None,
        low=found.low if found else None,
        high=found.high if found else None,
        method=found.method if found else "",
        verdict=_verdict(target, found),
    )


def _verdict(target: Target, found: Measured | None) -> str:
    """Compare a figure with its range; outside of it, its interval may still reach it."""
    if found is None:
        return TOO_FEW_DAYS
    low = float("-inf") if target.low is None else target.low
    high = float("inf") if target.high is None else target.high
    if low <= found.value <= high:
        return MET
    return CHANCE if found.low <= high and found.high >= low else MISSED
