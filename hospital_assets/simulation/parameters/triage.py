"""How urgent patients are: colours by class of diagnosis, and what follows from the colour."""

from dataclasses import dataclass

from hospital_assets.simulation.parameters.checks import Strict, require, require_share

COLOURS = 4
TRIAGE_CLASSES = 5

Shares = tuple[float, ...]


def require_colours(name: str, values: tuple[float, ...], low: float, high: float) -> None:
    """Refuse what isn't a number for each colour."""
    require(
        len(values) == COLOURS and all(low <= value <= high for value in values),
        f"{name} must be {COLOURS} numbers between {low:g} and {high:g}",
    )


@dataclass(frozen=True)
class TriageRules(Strict):
    """The colours of who is admitted by class of diagnosis, and how the others differ from them.

    `home_odds` multiply the share of each colour among those who go home; `death_odds` the risk
    that a stay ends with death.
    """

    admitted: tuple[Shares, ...]
    home_odds: Shares
    death_odds: Shares
    frail_from_age: int
    frail_below_age: int
    frail_share: float
    by_ambulance: Shares

    def __post_init__(self) -> None:
        """Refuse shares that don't add up to 1, and colours that nobody can have."""
        require(
            len(self.admitted) == TRIAGE_CLASSES,
            f"admitted must have {TRIAGE_CLASSES} rows, not {len(self.admitted)}",
        )
        for row in self.admitted:
            require_colours("a row of admitted", row, 0, 1)
            require(
                abs(sum(row) - 1) < 1e-9, f"a row of admitted must add up to 1, not {sum(row):g}"
            )
        require_colours("home_odds", self.home_odds, 0.001, 1_000)
        require_colours("death_odds", self.death_odds, 0.001, 1_000)
        require_share("frail_share", self.frail_share)
        require(
            0 <= self.frail_below_age <= self.frail_from_age <= 120,
            "frail_below_age must lie between 0 and frail_from_age, which is 120 at most",
        )
        require_colours("by_ambulance", self.by_ambulance, 0, 1)
