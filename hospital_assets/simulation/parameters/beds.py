"""The beds: pools of them, and how they are given."""

from dataclasses import dataclass

from hospital_assets.simulation.parameters.checks import (
    Strict,
    require,
    require_share,
    require_weights,
)

GENERAL = "general"
WARD = "ward"
CHILDREN = "children"
NEWBORNS = "newborns"
MATERNITY = "maternity"
PALLIATIVE = "palliative"
INTENSIVE = "intensive"
HIGH_CARE = "high care"
# Of these there is one pool each; of WARD any number.
SINGLE_KINDS = (GENERAL, CHILDREN, NEWBORNS, MATERNITY, PALLIATIVE, INTENSIVE, HIGH_CARE)


@dataclass(frozen=True)
class BedPool(Strict):
    """Beds of a department that stand in for each other.

    `mean_days`, `mortality` and `offered_load` (beds wished for at a time, as a share of the beds)
    are what the calibration aims at; of a unit the first two are those of the time in the unit.
    `length_sigma` is the log-deviation of the stays. `women_share` of the beds are women's, the
    others men's, where it is set. `alternatives` are the pools asked next. `direct_share` of the
    patients pass the emergency department by; `excursion_share` (at age 50) are moved to a unit,
    `high_care_share` of these to High Care; `ward_moves` are the weights of 0 to 3 other moves.
    """

    name: str
    department: str
    kind: str
    beds: int
    mean_days: float
    mortality: float
    offered_load: float
    length_sigma: float
    direct_share: float
    ward_moves: tuple[float, ...] = (1, 0, 0, 0)
    excursion_share: float = 0.0
    high_care_share: float = 0.4
    alternatives: tuple[str, ...] = ()
    women_share: float | None = None
    women_only: bool = False

    def __post_init__(self) -> None:
        """Refuse pools that can't exist."""
        name = self.name
        require(
            self.kind in (WARD, *SINGLE_KINDS),
            f"kind of {name} must be one of {[WARD, *SINGLE_KINDS]}, not {self.kind!r}",
        )
        require(1 <= self.beds <= 5_000, f"beds of {name} must lie between 1 and 5,000")
        require(0.25 <= self.mean_days <= 60, f"mean_days of {name} must lie between 0.25 and 60")
        require(
            0.1 <= self.offered_load <= 1.5, f"offered_load of {name} must lie between 0.1 and 1.5"
        )
        require(0 < self.length_sigma <= 2, f"length_sigma of {name} must lie between 0 and 2")
        for key in ("mortality", "direct_share", "excursion_share", "high_care_share"):
            require_share(f"{key} of {name}", getattr(self, key))
        require_weights(f"ward_moves of {name}", self.ward_moves, 4)
        if self.women_share is not None:
            require(
                1 <= round(self.beds * self.women_share) <= self.beds - 1,
                f"women_share of {name} must leave a bed for women and one for men",
            )


@dataclass(frozen=True)
class BedRules(Strict):
    """The pools, and how far ahead a bed is looked for.

    A bed is free again after a gap of `shortest_gap_minutes` to below `longest_gap_minutes`.
    """

    pools: tuple[BedPool, ...]
    warm_up_days: int
    days_beyond_period: int
    first_bed_within_hours: int
    planned_bed_within_hours: int
    moved_within_hours: int
    shortest_gap_minutes: int
    longest_gap_minutes: int
    shortest_use_minutes: int
    shortest_use_before_move_minutes: int
    any_bed_for_transfers: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse pools that name each other wrongly, and waits that no hospital has."""
        names = [pool.name for pool in self.pools]
        require(len(set(names)) == len(names), "pools must have different names")
        for kind in SINGLE_KINDS:
            require(
                sum(pool.kind == kind for pool in self.pools) == 1,
                f"pools must have one whose kind is {kind!r}",
            )
        for key, used in [
            ("any_bed_for_transfers", self.any_bed_for_transfers),
            *((f"alternatives of {pool.name}", pool.alternatives) for pool in self.pools),
        ]:
            unknown = sorted(set(used) - set(names))
            require(not unknown, f"{key} names {unknown}, pools has not")
        require(30 <= self.warm_up_days <= 365, "warm_up_days must lie between 30 and 365")
        require(2 <= self.days_beyond_period <= 30, "days_beyond_period must lie between 2 and 30")
        for key in ("first_bed_within_hours", "planned_bed_within_hours", "moved_within_hours"):
            require(0 <= getattr(self, key) <= 48, f"{key} must lie between 0 and 48")
        require(
            1 <= self.shortest_gap_minutes < self.longest_gap_minutes <= 1_440,
            "shortest_gap_minutes and longest_gap_minutes must rise between 1 and 1,440",
        )
        for key in ("shortest_use_minutes", "shortest_use_before_move_minutes"):
            require(1 <= getattr(self, key) <= 1_440, f"{key} must lie between 1 and 1,440")
