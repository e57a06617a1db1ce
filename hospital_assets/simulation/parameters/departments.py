"""The departments of the hospital."""

from dataclasses import dataclass

from hospital_assets.simulation.parameters.checks import Strict, require


@dataclass(frozen=True)
class Department(Strict):
    """A department: its name, and the code with which the names of its beds begin."""

    name: str
    code: str

    def __post_init__(self) -> None:
        """Refuse departments without a name."""
        require(0 < len(self.name) <= 40, "name of a department must have 1 to 40 letters")
        require(0 < len(self.code) <= 6, f"code of {self.name} must have 1 to 6 letters")
