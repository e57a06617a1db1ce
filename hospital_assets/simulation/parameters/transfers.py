"""Transfers to other facilities: how many, why and where to."""

from dataclasses import dataclass

from hospital_assets.simulation.parameters.checks import Strict, require


@dataclass(frozen=True)
class TransferRules(Strict):
    """Transfers to other facilities: how many leave in each slot of a day."""

    slots_per_day: int
    per_slot: int
    minimum_hours_since_admission: float
    minimum_minutes_before_next: int

    def __post_init__(self) -> None:
        """Refuse slots that don't divide a day into whole minutes."""
        require(
            self.slots_per_day >= 1 and 1440 % self.slots_per_day == 0,
            "slots_per_day must divide the 1,440 minutes of a day",
        )
        require(self.per_slot >= 0, "per_slot must not be negative")
        require(
            self.minimum_hours_since_admission >= 0, "minimum_hours_since_admission must not be < 0"
        )
        require(
            self.minimum_minutes_before_next >= 1, "minimum_minutes_before_next must be at least 1"
        )


@dataclass(frozen=True)
class Facility(Strict):
    """A neighbouring facility that takes patients over."""

    name: str
    kind: str


@dataclass(frozen=True)
class TransferReason(Strict):
    """Why some departments transfer patients, how, and which facilities take them for it."""

    name: str
    weight: float
    priority: str
    transport: str
    departments: tuple[str, ...]
    facilities: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse reasons that nobody has or nobody takes."""
        require(self.weight > 0, f"weight of {self.name} must be above zero")
        require(
            bool(self.departments) and bool(self.facilities),
            f"{self.name} needs departments that send and facilities that take patients",
        )
