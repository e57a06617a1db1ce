"""The pressure of a day: seasons, waves, the week, and the noise of many days."""

from dataclasses import dataclass
from datetime import date

from hospital_assets.simulation.parameters.checks import (
    Strict,
    require,
    require_share,
    require_weights,
)

HOURS = ("emergency", "trauma", "labour")


@dataclass(frozen=True)
class CovidWave(Strict):
    """A wave of admissions with COVID-19: its peak, its height, and its widths either side."""

    peak: date
    height: float
    days_up: float
    days_down: float

    def __post_init__(self) -> None:
        """Refuse waves without width."""
        require(0 <= self.height <= 10, f"height of {self.peak} must lie between 0 and 10")
        require(
            1 <= self.days_up <= 365 and 1 <= self.days_down <= 365,
            f"days_up and days_down of {self.peak} must lie between 1 and 365",
        )


@dataclass(frozen=True)
class Rhythm(Strict):
    """Factors of the week, Monday first, of public holidays, of month-ends and of other days."""

    by_weekday: tuple[float, ...]
    holiday: float
    month_end: float
    other_days: float

    def __post_init__(self) -> None:
        """Refuse factors that no week has."""
        require_weights("by_weekday", self.by_weekday, 7)
        factors = (*self.by_weekday, self.holiday, self.month_end, self.other_days)
        require(
            all(0.01 <= factor <= 10 for factor in factors),
            "factors of a rhythm must lie between 0.01 and 10",
        )


@dataclass(frozen=True)
class SeasonalPeak(Strict):
    """A peak of the year, cosine-shaped: week from 0, half its width in weeks, and its height."""

    week: float
    half_width: float
    height: float

    def __post_init__(self) -> None:
        """Refuse peaks outside the year."""
        require(0 <= self.week < 53, "week must lie between 0 and 53")
        require(0.5 <= self.half_width <= 26, "half_width must lie between 0.5 and 26 weeks")
        require(0 <= self.height <= 10, "height must lie between 0 and 10")


@dataclass(frozen=True)
class Family(Strict):
    """Ailments that come and go together, and how: by season, week, wave and Christmas."""

    name: str
    hours: str
    rhythm: str
    rhythm_power: float = 1.0
    rhythm_share: float = 1.0
    base: float = 1.0
    seasons: tuple[SeasonalPeak, ...] = ()
    winter_swing: float = 0.0
    home_at_christmas: float = 0.0
    lost_in_waves: float = 0.0
    under_restrictions: float = 1.0
    noise_share: float = 1.0
    follows_covid: bool = False

    def __post_init__(self) -> None:
        """Refuse factors that make an intensity negative or endless."""
        name = self.name
        require(self.hours in HOURS, f"hours of {name} must be one of {list(HOURS)}")
        for key in (
            "rhythm_share",
            "home_at_christmas",
            "lost_in_waves",
            "under_restrictions",
            "noise_share",
        ):
            require_share(f"{key} of {name}", getattr(self, key))
        require(0 <= self.rhythm_power <= 4, f"rhythm_power of {name} must lie between 0 and 4")
        require(0 <= self.winter_swing <= 0.5, f"winter_swing of {name} must be 0 to 0.5")
        require(
            self.winter_swing + self.home_at_christmas <= self.base <= 10,
            f"base of {name} must lie above winter_swing and home_at_christmas, and not above 10",
        )


@dataclass(frozen=True)
class PressureRules(Strict):
    """What drives the number of patients of a day; see configs/pressure.toml for each key."""

    memory: float
    memory_days: int
    common_deviation: float
    own_deviation: float
    covid_waves: tuple[CovidWave, ...]
    covid_background: float
    covid_background_fades_from: date
    covid_background_days: float
    restrictions_end: date
    planned_by_weekday: tuple[float, ...]
    planned_lost_in_waves: float
    christmas_day_of_year: int
    christmas_half_width_days: float
    christmas_closure: float
    christmas_plateau: float
    christmas_plateau_days: int
    home_day_of_year: int
    home_half_width_days: float
    crowding_families: tuple[str, ...]
    crowding_usual: float
    crowding_power: float
    rhythms: dict[str, Rhythm]
    families: tuple[Family, ...]

    def __post_init__(self) -> None:
        """Refuse noise without bound, and names that stand nowhere."""
        require(0 <= self.memory < 1, f"memory must lie between 0 and 1, not {self.memory}")
        require(1 <= self.memory_days <= 365, "memory_days must lie between 1 and 365")
        for key in ("common_deviation", "own_deviation"):
            require(0 <= getattr(self, key) <= 0.5, f"{key} must lie between 0 and 0.5")
        require(0 <= self.covid_background <= 10, "covid_background must lie between 0 and 10")
        require(
            1 <= self.covid_background_days <= 10_000,
            "covid_background_days must lie between 1 and 10,000",
        )
        require_weights("planned_by_weekday", self.planned_by_weekday, 7)
        require(max(self.planned_by_weekday) <= 10, "planned_by_weekday must be 10 at most")
        for key in ("planned_lost_in_waves", "christmas_closure", "christmas_plateau"):
            require_share(key, getattr(self, key))
        for key in ("christmas_day_of_year", "home_day_of_year"):
            require(0 <= getattr(self, key) <= 365, f"{key} must lie between 0 and 365")
        for key in ("christmas_half_width_days", "home_half_width_days"):
            require(1 <= getattr(self, key) <= 180, f"{key} must lie between 1 and 180")
        require(0 <= self.christmas_plateau_days <= 180, "christmas_plateau_days must be 0 to 180")
        require(1 <= self.crowding_usual <= 10_000, "crowding_usual must lie between 1 and 10,000")
        require(0 <= self.crowding_power <= 4, "crowding_power must lie between 0 and 4")
        names = [family.name for family in self.families]
        require(len(set(names)) == len(names), "families must have different names")
        unknown = sorted(set(self.crowding_families) - set(names))
        require(
            bool(self.crowding_families) and not unknown,
            f"crowding_families must name families, not {unknown}",
        )
        for family in self.families:
            require(
                family.rhythm in self.rhythms,
                f"rhythm of {family.name} must be one of {sorted(self.rhythms)}",
            )
