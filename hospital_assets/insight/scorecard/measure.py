"""What a measure is."""

from collections.abc import Callable
from dataclasses import dataclass

from hospital_assets.insight.scorecard.evidence import Evidence
from hospital_assets.insight.scorecard.measured import Measured


@dataclass(frozen=True)
class Measure:
    """The figure of one target: its name, and how it is measured.

    `of` returns None where the days have too little to measure.
    """

    name: str
    of: Callable[[Evidence], Measured | None]
