"""Who is admitted with what, and what a diagnosis brings with it."""

from dataclasses import dataclass, field

from hospital_assets.simulation.parameters.checks import (
    Strict,
    require,
    require_icd10,
    require_share,
    require_weights,
)
from hospital_assets.simulation.parameters.curves import Curve, require_curve


@dataclass(frozen=True)
class CaseMixDiagnosis(Strict):
    """A diagnosis: what drives it, who has it, how it runs and returns.

    `admissions` are weights by bed pool against the pool's other diagnoses. `length` is the mean
    stay in days and `deaths` the per cent who die at age 50, both before the calibration's factor.
    `early_returns` come back within weeks, `late_returns` within months. One that names an external
    cause becomes one of the `injuries`, which are weights by ICD-10 code.
    """

    code: str
    name: str
    family: str
    admissions: dict[str, float]
    female_share: float
    ages: str
    length: float
    deaths: float
    triage_class: int
    ages_of_children: str = "children"
    planned_share: float = 0.0
    early_returns: float = 0.0
    late_returns: float = 0.0
    returns_unchanged: float = 0.0
    returns_as: str = "medical"
    condition: str | None = None
    condition_share: float = 0.0
    home_visits: float = 0.0
    injuries: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse codes and shares that are none, and stays and weights that can't be."""
        for code in (self.code, *self.injuries):
            require_icd10(code)
        if self.injuries:
            weights = tuple(self.injuries.values())
            require_weights(f"injuries of {self.code}", weights, len(weights))
        for name in (
            "planned_share",
            "female_share",
            "early_returns",
            "late_returns",
            "returns_unchanged",
            "condition_share",
        ):
            require_share(f"{name} of {self.code}", getattr(self, name))
        require(
            self.early_returns + self.late_returns <= 1,
            f"early_returns and late_returns of {self.code} must add up to 1 at most",
        )
        require(0 < self.length <= 100, f"length of {self.code} must lie between 0 and 100 days")
        require(0 <= self.deaths <= 100, f"deaths of {self.code} must lie between 0 and 100")
        require(
            all(0 <= weight <= 1_000 for weight in (*self.admissions.values(), self.home_visits)),
            f"admissions and home_visits of {self.code} must lie between 0 and 1,000",
        )
        require(
            0 <= self.triage_class <= 4, f"triage_class of {self.code} must lie between 0 and 4"
        )


@dataclass(frozen=True)
class CaseMixRules(Strict):
    """All diagnoses, the ages at which they are met, and what patients come back with.

    `age_bands` are the edges of the bands in completed years. A profile of `age_profiles` holds
    (age, rate of admission a head) points; a group of `return_groups` weights by ICD-10 code.
    """

    age_bands: tuple[int, ...]
    adult_age: int
    diagnoses: tuple[CaseMixDiagnosis, ...]
    age_profiles: dict[str, Curve]
    return_groups: dict[str, dict[str, float]]

    def __post_init__(self) -> None:
        """Refuse bands with gaps, and names that stand nowhere."""
        bands = list(self.age_bands)
        require(
            len(bands) >= 2 and bands[0] == 0 and bands == sorted(set(bands)) and bands[-1] <= 120,
            "age_bands must rise from 0 to 120 at most",
        )
        require(
            self.adult_age in bands[1:-1],
            f"adult_age must be an edge of age_bands above 0, not {self.adult_age}",
        )
        require(bool(self.diagnoses), "diagnoses must have one at least")
        codes = {diagnosis.code for diagnosis in self.diagnoses}
        for name, points in self.age_profiles.items():
            require_curve(f"age_profiles.{name}", points, 0, 1_000)
        for group, weights in self.return_groups.items():
            unknown = sorted(set(weights) - codes)
            require(not unknown, f"return_groups.{group} names {unknown}, diagnoses has not")
            require(
                min(weights.values(), default=0) >= 0 and sum(weights.values()) > 0,
                f"return_groups.{group} must have weights, at least one above zero",
            )
        require("children" in self.return_groups, "return_groups must have children")
        for one in self.diagnoses:
            for key in ("ages", "ages_of_children"):
                require(
                    getattr(one, key) in self.age_profiles,
                    f"{key} of {one.code} must be one of {sorted(self.age_profiles)}",
                )
            require(
                one.returns_as in self.return_groups,
                f"returns_as of {one.code} must be one of {sorted(self.return_groups)}",
            )
