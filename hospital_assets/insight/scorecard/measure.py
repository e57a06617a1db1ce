"""What a measure is."""

from collections.abc import Callable
from dataclasses import dataclass

from hospital_assets.insight.scorecard.evidence import Evidence
from hospital_assets.insight.scorecard.measured import Measured


@dataclass(frozen=True)
class Measure:
    """The figure of one target: its name, how it is measured, and what the records must have.

    `of` returns None where the days have too little to measure. `needs` names records, as
    `diagnoses`, or columns, as `patients.seen_at`, that may not be there.
    """

    name: str
    of: Callable[[Evidence], Measured | None]
    needs: tuple[str, ...] = ()
