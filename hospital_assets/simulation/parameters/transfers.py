"""Transfers to other facilities: why and where to."""

from dataclasses import dataclass

from hospital_assets.simulation.parameters.checks import Strict, require


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
        require(0 < self.weight <= 1000, f"weight of {self.name} must be above zero, at most 1,000")
        require(
            bool(self.departments) and bool(self.facilities),
            f"{self.name} needs departments that send and facilities that take patients",
        )
