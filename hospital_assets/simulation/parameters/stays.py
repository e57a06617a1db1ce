"""Departments with their beds, and how stays in these follow each other."""

from dataclasses import dataclass

from hospital_assets.simulation.parameters.checks import (
    Strict,
    require,
    require_share,
    require_weights,
)


@dataclass(frozen=True)
class Department(Strict):
    """A department: its beds, who is admitted to it, for how long and with what end."""

    name: str
    code: str
    beds: int
    mean_stay_days: float
    stay_deviation_days: float
    mortality: float
    emergency_share: float
    clinic_weight: float = 0.0
    min_age: int = 0
    max_age: int = 120
    female_share: float = 0.5
    median_stay_days: float | None = None

    def __post_init__(self) -> None:
        """Refuse departments that can't exist."""
        require(bool(self.name) and bool(self.code), "a department needs a name and a code")
        require(self.beds >= 0, f"beds of {self.name} must not be negative")
        require(
            self.mean_stay_days > 0 and self.stay_deviation_days > 0,
            f"stays of {self.name} need a mean and a deviation above zero",
        )
        if self.median_stay_days is not None:
            require(
                0 < self.median_stay_days < self.mean_stay_days,
                f"median_stay_days of {self.name} must lie between zero and the mean",
            )
        require_share(f"mortality of {self.name}", self.mortality)
        require_share(f"emergency_share of {self.name}", self.emergency_share)
        require_share(f"female_share of {self.name}", self.female_share)
        require(self.clinic_weight >= 0, f"clinic_weight of {self.name} must not be negative")
        require(
            0 <= self.min_age <= self.max_age,
            f"max_age of {self.name} must not lie below min_age",
        )


@dataclass(frozen=True)
class StayRules(Strict):
    """How stays follow each other in a bed."""

    warm_up_days: int
    occupancy: float
    minimum_stay_minutes: int
    minimum_gap_minutes: int
    beds_per_ward: int
    admissions_by_hour: tuple[float, ...]
    discharges_by_hour: tuple[float, ...]
    left_against_advice: float

    def __post_init__(self) -> None:
        """Refuse occupancies that no hospital has and incomplete days."""
        require(self.warm_up_days >= 1, "warm_up_days must be at least 1")
        require(0.1 <= self.occupancy <= 0.98, "occupancy must lie between 0.1 and 0.98")
        require(self.minimum_stay_minutes >= 1, "minimum_stay_minutes must be at least 1")
        require(self.minimum_gap_minutes >= 1, "minimum_gap_minutes must be at least 1")
        require(self.beds_per_ward >= 1, "beds_per_ward must be at least 1")
        require_weights("admissions_by_hour", self.admissions_by_hour, 24)
        require(
            min(self.admissions_by_hour) > 0, "admissions_by_hour must be above zero in every hour"
        )
        require_weights("discharges_by_hour", self.discharges_by_hour, 24)
        require_share("left_against_advice", self.left_against_advice)


@dataclass(frozen=True)
class Readmission(Strict):
    """Whether and when a discharged patient comes back."""

    probability: float
    minimum_days: float
    mean_days: float

    def __post_init__(self) -> None:
        """Refuse returns before the emergency attendance that may precede them has room."""
        require_share("probability", self.probability)
        require(self.minimum_days >= 1, "minimum_days must be at least 1")
        require(self.mean_days > 0, "mean_days must be above zero")
