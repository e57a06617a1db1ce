"""What is written down of encounters beside who, where and when."""

from dataclasses import dataclass

from hospital_assets.simulation.parameters.checks import Strict, require, require_share

Complaints = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class EncounterRules(Strict):
    """Wards, ends against advice, and complaints by family and by code of a diagnosis."""

    beds_per_ward: int
    against_advice_inpatient: float
    against_advice_emergency: float
    complaints: Complaints
    complaints_of_codes: Complaints

    def __post_init__(self) -> None:
        """Refuse wards without beds and families without a complaint."""
        require(1 <= self.beds_per_ward <= 200, "beds_per_ward must lie between 1 and 200")
        require_share("against_advice_inpatient", self.against_advice_inpatient)
        require_share("against_advice_emergency", self.against_advice_emergency)
        for name, texts in {**self.complaints, **self.complaints_of_codes}.items():
            require(
                bool(texts) and all(0 < len(text) <= 60 for text in texts),
                f"complaints of {name} must be texts of 1 to 60 letters, one at least",
            )
