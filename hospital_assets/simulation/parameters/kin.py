"""Mothers and children, partners, and who lives with whom."""

from dataclasses import dataclass

from hospital_assets.simulation.parameters.checks import Strict, require, require_share
from hospital_assets.simulation.parameters.curves import Curve, require_curve


@dataclass(frozen=True)
class MotherhoodClass(Strict):
    """Women of so many children: ages at the first and gaps in years of birth, and the shares of
    women who are such, of those born late (`modern`) and early (`old`)."""

    children: int
    modern: float
    old: float
    first_age: float = 25.0
    deviation: float = 1.0
    gap: float = 0.0

    def __post_init__(self) -> None:
        """Refuse families that no woman has."""
        require(0 <= self.children <= 12, "children of a class must lie between 0 and 12")
        require(
            0 <= self.modern <= 1000 and 0 <= self.old <= 1000,
            "modern and old of a class must lie between 0 and 1,000",
        )
        require(12 <= self.first_age <= 45, "first_age of a class must lie between 12 and 45")
        require(0.5 <= self.deviation <= 10, "deviation of a class must lie between 0.5 and 10")
        require(
            (2 if self.children > 1 else 0) <= self.gap <= 20,
            "gap of a class must lie between 2 years where there are several children, and 20",
        )


@dataclass(frozen=True)
class FamilyRules(Strict):
    """Mothers and children; ages are differences of years of birth, curves by age in the
    reference year."""

    youngest_mother: int
    oldest_mother: int
    least_gap: int
    deviation_growth: float
    old_cohort: int
    modern_cohort: int
    with_mother: Curve
    foreign_with_mother: Curve
    twins_from: int
    twins: float
    classes: tuple[MotherhoodClass, ...]

    def __post_init__(self) -> None:
        """Refuse families without mothers."""
        require(
            12 <= self.youngest_mother < self.oldest_mother <= 60,
            "oldest_mother must lie above youngest_mother, both between 12 and 60",
        )
        require(2 <= self.least_gap <= 5, "least_gap must lie between 2 and 5 years")
        require(0 <= self.deviation_growth <= 2, "deviation_growth must lie between 0 and 2")
        require(self.old_cohort < self.modern_cohort, "modern_cohort must lie after old_cohort")
        require_curve("with_mother", self.with_mother)
        require_curve("foreign_with_mother", self.foreign_with_mother)
        require_share("twins", self.twins)
        require(
            any(one.children for one in self.classes)
            and sum(one.modern for one in self.classes) > 0
            and sum(one.old for one in self.classes) > 0,
            "classes must have one with children, and shares above zero",
        )
        latest = max(
            one.first_age + one.gap * max(one.children - 1, 0) - 3 * one.deviation
            for one in self.classes
        )
        require(
            latest < self.oldest_mother,
            "classes must not have a last child that lies beyond oldest_mother",
        )


@dataclass(frozen=True)
class PartnerRules(Strict):
    """Who has a partner; curves by age in the reference year, lists by community."""

    women: Curve
    men: Curve
    most_women: float
    most_men: float
    by_community: tuple[float, ...]
    older_mean: float
    older_deviation: float
    older_least: int
    older_most: int
    married: tuple[float, ...]
    fathers_name_unmarried: float

    def __post_init__(self) -> None:
        """Refuse shares out of bounds."""
        require_curve("women", self.women)
        require_curve("men", self.men)
        for name in ("most_women", "most_men", "fathers_name_unmarried"):
            require_share(name, getattr(self, name))
        require(
            all(0 <= factor <= 10 for factor in self.by_community),
            "by_community must be factors between 0 and 10",
        )
        for share in self.married:
            require_share("married", share)
        require(0.5 <= self.older_deviation <= 20, "older_deviation must lie between 0.5 and 20")
        require(
            -20 <= self.older_least < self.older_most <= 40,
            "older_most must lie above older_least, both between -20 and 40",
        )


@dataclass(frozen=True)
class HouseholdRules(Strict):
    """Who lives with whom: shares, ages in the reference year, and years of birth."""

    stay_last_child: float
    stay_other: float
    leave_from: int
    leave_years: int
    couple_with_her_mother_last_child: float
    couple_with_her_mother_older: float
    couple_with_her_mother: float
    fostered: float
    fostered_before: int
    with_relative: float
    with_relative_below: int
    relative_of_child_years: int
    relative_from: int

    def __post_init__(self) -> None:
        """Refuse shares out of bounds, and relatives who are no elder."""
        for name in (
            "stay_last_child",
            "stay_other",
            "couple_with_her_mother_last_child",
            "couple_with_her_mother_older",
            "couple_with_her_mother",
            "fostered",
            "with_relative",
        ):
            require_share(name, getattr(self, name))
        require(18 <= self.leave_from <= 60, "leave_from must lie between 18 and 60")
        require(0 <= self.leave_years <= 60, "leave_years must lie between 0 and 60")
        require(
            1 <= self.relative_of_child_years <= 60,
            "relative_of_child_years must lie between 1 and 60",
        )
