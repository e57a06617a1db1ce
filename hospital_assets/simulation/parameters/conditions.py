"""Chronic conditions: who has them, and how much earlier those die."""

from dataclasses import dataclass
from datetime import date

from hospital_assets.simulation.parameters.checks import Strict, require
from hospital_assets.simulation.parameters.curves import Curve, require_curve


@dataclass(frozen=True)
class ConditionRules(Strict):
    """What all conditions share: whoever dies before `dying_until` has one more often."""

    dying_until: date


@dataclass(frozen=True)
class Condition(Strict):
    """A chronic condition: prevalence by age in the reference year, and how much more frequent it
    is among those who die soon. Every `registered_every`-th person with it attends a clinic here.
    """

    name: str
    title: str
    female: Curve
    male: Curve
    before_death: float
    registered_every: int

    def __post_init__(self) -> None:
        """Refuse shares out of bounds."""
        require_curve(f"female of {self.name}", self.female)
        require_curve(f"male of {self.name}", self.male)
        require(
            1 <= self.before_death <= 50, f"before_death of {self.name} must lie between 1 and 50"
        )
        require(self.registered_every >= 1, f"registered_every of {self.name} must be 1 at least")

    def prevalence(self, sex: int) -> Curve:
        """Return the prevalence by age of women (0) or men (1)."""
        return self.male if sex else self.female
