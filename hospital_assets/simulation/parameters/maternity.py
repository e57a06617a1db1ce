"""Births in the hospital, and the newborns of them."""

from dataclasses import dataclass

from hospital_assets.simulation.parameters.checks import (
    Strict,
    require,
    require_share,
    require_weights,
)
from hospital_assets.simulation.parameters.curves import Curve, require_curve


@dataclass(frozen=True)
class BeforeDelivery(Strict):
    """Stays of women who deliver here soon after: of which diagnosis, and how soon."""

    diagnosis: str
    longest_stay_days: int
    earliest_delivery_days: int
    latest_delivery_days: int
    delivery_within_days: int
    tries: int

    def __post_init__(self) -> None:
        """Refuse days that no delivery can lie on."""
        require(
            1 <= self.earliest_delivery_days <= self.latest_delivery_days,
            "earliest_delivery_days must lie between 1 and latest_delivery_days",
        )
        require(
            self.latest_delivery_days <= self.delivery_within_days <= 60,
            "delivery_within_days must lie between latest_delivery_days and 60",
        )
        require(1 <= self.longest_stay_days <= 60, "longest_stay_days must lie between 1 and 60")
        require(1 <= self.tries <= 20, "tries must lie between 1 and 20")


@dataclass(frozen=True)
class MaternityRules(Strict):
    """How births lie in the stays of mothers, and who of the women of a day comes here."""

    earliest_birth_minutes: int
    latest_birth_minutes: int
    stillborn_share: float
    second_twin_minutes: int
    hiv_referral_factor: float
    dying_referral_factor: float
    dies_of_birth_within_days: int
    later_stays_arrive_within_days: int
    later_stays_end_within_days: int
    before_delivery: BeforeDelivery

    def __post_init__(self) -> None:
        """Refuse births that lie outside the stay, and factors that aren't finite."""
        require(
            20 <= self.earliest_birth_minutes < self.latest_birth_minutes <= 1440,
            "earliest_birth_minutes must lie between 20 and latest_birth_minutes, which is 1440"
            " at most",
        )
        require_share("stillborn_share", self.stillborn_share)
        require(1 <= self.second_twin_minutes <= 60, "second_twin_minutes must lie within 1 and 60")
        for key in ("hiv_referral_factor", "dying_referral_factor"):
            require(0.01 <= getattr(self, key) <= 100, f"{key} must lie between 0.01 and 100")
        require(
            0 <= self.dies_of_birth_within_days <= 42,
            "dies_of_birth_within_days must lie between 0 and 42",
        )
        require(
            0 <= self.later_stays_arrive_within_days <= self.later_stays_end_within_days <= 92,
            "later_stays_arrive_within_days must lie between 0 and later_stays_end_within_days,"
            " which is 92 at most",
        )


@dataclass(frozen=True)
class NewbornIllness(Strict):
    """What newborns at term have: how many, and the shortest stay in the unit.

    `unit_share` goes to the neonatal unit with it, `cot_share` has it in a cot beside the mother;
    both are shares of the births at term.
    """

    code: str
    unit_share: float
    cot_share: float = 0.0
    shortest_days: int = 0

    def __post_init__(self) -> None:
        """Refuse shares that are none, and stays of weeks."""
        require_share(f"unit_share of {self.code}", self.unit_share)
        require_share(f"cot_share of {self.code}", self.cot_share)
        require(
            0 <= self.shortest_days <= 28,
            f"shortest_days of {self.code} must lie between 0 and 28",
        )


@dataclass(frozen=True)
class NewbornRules(Strict):
    """Newborns: weeks of gestation, weight, and who of them is ill, with what."""

    first_week: int
    births_by_week: tuple[float, ...]
    death_by_week: Curve
    late_preterm_death_factor: float
    term_death_factor: float
    survivor_thinning: float
    twins_earlier_weeks: int
    weight_by_week: Curve
    weight_sigma: float
    twin_weight_factor: float
    girl_weight_factor: float
    boy_weight_factor: float
    unit_share_before_34_weeks: float
    unit_share_34_to_36_weeks: float
    shortest_unit_stay_minutes: int
    shortest_cot_minutes: int
    bed_wished_after_minutes: int
    extremely_preterm_before_week: int
    extremely_preterm_diagnosis: str
    preterm_diagnosis: str
    term_illnesses: tuple[NewbornIllness, ...]
    well_diagnosis: str
    well_twin_diagnosis: str

    def __post_init__(self) -> None:
        """Refuse weeks that no newborn has, and shares that are none."""
        require(20 <= self.first_week <= 30, "first_week must lie between 20 and 30")
        require_weights("births_by_week", self.births_by_week, 43 - self.first_week)
        require_curve("death_by_week", self.death_by_week, 0.0001, 0.999)
        require_curve("weight_by_week", self.weight_by_week, 200, 6000)
        require(0 <= self.survivor_thinning <= 1.5, "survivor_thinning must lie between 0 and 1.5")
        for key in ("late_preterm_death_factor", "term_death_factor"):
            require(0 < getattr(self, key) <= 1, f"{key} must lie above 0 and at 1 at most")
        for key in ("twin_weight_factor", "girl_weight_factor", "boy_weight_factor"):
            require(0.5 <= getattr(self, key) <= 1.5, f"{key} must lie between 0.5 and 1.5")
        require(0 <= self.weight_sigma <= 0.5, "weight_sigma must lie between 0 and 0.5")
        require(0 <= self.twins_earlier_weeks <= 8, "twins_earlier_weeks must lie within 0 and 8")
        for key in (
            "unit_share_before_34_weeks",
            "unit_share_34_to_36_weeks",
        ):
            require_share(key, getattr(self, key))
        for key in (
            "shortest_unit_stay_minutes",
            "shortest_cot_minutes",
            "bed_wished_after_minutes",
        ):
            require(1 <= getattr(self, key) <= 1440, f"{key} must lie between 1 and 1440")
        require(
            22 <= self.extremely_preterm_before_week <= 34,
            "extremely_preterm_before_week must lie between 22 and 34",
        )
        in_unit = sum(one.unit_share for one in self.term_illnesses)
        ill = in_unit + sum(one.cot_share for one in self.term_illnesses)
        require(
            in_unit > 0 and ill <= 1,
            "the shares of term_illnesses must add up to 1 at most, some of them in the unit",
        )

    @property
    def diagnoses(self) -> tuple[str, ...]:
        """Every main diagnosis that newborns have, by ICD-10 code."""
        return (
            self.extremely_preterm_diagnosis,
            self.preterm_diagnosis,
            *(one.code for one in self.term_illnesses),
            self.well_diagnosis,
            self.well_twin_diagnosis,
        )
