"""The course of stays, from arrival to the stays that follow; each key is explained in its file."""

from dataclasses import dataclass

from hospital_assets.simulation.parameters.checks import (
    Strict,
    require,
    require_share,
    require_weights,
)
from hospital_assets.simulation.parameters.curves import Curve, require_curve
from hospital_assets.simulation.parameters.triage import require_colours


def _require_range(rules: object, low: float, high: float, *keys: str) -> None:
    """Refuse values of these fields outside [low, high]."""
    for key in keys:
        value = getattr(rules, key)
        require(low <= value <= high, f"{key} must lie between {low:g} and {high:g}, not {value}")


def _require_span(name: str, span: tuple[float, float], low: float, high: float) -> None:
    """Refuse two numbers that don't rise, or lie outside [low, high]."""
    require(
        low <= span[0] < span[1] <= high,
        f"{name} must be two rising numbers between {low:g} and {high:g}",
    )


@dataclass(frozen=True)
class Hours(Strict):
    """Weights of the 24 hours from midnight on, of each kind of minute."""

    emergency: tuple[float, ...]
    children: tuple[float, ...]
    trauma: tuple[float, ...]
    labour: tuple[float, ...]
    planned: tuple[float, ...]
    discharge: tuple[float, ...]
    move: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse days of another length."""
        for key in ("emergency", "children", "trauma", "labour", "planned", "discharge", "move"):
            require_weights(key, getattr(self, key), 24)


@dataclass(frozen=True)
class EmergencyTimes(Strict):
    """The time from arrival to asking for a bed; medians are by colour of triage."""

    shortest_minutes: int
    median_minutes: tuple[float, ...]
    sigma: float
    long_minutes: int
    longest_minutes: int
    direct_minutes: int
    median_handling_minutes: tuple[float, ...]
    handling_sigma: float

    def __post_init__(self) -> None:
        """Refuse times that no department has."""
        _require_range(self, 0, 1_440, "shortest_minutes", "direct_minutes")
        require_colours("median_minutes", self.median_minutes, 1, 1_440)
        require_colours("median_handling_minutes", self.median_handling_minutes, 1, 240)
        _require_range(self, 0.01, 2, "sigma")
        _require_range(self, 0.01, 1, "handling_sigma")
        require(
            1 <= self.long_minutes < self.longest_minutes <= 2_880,
            "long_minutes must lie between 1 and longest_minutes, which is 2,880 at most",
        )


@dataclass(frozen=True)
class LengthRules(Strict):
    """How long a stay lasts."""

    by_age: Curve
    shortest_minutes: int
    longest_days: int
    preterm_days_by_week: Curve

    def __post_init__(self) -> None:
        """Refuse stays that never end."""
        require_curve("by_age", self.by_age, 0.01, 10)
        require_curve("preterm_days_by_week", self.preterm_days_by_week, 0.1, 200)
        _require_range(self, 70, 1_440, "shortest_minutes")
        _require_range(self, 1, 200, "longest_days")


@dataclass(frozen=True)
class DeathRules(Strict):
    """Who dies in a stay, and when."""

    age_slope: float
    reference_age: float
    youngest_age: float
    oldest_age: float
    highest_risk: float
    highest_newborn_risk: float
    early_share: float
    at_once_share: float
    at_once_minutes: tuple[int, int]
    early_minutes: tuple[int, int]
    late_length_percent: int

    def __post_init__(self) -> None:
        """Refuse risks that are none."""
        _require_range(self, -0.2, 0.2, "age_slope")
        _require_range(self, 0, 120, "reference_age", "youngest_age", "oldest_age")
        require(self.youngest_age < self.oldest_age, "youngest_age must lie below oldest_age")
        for key in ("highest_risk", "highest_newborn_risk", "early_share", "at_once_share"):
            require_share(key, getattr(self, key))
        _require_span("at_once_minutes", self.at_once_minutes, 1, 1_440)
        _require_span("early_minutes", self.early_minutes, 1, 14_400)
        _require_range(self, 50, 300, "late_length_percent")


@dataclass(frozen=True)
class UnitRules(Strict):
    """Intensive and high care: at the beginning of a stay, or as an excursion from the ward."""

    ward_length_factor: float
    ward_death_factor: float
    highest_ward_risk: float
    excursion_age_factors: tuple[float, float]
    excursion_from_hours: int
    excursion_after_hours: int
    excursion_leaves_hours: int
    length_by_diagnosis_days: float
    length_by_diagnosis_bounds: tuple[float, float]
    shortest_hours: int
    longest_days: int
    death_by_diagnosis: float
    intensive_risk: float
    high_care_risk: float
    highest_risk: float
    dying_length_percent: int
    intensive_stepdown_share: float
    high_care_stepdown_share: float

    def __post_init__(self) -> None:
        """Refuse excursions longer than their stay, and shares that are none."""
        _require_range(self, 0.05, 5, "ward_length_factor", "ward_death_factor")
        _require_span("excursion_age_factors", self.excursion_age_factors, 0, 10)
        _require_span("length_by_diagnosis_bounds", self.length_by_diagnosis_bounds, 0.01, 10)
        _require_range(self, 0.1, 100, "length_by_diagnosis_days", "death_by_diagnosis")
        require(
            6 <= self.excursion_after_hours < self.excursion_from_hours <= 240
            and 0 <= self.excursion_leaves_hours < self.excursion_from_hours,
            "excursion_from_hours must lie above excursion_after_hours (at least 6) and"
            " excursion_leaves_hours, and at 240 at most",
        )
        _require_range(self, 1, 48, "shortest_hours")
        _require_range(self, 3, 200, "longest_days")
        _require_range(self, 10, 100, "dying_length_percent")
        for key in (
            "highest_ward_risk",
            "intensive_risk",
            "high_care_risk",
            "highest_risk",
            "intensive_stepdown_share",
            "high_care_stepdown_share",
        ):
            require_share(key, getattr(self, key))


@dataclass(frozen=True)
class DischargeRules(Strict):
    """How the end of a stay comes to lie within the day and the week."""

    from_minutes: int
    earliest_minutes: int
    moved_off_weekend_share: float

    def __post_init__(self) -> None:
        """Refuse ends before the beginning."""
        _require_range(self, 60, 2_880, "from_minutes", "earliest_minutes")
        require_share("moved_off_weekend_share", self.moved_off_weekend_share)


@dataclass(frozen=True)
class MoveRules(Strict):
    """When moves between wards are wished."""

    from_hours: int
    first_after_hours: int
    first_within_hours: int
    first_within_percent: int
    others_within_percent: int
    apart_hours: int
    before_end_hours: int
    least_before_end_hours: int

    def __post_init__(self) -> None:
        """Refuse moves that leave no time in a bed."""
        _require_range(self, 1, 240, "from_hours", "first_after_hours", "first_within_hours")
        _require_range(self, 3, 48, "apart_hours", "before_end_hours", "least_before_end_hours")
        _require_range(self, 0, 100, "first_within_percent", "others_within_percent")


@dataclass(frozen=True)
class ReturnRules(Strict):
    """When patients come back, and how often in all."""

    early_factor: float
    early_mean_days: float
    late_from_days: int
    late_mean_days: float
    shortest_days: int
    shortest_hours_after_end: int
    usual_stay_days: int
    longest_chain: int
    planned_share: float

    def __post_init__(self) -> None:
        """Refuse chains that never end."""
        _require_range(self, 0, 5, "early_factor")
        _require_range(self, 0.5, 365, "early_mean_days", "late_mean_days")
        _require_range(self, 0, 365, "late_from_days")
        _require_range(self, 1, 30, "shortest_days", "usual_stay_days")
        _require_range(self, 1, 48, "shortest_hours_after_end")
        _require_range(self, 1, 50, "longest_chain")
        require_share("planned_share", self.planned_share)


@dataclass(frozen=True)
class TimelineRules(Strict):
    """The course of stays; chains end within `chain_days` of their first arrival."""

    warm_up_days: int
    days_beyond_period: int
    chain_days: int
    hours: Hours
    emergency: EmergencyTimes
    length: LengthRules
    death: DeathRules
    units: UnitRules
    discharge: DischargeRules
    moves: MoveRules
    returns: ReturnRules

    def __post_init__(self) -> None:
        """Refuse spans of time that are too short for a chain, or endless."""
        _require_range(self, 90, 730, "warm_up_days")
        _require_range(self, 30, 365, "days_beyond_period")
        _require_range(self, 60, 1_500, "chain_days")
