"""Attendances without a bed, and the diagnoses of all encounters."""

from dataclasses import dataclass

from hospital_assets.simulation.parameters.checks import (
    Strict,
    require,
    require_share,
    require_weights,
)

# The people of two days' clinics never meet: each has two parts of the population to itself.
MOST_CLINICS = 8


@dataclass(frozen=True)
class AttendanceRules(Strict):
    """Emergency and outpatient attendances: how many, when, and for how long."""

    mean_per_day: float
    minimum_per_day: int
    maximum_per_day: int
    noise_sigma: float
    emergency_share: float
    by_weekday: tuple[float, ...]
    by_month: tuple[float, ...]
    emergency_by_hour: tuple[float, ...]
    clinic_by_hour: tuple[float, ...]
    admitted_minimum_minutes: float
    admitted_median_minutes: float
    admitted_sigma: float
    discharged_median_minutes: float
    discharged_sigma: float
    clinic_median_minutes: float
    clinic_sigma: float
    ambulance_share: float
    left_against_advice: float
    triage_admitted: tuple[float, ...]
    triage_discharged: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse factors that don't cover the week, the year or the day."""
        require(
            0 < self.minimum_per_day <= self.mean_per_day <= self.maximum_per_day,
            "mean_per_day must lie between minimum_per_day and maximum_per_day",
        )
        require(self.noise_sigma >= 0, "noise_sigma must not be negative")
        require_weights("by_weekday", self.by_weekday, 7)
        require_weights("by_month", self.by_month, 12)
        require_weights("emergency_by_hour", self.emergency_by_hour, 24)
        require_weights("clinic_by_hour", self.clinic_by_hour, 24)
        require_weights("triage_admitted", self.triage_admitted, 4)
        require_weights("triage_discharged", self.triage_discharged, 4)
        for name in ("emergency_share", "ambulance_share", "left_against_advice"):
            require_share(name, getattr(self, name))
        for kind in ("admitted", "discharged", "clinic"):
            require(
                getattr(self, f"{kind}_median_minutes") > 0 and getattr(self, f"{kind}_sigma") > 0,
                f"{kind}_median_minutes and {kind}_sigma must be above zero",
            )
        require(
            0 <= self.admitted_minimum_minutes < self.admitted_median_minutes,
            "admitted_minimum_minutes must lie between zero and the median",
        )


@dataclass(frozen=True)
class Season(Strict):
    """Months (1 to 12) in which some diagnoses are more frequent, by a factor."""

    name: str
    months: tuple[int, ...]
    factor: float

    def __post_init__(self) -> None:
        """Refuse months that the year does not have."""
        require(
            all(1 <= month <= 12 for month in self.months), f"months of {self.name}: 1 to 12 only"
        )
        require(self.factor > 0, f"factor of {self.name} must be above zero")


@dataclass(frozen=True)
class Diagnosis(Strict):
    """A diagnosis: where it is seen, in whom, and how often against the others there."""

    code: str
    name: str
    departments: tuple[str, ...]
    weight: float
    min_age: int = 0
    max_age: int = 120
    sex: str | None = None
    season: str | None = None

    def __post_init__(self) -> None:
        """Refuse diagnoses that fit nobody."""
        require(self.weight > 0, f"weight of {self.code} must be above zero")
        require(
            0 <= self.min_age <= self.max_age,
            f"max_age of {self.code} must not lie below min_age",
        )
        require(self.sex in (None, "female", "male"), f"sex of {self.code} must be female or male")
