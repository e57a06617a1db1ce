"""The people whose records are digitised."""

from dataclasses import dataclass
from datetime import date

from hospital_assets.simulation.parameters.checks import Strict, require


@dataclass(frozen=True)
class AgeBand(Strict):
    """An age band of the pyramid: completed years from `age` up to the next band's, by sex."""

    age: int
    female: float
    male: float


@dataclass(frozen=True)
class PopulationRules(Strict):
    """The people whose records are digitised, `size` of them in the digitisation campaign."""

    size: int
    reference_day: date
    campaign_first_day: date
    campaign_last_day: date
    oldest_age: int
    ages: tuple[AgeBand, ...]

    def __post_init__(self) -> None:
        """Refuse pyramids with gaps and populations that the id space can't hold."""
        ages = [band.age for band in self.ages]
        require(1_000 <= self.size <= 12_000_000, "size must lie between 1,000 and 12,000,000")
        require(bool(ages) and ages[0] == 0, "ages must start with the band of age 0")
        require(ages == sorted(set(ages)), "ages must rise from band to band")
        require(
            ages[-1] < self.oldest_age <= 110,
            f"oldest_age must lie above the last band ({ages[-1]}) and at 110 at most",
        )
        require(
            all(0 < share <= 10**6 for band in self.ages for share in (band.female, band.male)),
            "ages must have a share above zero, at 1,000,000 at most, for both sexes in every band",
        )
        require(
            self.campaign_first_day < self.reference_day <= self.campaign_last_day,
            "reference_day must lie within the digitisation campaign",
        )
