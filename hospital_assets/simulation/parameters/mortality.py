"""When people die: hazards by age, sex and season, and the waves of COVID-19."""

from dataclasses import dataclass
from datetime import date

from hospital_assets.simulation.parameters.checks import Strict, require


@dataclass(frozen=True)
class Hump(Strict):
    """More deaths around an age: `height` a year at `age`, a bell with this width in years."""

    height: float
    age: float
    width: float

    def __post_init__(self) -> None:
        """Refuse humps without a width."""
        require(0 <= self.height <= 0.2, "height of a hump must lie between 0 and 0.2")
        require(2 <= self.width <= 50, "width of a hump must lie between 2 and 50 years")


@dataclass(frozen=True)
class Hazard(Strict):
    """The yearly hazard of death of one sex at an age in years, after the 28th day of life:
    infant e^(-age / infant_years) + child e^(-age / child_years) + constant
    + height e^(-((age - hump) / width)^2) for each hump + old e^(old_rise age).
    """

    infant: float
    infant_years: float
    child: float
    child_years: float
    constant: float
    humps: tuple[Hump, ...]
    old: float
    old_rise: float

    def __post_init__(self) -> None:
        """Refuse hazards under which nobody lives, or everybody."""
        for name in ("infant", "child", "constant"):
            require(0 <= getattr(self, name) <= 0.2, f"{name} must lie between 0 and 0.2")
        for name in ("infant_years", "child_years"):
            require(0.2 <= getattr(self, name) <= 20, f"{name} must lie between 0.2 and 20")
        require(0 < self.old <= 0.01, "old must lie above 0, at 0.01 at most")
        require(0.02 <= self.old_rise <= 0.2, "old_rise must lie between 0.02 and 0.2")


@dataclass(frozen=True)
class Wave(Strict):
    """A wave of excess deaths: a bell around its peak, `height` times the usual deaths there."""

    peak: date
    days: float
    height: float

    def __post_init__(self) -> None:
        """Refuse waves without a length."""
        require(1 <= self.days <= 1000, "days of a wave must lie between 1 and 1,000")
        require(0 <= self.height <= 20, "height of a wave must lie between 0 and 20")


@dataclass(frozen=True)
class Covid(Strict):
    """COVID-19's waves: in full from `full_age` on, none up to `from_age`, linear between."""

    from_age: float
    full_age: float
    waves: tuple[Wave, ...]

    def __post_init__(self) -> None:
        """Refuse ages in the wrong order."""
        require(0 <= self.from_age < self.full_age, "full_age must lie above from_age")


@dataclass(frozen=True)
class MortalityRules(Strict):
    """Deaths: nobody dies before `first_day`; `neonatal` is the share that dies within 28 days,
    at one of `neonatal_days` after birth."""

    first_day: date
    neonatal: float
    neonatal_days: tuple[int, ...]
    months_from_year: int
    most_a_year: float
    season: float
    season_peak_day: int
    female: Hazard
    male: Hazard
    covid: Covid

    def __post_init__(self) -> None:
        """Refuse shares and days out of bounds."""
        require(0 <= self.neonatal <= 0.5, "neonatal must lie between 0 and 0.5")
        require(
            bool(self.neonatal_days) and all(0 <= day <= 27 for day in self.neonatal_days),
            "neonatal_days must be days between 0 and 27",
        )
        require(0.1 <= self.most_a_year <= 5, "most_a_year must lie between 0.1 and 5")
        require(0 <= self.season < 1, "season must lie between 0 and 1")
        require(0 <= self.season_peak_day <= 365, "season_peak_day must be a day of the year")

    def hazard(self, sex: int) -> Hazard:
        """Return the hazard of women (0) or men (1)."""
        return self.male if sex else self.female
