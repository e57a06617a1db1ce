"""Births by year, month and day, and the communities that people are born into."""

from dataclasses import dataclass

from hospital_assets.simulation.parameters.checks import Strict, require, require_weights
from hospital_assets.simulation.parameters.curves import Curve, require_curve


@dataclass(frozen=True)
class BirthRules(Strict):
    """How many are born in the years after the pyramid, and on which days of a year.

    Curves are by year of birth; `by_weekday` are deviations from 1 from Monday on.
    """

    last_year: int
    reference_year_factor: float
    later_year_factor: float
    by_month: tuple[float, ...]
    by_weekday: tuple[float, ...]
    institutional: Curve
    on_christmas_day: float
    on_1_january: Curve
    on_15th: Curve

    def __post_init__(self) -> None:
        """Refuse years and factors that leave days without births."""
        require(2027 <= self.last_year <= 2060, "last_year must lie between 2027 and 2060")
        for name in ("reference_year_factor", "later_year_factor"):
            value = getattr(self, name)
            require(0.9 <= value <= 1.1, f"{name} must lie between 0.9 and 1.1, not {value}")
        require_weights("by_month", self.by_month, 12)
        require(min(self.by_month) > 0, "by_month must be above zero in every month")
        require(len(self.by_weekday) == 7, "by_weekday must have 7 numbers")
        require(
            all(-0.5 <= deviation <= 0.5 for deviation in self.by_weekday),
            "by_weekday must be deviations between -0.5 and 0.5",
        )
        require(0 < self.on_christmas_day <= 2, "on_christmas_day must lie above 0, at 2 at most")
        require_curve("institutional", self.institutional)
        require_curve("on_1_january", self.on_1_january, 1, 20)
        require_curve("on_15th", self.on_15th, 1, 5)


@dataclass(frozen=True)
class Community(Strict):
    """People whose names, languages and kin go together.

    `factor_by_age` multiplies the share, by age in the reference year; `foreign` are those born
    abroad or to people born abroad.
    """

    name: str
    share: float
    foreign: bool = False
    factor_by_age: Curve = ((0.0, 1.0), (100.0, 1.0))

    def __post_init__(self) -> None:
        """Refuse communities without people."""
        require(0 < self.share <= 1000, f"share of {self.name} must be above zero, at most 1,000")
        require_curve(f"factor_by_age of {self.name}", self.factor_by_age, 0, 100)
