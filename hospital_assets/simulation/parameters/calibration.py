"""Levels by bed pool that the calibration found; see configs/calibration.toml."""

from dataclasses import dataclass

from hospital_assets.simulation.parameters.checks import Strict, require


@dataclass(frozen=True)
class PoolLevel(Strict):
    """A pool's new patients a day, and the factors of their stays and deaths."""

    name: str
    beds: int
    admissions: float
    length: float
    deaths: float
    early_returns: float
    late_returns: float

    def __post_init__(self) -> None:
        """Refuse levels that aren't finite or flood the hospital."""
        name = self.name
        require(1 <= self.beds <= 5_000, f"beds of {name} must lie between 1 and 5,000")
        require(
            0 <= self.admissions <= 4 * self.beds,
            f"admissions of {name} must lie between 0 and four a bed",
        )
        require(0.01 <= self.length <= 100, f"length of {name} must lie between 0.01 and 100")
        require(0 <= self.deaths <= 100, f"deaths of {name} must lie between 0 and 100")
        for key in ("early_returns", "late_returns"):
            require(0 <= getattr(self, key) <= 5, f"{key} of {name} must lie between 0 and 5")


@dataclass(frozen=True)
class Calibration(Strict):
    """The levels of all pools."""

    pools: tuple[PoolLevel, ...]

    def __post_init__(self) -> None:
        """Refuse two levels of one pool."""
        names = [pool.name for pool in self.pools]
        require(len(set(names)) == len(names), "pools must have different names")
