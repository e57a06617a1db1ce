"""The diagnoses that stand beside the main one."""

from dataclasses import dataclass

from hospital_assets.simulation.parameters.checks import (
    Strict,
    require,
    require_icd10,
    require_share,
    require_weights,
)


@dataclass(frozen=True)
class NotedCondition(Strict):
    """The code of a lasting condition, and the share of stays that note it."""

    code: str
    share: float
    in_pregnancy: str | None = None

    def __post_init__(self) -> None:
        """Refuse what is no code or no share."""
        require_icd10(self.code)
        if self.in_pregnancy is not None:
            require_icd10(self.in_pregnancy)
        require_share(f"share of {self.code}", self.share)


@dataclass(frozen=True)
class Complication(Strict):
    """What comes with a main diagnosis: how often, and how often it was so at admission."""

    code: str
    share: float
    present: float = 1.0

    def __post_init__(self) -> None:
        """Refuse what is no code, and what are no shares."""
        require_icd10(self.code)
        require_share(f"share of {self.code}", self.share)
        require_share(f"present of {self.code}", self.present)


@dataclass(frozen=True)
class GeneralDiagnosis(Strict):
    """What is found in anybody, the more often the older: at age 0, and more with each year."""

    code: str
    share: float
    share_a_year: float
    present: float = 1.0

    def __post_init__(self) -> None:
        """Refuse what is no code, and what are no shares at any age."""
        require_icd10(self.code)
        require_share(f"share of {self.code}", self.share)
        require_share(f"share of {self.code} at 100", self.share + 100 * self.share_a_year)
        require_share(f"present of {self.code}", self.present)


@dataclass(frozen=True)
class FollowUpCodes(Strict):
    """The main code of a visit by the stay behind it, by its code or else its family.

    A lasting condition that all patients with a diagnosis have goes before the family.
    `before_birth` is that of visits before a delivery.
    """

    of_codes: dict[str, str]
    of_families: dict[str, str]
    before_birth: str


@dataclass(frozen=True)
class SecondaryDiagnosisRules(Strict):
    """All that is coded beside or after the diagnosis of a stay.

    Keys are conditions, families and ICD-10 codes.
    """

    noted_on_visits: float
    general_from_age: int
    outcomes_of_delivery: tuple[str, ...]
    conditions: dict[str, NotedCondition]
    complications: dict[str, tuple[Complication, ...]]
    general: tuple[GeneralDiagnosis, ...]
    causes_of_injuries: dict[str, dict[str, float]]
    follow_up: FollowUpCodes

    def __post_init__(self) -> None:
        """Refuse what is no code or no share, and choices without a weight."""
        require_share("noted_on_visits", self.noted_on_visits)
        require(0 <= self.general_from_age <= 120, "general_from_age must lie within 0 and 120")
        require(
            len(self.outcomes_of_delivery) == 3,
            "outcomes_of_delivery must be three codes: no child, one, two",
        )
        for code in self.outcomes_of_delivery:
            require_icd10(code)
        require(len(self.conditions) <= 30, "conditions must be 30 at most")
        for key, found in (
            *self.complications.items(),
            ("general", self.general),
        ):
            require(len(found) <= 20, f"complications of {key} must be 20 at most")
        for key, causes in self.causes_of_injuries.items():
            for code in causes:
                require_icd10(code)
            require_weights(f"causes_of_injuries of {key}", tuple(causes.values()), len(causes))
