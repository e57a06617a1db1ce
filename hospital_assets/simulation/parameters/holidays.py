"""Public holidays that no rule of the year gives."""

from dataclasses import dataclass
from datetime import date

from hospital_assets.simulation.parameters.checks import Strict


@dataclass(frozen=True)
class HolidayRules(Strict):
    """Public holidays that were proclaimed once, beside those of every year."""

    proclaimed: tuple[date, ...] = ()
