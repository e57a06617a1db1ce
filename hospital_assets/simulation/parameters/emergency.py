"""Visits to the emergency department: who comes, how urgent it is, and how long it takes."""

from dataclasses import dataclass

from hospital_assets.simulation.parameters.checks import Strict, require, require_share

COLOURS = 4
TRIAGE_CLASSES = 5

Shares = tuple[float, ...]


def _require_colours(name: str, values: tuple[float, ...], low: float, high: float) -> None:
    """Refuse what isn't a number for each colour."""
    require(
        len(values) == COLOURS and all(low <= value <= high for value in values),
        f"{name} must be {COLOURS} numbers between {low:g} and {high:g}",
    )


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
    """Visits after a stay that end without admission."""

    share: float
    newborn_share: float
    earliest_days: int
    mean_days: float

    def __post_init__(self) -> None:
        """Refuse visits on the day of discharge, and shares that are none."""
        require_share("share", self.share)
        require_share("newborn_share", self.newborn_share)
        require(2 <= self.earliest_days <= 60, "earliest_days must lie between 2 and 60")
        require(0.1 <= self.mean_days <= 365, "mean_days must lie between 0.1 and 365")


@dataclass(frozen=True)
class TriageRules(Strict):
    """Colours from red to green by class of diagnosis, and who comes by ambulance."""

    at_home: tuple[Shares, ...]
    admitted: tuple[Shares, ...]
    frail_from_age: int
    frail_below_age: int
    frail_share: float
    by_ambulance: Shares

    def __post_init__(self) -> None:
        """Refuse shares that don't add up to 1."""
        for key in ("at_home", "admitted"):
            rows = getattr(self, key)
            require(
                len(rows) == TRIAGE_CLASSES,
                f"{key} must have {TRIAGE_CLASSES} rows, not {len(rows)}",
            )
            for row in rows:
                _require_colours(f"a row of {key}", row, 0, 1)
                require(
                    abs(sum(row) - 1) < 1e-9,
                    f"a row of {key} must add up to 1, not {sum(row):g}",
                )
        require_share("frail_share", self.frail_share)
        require(
            0 <= self.frail_below_age <= self.frail_from_age <= 120,
            "frail_below_age must lie between 0 and frail_from_age, which is 120 at most",
        )
        _require_colours("by_ambulance", self.by_ambulance, 0, 1)


@dataclass(frozen=True)
class WaitingRules(Strict):
    """How long patients wait, growing with the load, and who leaves before being seen."""

    mean_minutes: tuple[int, ...]
    sigma: float
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
    leaves_after_percent: int

    def __post_init__(self) -> None:
        """Refuse waits without an end, and a load that can't be divided by."""
        _require_colours("mean_minutes", self.mean_minutes, 0, 600)
        require(0.01 <= self.sigma <= 2, "sigma must lie between 0.01 and 2")
        require(1 <= self.longest_minutes <= 1440, "longest_minutes must lie between 1 and 1440")
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
        _require_colours("leaving_by_colour", self.leaving_by_colour, 0, 10)
        require_share("most_leave", self.most_leave)
        require(
            1 <= self.leaves_after_percent <= 100, "leaves_after_percent must lie within 1 and 100"
        )


@dataclass(frozen=True)
class TreatmentRules(Strict):
    """How long treatment takes, and the end of the visit of those who are admitted."""

    shortest_minutes: int
    median_minutes: float
    sigma: float
    percent_by_colour: tuple[int, ...]
    decided_after_seen_minutes: int
    triaged_within_minutes: int
    leaves_within_minutes: int
    elsewhere_after_minutes: int

    def __post_init__(self) -> None:
        """Refuse treatments that last for days."""
        require(1 <= self.shortest_minutes <= 240, "shortest_minutes must lie between 1 and 240")
        require(1 <= self.median_minutes <= 600, "median_minutes must lie between 1 and 600")
        require(0.01 <= self.sigma <= 1.5, "sigma must lie between 0.01 and 1.5")
        _require_colours("percent_by_colour", self.percent_by_colour, 10, 500)
        require(
            1 <= self.decided_after_seen_minutes <= 30,
            "decided_after_seen_minutes must lie between 1 and 30",
        )
        require(
            1 <= self.triaged_within_minutes <= 120,
            "triaged_within_minutes must lie between 1 and 120",
        )
        require(
            1 <= self.leaves_within_minutes <= 120,
            "leaves_within_minutes must lie between 1 and 120",
        )
        require(
            1 <= self.elsewhere_after_minutes <= 1440,
            "elsewhere_after_minutes must lie between 1 and 1440",
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
    triage: TriageRules
    waiting: WaitingRules
    treatment: TreatmentRules

    def __post_init__(self) -> None:
        """Refuse days with more visits than serial numbers."""
        require(
            0 <= self.home_visits_a_day <= 2_000, "home_visits_a_day must lie between 0 and 2000"
        )
        require(1 <= self.candidates <= 20, "candidates must lie between 1 and 20")
        require_share("child_share_at_all_ages", self.child_share_at_all_ages)
