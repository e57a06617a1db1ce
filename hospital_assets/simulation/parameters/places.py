"""Suburbs, who lives in them, and who of them uses this hospital."""

from dataclasses import dataclass

from hospital_assets.simulation.parameters.checks import Strict, require


@dataclass(frozen=True)
class Suburb(Strict):
    """A suburb: its people in thousands, how well off they are, and how much more likely people of
    each settlement pattern are to live there than others."""

    name: str
    city: str
    postal_code: str
    thousands: float
    affluence: int
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse suburbs without people."""
        require(0 < self.thousands <= 20_000, f"thousands of {self.name} must be above zero")
        require(self.affluence in (0, 1, 2), f"affluence of {self.name} must be 0, 1 or 2")
        require(
            all(0 <= weight <= 1000 for weight in self.weights) and any(self.weights),
            f"weights of {self.name} must be between 0 and 1,000, one above zero",
        )


@dataclass(frozen=True)
class SettlementPattern(Strict):
    """Communities that settle alike, and their share of all people."""

    name: str
    communities: tuple[str, ...]
    share: float

    def __post_init__(self) -> None:
        """Refuse patterns of nobody."""
        require(bool(self.communities), f"communities of {self.name} must have one at least")
        require(0 < self.share <= 1000, f"share of {self.name} must be above zero")


@dataclass(frozen=True)
class Settlement(Strict):
    """The city of the hospital, and how many thousands live in its suburbs and in all others."""

    city: str
    thousands_in_city: float
    thousands_elsewhere: float

    def __post_init__(self) -> None:
        """Refuse a city of nobody."""
        for name in ("thousands_in_city", "thousands_elsewhere"):
            require(0 < getattr(self, name) <= 100_000, f"{name} must be above zero")


@dataclass(frozen=True)
class CatchmentRules(Strict):
    """Who uses this hospital: how much more likely those of its city are, and each community."""

    city_weight: float
    by_community: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse a hospital that nobody uses."""
        require(1 <= self.city_weight <= 100, "city_weight must lie between 1 and 100")
        require(
            all(0.05 <= weight <= 100 for weight in self.by_community),
            "by_community must be weights between 0.05 and 100",
        )
