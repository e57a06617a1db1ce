"""All rules of the people together, and how they have to fit each other."""

from dataclasses import dataclass

from hospital_assets.simulation.parameters.births import BirthRules, Community
from hospital_assets.simulation.parameters.checks import Strict, require
from hospital_assets.simulation.parameters.conditions import Condition, ConditionRules
from hospital_assets.simulation.parameters.kin import FamilyRules, HouseholdRules, PartnerRules
from hospital_assets.simulation.parameters.mortality import MortalityRules
from hospital_assets.simulation.parameters.places import (
    CatchmentRules,
    Settlement,
    SettlementPattern,
    Suburb,
)
from hospital_assets.simulation.parameters.population import PopulationRules


@dataclass(frozen=True)
class PeopleRules(Strict):
    """The rules by which everybody is born, related, housed, ill and dies."""

    population: PopulationRules
    births: BirthRules
    communities: tuple[Community, ...]
    mortality: MortalityRules
    families: FamilyRules
    partners: PartnerRules
    households: HouseholdRules
    suburbs: tuple[Suburb, ...]
    settlement_patterns: tuple[SettlementPattern, ...]
    settlement: Settlement
    catchment: CatchmentRules
    condition_rules: ConditionRules
    conditions: tuple[Condition, ...]

    def __post_init__(self) -> None:
        """Refuse parts that don't fit each other."""
        self._require_size()
        self._require_communities()
        self._require_years()
        self._require_places()
        names = [one.name for one in self.conditions]
        require(len(set(names)) == len(names), "conditions must have different names")

    def _require_size(self) -> None:
        size, oldest = self.population.size, self.population.oldest_age
        require(
            50_000 <= size <= 7_500_000,
            f"population.size must lie between 50,000 and 7,500,000, not {size}",
        )
        require(oldest >= 90, f"population.oldest_age must be 90 at least, not {oldest}")
        require(
            self.population.ages[-1].age >= 60,
            "population.ages must have a band from 60 or more on",
        )

    def _require_communities(self) -> None:
        names = [one.name for one in self.communities]
        require(
            1 <= len(names) <= 7 and len(set(names)) == len(names),
            "communities must be one to seven, with different names",
        )
        for table, key in (
            ("partners", "by_community"),
            ("partners", "married"),
            ("catchment", "by_community"),
        ):
            given = len(getattr(getattr(self, table), key))
            require(
                given == len(names),
                f"{table}.{key} must have a number for each of {len(names)} communities,"
                f" not {given}",
            )

    def _require_years(self) -> None:
        reference = self.population.reference_day
        require(
            0 < (self.population.campaign_first_day - self.mortality.first_day).days <= 30 * 365,
            "mortality.first_day must lie before population.campaign_first_day, 30 years at most",
        )
        require(
            self.population.campaign_last_day.year < self.births.last_year,
            "births.last_year must lie after the year of population.campaign_last_day",
        )
        require(
            self.condition_rules.dying_until.year <= self.births.last_year,
            "condition_rules.dying_until must lie at births.last_year at the latest",
        )
        require(
            reference.year - 60 <= self.mortality.months_from_year <= self.mortality.first_day.year,
            "mortality.months_from_year must lie at the year of mortality.first_day at the latest,"
            " so that nobody's cell dies before the birth",
        )
        first_year = reference.year - self.population.oldest_age - 1
        require(
            first_year <= self.households.relative_from <= reference.year - 60,
            "households.relative_from must lie between the first year of birth"
            f" ({first_year}) and 60 years before the reference day",
        )
        require(
            reference.year - 15 <= self.families.twins_from,
            "families.twins_from must lie 15 years before the reference day at the earliest",
        )

    def _require_places(self) -> None:
        settled = [name for one in self.settlement_patterns for name in one.communities]
        require(
            sorted(settled) == sorted(one.name for one in self.communities),
            "settlement_patterns must name each community once",
        )
        require(
            len({one.name for one in self.suburbs}) == len(self.suburbs),
            "suburbs must have different names",
        )
        for one in self.suburbs:
            require(
                len(one.weights) == len(self.settlement_patterns),
                f"suburbs: weights of {one.name} must have a number for each settlement pattern",
            )
        for number, pattern in enumerate(self.settlement_patterns):
            require(
                any(one.weights[number] > 0 for one in self.suburbs),
                f"suburbs must have one with a weight above zero for {pattern.name}",
            )
        require(
            any(one.city == self.settlement.city for one in self.suburbs),
            f"settlement.city must be the city of a suburb, not {self.settlement.city!r}",
        )
