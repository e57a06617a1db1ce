"""Visits to the emergency department: who comes, and how long it takes."""

from dataclasses import dataclass

from hospital_assets.simulation.parameters.checks import (
    Strict,
    require,
    require_share,
    require_weights,
)
from hospital_assets.simulation.parameters.triage import Shares, require_colours


@dataclass(frozen=True)
class FrequentAttenders(Strict):
    """Few people who come again and again, each for a time."""

    share: float
    places_of_each_sex: int
    days: int
    low_age: int
    high_age: int
    evenness: float
    tries: int

    def __post_init__(self) -> None:
        """Refuse places that nobody can take."""
        require_share("share", self.share)
        require(
            1 <= self.places_of_each_sex <= 100_000,
            "places_of_each_sex must lie between 1 and 100000",
        )
        require(30 <= self.days <= 4_000, "days must lie between 30 and 4000")
        require(
            13 <= self.low_age < self.high_age <= 90,
            "low_age must lie between 13 and high_age, which is 90 at most",
        )
        require(0.1 <= self.evenness <= 10, "evenness must lie between 0.1 and 10")
        require(0 <= self.tries <= 20, "tries must lie between 0 and 20")


@dataclass(frozen=True)
class VisitsAfterDischarge(Strict):
    """Visits after a stay that end without admission.

    `instead` are weights by ICD-10 code, for each group of returns (case_mix.toml): what those come
    with whose diagnosis of the stay is none that goes home.
    """

    share: float
    newborn_share: float
    earliest_days: int
    mean_days: float
    instead: dict[str, dict[str, float]]

    def __post_init__(self) -> None:
        """Refuse visits on the day of discharge, and shares and weights that are none."""
        for group, weights in self.instead.items():
            require_weights(f"instead of {group}", tuple(weights.values()), len(weights))
        require_share("share", self.share)
        require_share("newborn_share", self.newborn_share)
        require(2 <= self.earliest_days <= 60, "earliest_days must lie between 2 and 60")
        require(0.1 <= self.mean_days <= 365, "mean_days must lie between 0.1 and 365")


@dataclass(frozen=True)
class WaitingRules(Strict):
    """How long patients wait, growing with the load, and who leaves before being seen."""

    mean_minutes: tuple[int, ...]
    sigma: float
    long_minutes: int
    longest_minutes: int
    load_hours: int
    usual_arrivals_a_day: float
    steadying_arrivals: float
    least_load: float
    most_load: float
    patience_minutes: int
    leaves_by_minutes: int
    leaving_by_colour: Shares
    most_leave: float
    leaves_from_percent: int

    def __post_init__(self) -> None:
        """Refuse waits without an end, and a load that can't be divided by."""
        require_colours("mean_minutes", self.mean_minutes, 0, 600)
        require(0.01 <= self.sigma <= 2, "sigma must lie between 0.01 and 2")
        require(
            1 <= self.long_minutes < self.longest_minutes <= 1440,
            "long_minutes must lie between 1 and longest_minutes, which is 1440 at most",
        )
        require(1 <= self.load_hours <= 12, "load_hours must lie between 1 and 12")
        require(
            1 <= self.usual_arrivals_a_day <= 10_000,
            "usual_arrivals_a_day must lie between 1 and 10000",
        )
        require(
            0.1 <= self.steadying_arrivals <= 1_000,
            "steadying_arrivals must lie between 0.1 and 1000",
        )
        require(
            0.05 <= self.least_load <= self.most_load <= 10,
            "least_load must lie between 0.05 and most_load, which is 10 at most",
        )
        require(0 <= self.patience_minutes <= 1440, "patience_minutes must lie within 0 and 1440")
        require(1 <= self.leaves_by_minutes <= 10_000, "leaves_by_minutes must lie above 0")
        require_colours("leaving_by_colour", self.leaving_by_colour, 0, 10)
        require_share("most_leave", self.most_leave)
        require(
            1 <= self.leaves_from_percent <= 100, "leaves_from_percent must lie within 1 and 100"
        )


@dataclass(frozen=True)
class TreatmentRules(Strict):
    """How long triage, treatment and leaving take; the end of those who find no bed."""

    triage_median_minutes: float
    triage_sigma: float
    shortest_minutes: int
    median_minutes: Shares
    sigma: float
    leaving_median_minutes: float
    leaving_sigma: float
    seen_by_percent: tuple[int, int]
    elsewhere_from_minutes: int
    elsewhere_median_minutes: float
    elsewhere_sigma: float

    def __post_init__(self) -> None:
        """Refuse treatments that last for days."""
        require(1 <= self.shortest_minutes <= 240, "shortest_minutes must lie between 1 and 240")
        require_colours("median_minutes", self.median_minutes, 1, 600)
        for key in ("triage_median_minutes", "leaving_median_minutes", "elsewhere_median_minutes"):
            require(1 <= getattr(self, key) <= 360, f"{key} must lie between 1 and 360")
        for key in ("triage_sigma", "sigma", "leaving_sigma", "elsewhere_sigma"):
            require(0.01 <= getattr(self, key) <= 1, f"{key} must lie between 0.01 and 1")
        require(
            1 <= self.seen_by_percent[0] < self.seen_by_percent[1] <= 95,
            "seen_by_percent must be two rising numbers between 1 and 95",
        )
        require(
            1 <= self.elsewhere_from_minutes <= 1440,
            "elsewhere_from_minutes must lie between 1 and 1440",
        )


@dataclass(frozen=True)
class EmergencyRules(Strict):
    """Who comes to the emergency department, and what happens there."""

    home_visits_a_day: float
    candidates: int
    all_ages_profile: str
    child_share_at_all_ages: float
    frequent: FrequentAttenders
    after_discharge: VisitsAfterDischarge
    waiting: WaitingRules
    treatment: TreatmentRules

    def __post_init__(self) -> None:
        """Refuse days with more visits than serial numbers."""
        require(
            0 <= self.home_visits_a_day <= 2_000, "home_visits_a_day must lie between 0 and 2000"
        )
        require(1 <= self.candidates <= 20, "candidates must lie between 1 and 20")
        require_share("child_share_at_all_ages", self.child_share_at_all_ages)
