"""How a stay finds its person among the people."""

from dataclasses import dataclass
from itertools import pairwise

from hospital_assets.simulation.parameters.checks import Strict, require, require_share


@dataclass(frozen=True)
class DyingRules(Strict):
    """Whom a stay that ends with death takes; what is wrong with a candidate adds up."""

    wait_days: int
    wait_days_of_rare: int
    bands_apart: int
    band_apart: int
    outside_catchment: int
    day_waited: int
    condition_lacking: int
    likely_condition_lacking: int
    condition_unexpected: int
    other_cancer: int

    def __post_init__(self) -> None:
        """Refuse waits without an end and penalties that don't fit beside the hash."""
        require(
            0 <= self.wait_days <= self.wait_days_of_rare <= 14,
            "wait_days must lie between 0 and wait_days_of_rare, which is 14 at most",
        )
        require(0 <= self.bands_apart <= 4, "bands_apart must lie between 0 and 4")
        for key in (
            "band_apart",
            "outside_catchment",
            "day_waited",
            "condition_lacking",
            "likely_condition_lacking",
            "condition_unexpected",
            "other_cancer",
        ):
            require(0 <= getattr(self, key) <= 1000, f"{key} must lie between 0 and 1000")


@dataclass(frozen=True)
class AfterDischarge(Strict):
    """Who dies elsewhere soon after a stay that ended alive."""

    deaths_for_each_in_hospital: float
    most: float
    earliest_days: int
    latest_days: int
    youngest_age: int

    def __post_init__(self) -> None:
        """Refuse shares that are none, and days that lie in the stay."""
        require(
            0 <= self.deaths_for_each_in_hospital <= 10,
            "deaths_for_each_in_hospital must lie between 0 and 10",
        )
        require_share("most", self.most)
        require(
            2 <= self.earliest_days <= self.latest_days <= 120,
            "earliest_days must lie between 2 and latest_days, which is 120 at most",
        )
        require(0 <= self.youngest_age <= 100, "youngest_age must lie between 0 and 100")


@dataclass(frozen=True)
class OtherDiagnoses(Strict):
    """Which diagnosis takes the place of one that its person can't have; by ICD-10 code."""

    any: tuple[str, ...]
    of_diagnosis: dict[str, str]
    in_pool: dict[str, str]

    def __post_init__(self) -> None:
        """Refuse to have none."""
        require(1 <= len(self.any) <= 64, "any must have 1 to 64 codes")


@dataclass(frozen=True)
class PersonRules(Strict):
    """How a first stay finds its person."""

    registered_share: float
    hiv_base_of_adults: float
    hiv_base_of_children: float
    hiv_share_set_for_adults: float
    hiv_share_of_children: float
    tries_within_catchment: int
    tries_with_condition: int
    tries_registered: int
    tries_until_wider: tuple[int, ...]
    wider_by_bands: tuple[int, ...]
    tries: int
    pregnancy_families: tuple[str, ...]
    childbearing_from_age: int
    childbearing_to_age: int
    pregnancy_days_before: int
    pregnancy_days_after: int
    birth_days_before: int
    birth_days_after: int
    dying: DyingRules
    after_discharge: AfterDischarge
    instead: OtherDiagnoses

    def __post_init__(self) -> None:
        """Refuse shares that are none, and tries that don't follow each other."""
        for key in ("registered_share", "hiv_share_set_for_adults", "hiv_share_of_children"):
            require_share(key, getattr(self, key))
        for key in ("hiv_base_of_adults", "hiv_base_of_children"):
            require(0.001 <= getattr(self, key) <= 0.9, f"{key} must lie between 0.001 and 0.9")
        require(
            len(self.tries_until_wider) == len(self.wider_by_bands),
            "tries_until_wider must have as many numbers as wider_by_bands",
        )
        steps = (
            0,
            self.tries_registered,
            self.tries_within_catchment,
            self.tries_with_condition,
            *self.tries_until_wider,
            self.tries,
        )
        require(
            all(low <= high for low, high in pairwise(steps)) and 20 <= self.tries <= 1000,
            "tries_registered, tries_within_catchment, tries_with_condition, tries_until_wider and"
            " tries must rise, the last to between 20 and 1000",
        )
        require(
            all(1 <= bands <= 10 for bands in self.wider_by_bands),
            "wider_by_bands must lie between 1 and 10",
        )
        require(
            10 <= self.childbearing_from_age < self.childbearing_to_age <= 60,
            "childbearing_from_age must lie between 10 and childbearing_to_age, at most 60",
        )
        for key in (
            "pregnancy_days_before",
            "pregnancy_days_after",
            "birth_days_before",
            "birth_days_after",
        ):
            require(0 <= getattr(self, key) <= 400, f"{key} must lie between 0 and 400")
