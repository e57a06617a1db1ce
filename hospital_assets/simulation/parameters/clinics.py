"""Visits to the clinics: after stays, before deliveries, of registered and of new patients."""

from dataclasses import dataclass

from hospital_assets.simulation.parameters.checks import (
    Strict,
    require,
    require_share,
    require_weights,
)


@dataclass(frozen=True)
class FollowUps(Strict):
    """Visits after a stay that ends alive: to how many of each bed pool, and when."""

    share: dict[str, float]
    newborn_factor: float
    second_share: float
    third_share: float
    first_after_days: tuple[int, ...]
    first_spread_days: int
    next_after_days: int
    next_every_days: int
    next_spread_days: int
    shown_share: float

    def __post_init__(self) -> None:
        """Refuse shares that are none, and visits that lie before the end of the stay."""
        for pool, share in self.share.items():
            require_share(f"share of {pool}", share)
        for key in ("newborn_factor", "second_share", "third_share", "shown_share"):
            require_share(key, getattr(self, key))
        require(
            len(self.first_after_days) == 4
            and all(1 <= days <= 365 for days in self.first_after_days),
            "first_after_days must be four numbers between 1 and 365",
        )
        for key in ("next_after_days", "next_every_days"):
            require(1 <= getattr(self, key) <= 365, f"{key} must lie between 1 and 365")
        for key in ("first_spread_days", "next_spread_days"):
            require(1 <= getattr(self, key) <= 60, f"{key} must lie between 1 and 60")


@dataclass(frozen=True)
class AntenatalVisits(Strict):
    """Visits before a delivery in this hospital."""

    days_before: tuple[int, ...]
    spread_days: int
    share: float
    shown_share: float

    def __post_init__(self) -> None:
        """Refuse visits further back than births are known ahead."""
        require(
            1 <= len(self.days_before) <= 3 and all(days >= 1 for days in self.days_before),
            "days_before must be one to three numbers from 1 on",
        )
        require(1 <= self.spread_days <= 30, "spread_days must lie between 1 and 30")
        require(
            max(self.days_before) + self.spread_days <= 90,
            "days_before and spread_days must not lead more than 90 days back",
        )
        require_share("share", self.share)
        require_share("shown_share", self.shown_share)


@dataclass(frozen=True)
class RegisteredVisits(Strict):
    """Appointments of people with a chronic condition whom a clinic knows."""

    every_working_days: dict[str, int]
    pool: dict[str, str]
    spread_working_days: int
    shown_share: float
    born_before_first_day: int

    def __post_init__(self) -> None:
        """Refuse appointments that could overtake each other."""
        require(0 <= self.spread_working_days <= 5, "spread_working_days must lie within 0 and 5")
        require(
            set(self.pool) == set(self.every_working_days),
            "pool must name the conditions of every_working_days, no more and no fewer",
        )
        for condition, days in self.every_working_days.items():
            require(
                2 * self.spread_working_days < days <= 260,
                f"every_working_days of {condition} must lie above twice spread_working_days and"
                " at 260 at most",
            )
        require_share("shown_share", self.shown_share)
        require(
            0 <= self.born_before_first_day <= 40_000,
            "born_before_first_day must lie between 0 and 40000",
        )


@dataclass(frozen=True)
class NewPatients(Strict):
    """Patients who come to a clinic for the first time."""

    least_a_day: int
    most_a_day: int
    candidates: int
    planned_weight: float

    def __post_init__(self) -> None:
        """Refuse days with more patients than serial numbers."""
        require(
            0 <= self.least_a_day <= self.most_a_day <= 2_000,
            "least_a_day must lie between 0 and most_a_day, which is 2000 at most",
        )
        require(1 <= self.candidates <= 20, "candidates must lie between 1 and 20")
        require(0 <= self.planned_weight <= 1000, "planned_weight must lie between 0 and 1000")


@dataclass(frozen=True)
class ClinicRules(Strict):
    """When clinics are visited, for how long, and by whom."""

    by_hour: tuple[float, ...]
    median_minutes: float
    sigma: float
    shortest_minutes: int
    longest_minutes: int
    follow_up: FollowUps
    antenatal: AntenatalVisits
    registered: RegisteredVisits
    new: NewPatients

    def __post_init__(self) -> None:
        """Refuse hours that aren't 24, and visits that last into the night."""
        require_weights("by_hour", self.by_hour, 24)
        require(1 <= self.median_minutes <= 600, "median_minutes must lie between 1 and 600")
        require(0.01 <= self.sigma <= 2, "sigma must lie between 0.01 and 2")
        require(
            1 <= self.shortest_minutes <= self.longest_minutes <= 480,
            "shortest_minutes must lie between 1 and longest_minutes, which is 480 at most",
        )
