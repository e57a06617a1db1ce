"""All rules of the people together, and how they have to fit each other."""

from dataclasses import dataclass

from hospital_assets.simulation.parameters.births import BirthRules, Community
from hospital_assets.simulation.parameters.checks import Strict, require
from hospital_assets.simulation.parameters.kin import FamilyRules, HouseholdRules, PartnerRules
from hospital_assets.simulation.parameters.mortality import MortalityRules
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

    def __post_init__(self) -> None:
        """Refuse parts that don't fit each other."""
        names = [one.name for one in self.communities]
        require(
            1 <= len(names) <= 7 and len(set(names)) == len(names),
            "communities must be one to seven, with different names",
        )
        for name in ("by_community", "married"):
            given = len(getattr(self.partners, name))
            require(
                given == len(names), f"partners.{name} must have {len(names)} numbers, not {given}"
            )
        reference = self.population.reference_day
        require(
            self.mortality.first_day < reference,
            "mortality.first_day must lie before population.reference_day",
        )
        require(
            reference.year < self.births.last_year
            and self.population.campaign_last_day.year < self.births.last_year,
            "births.last_year must lie after the campaign's and the reference day's year",
        )
        require(
            self.mortality.months_from_year < reference.year,
            "mortality.months_from_year must lie before the reference day's year",
        )
        first_year = reference.year - self.population.oldest_age - 1
        require(
            first_year <= self.households.relative_from <= reference.year - 60,
            "households.relative_from must lie between the first year of birth and 60 years"
            " before the reference day",
        )
