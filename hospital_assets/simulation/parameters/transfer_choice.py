"""Which stays end with a transfer to another facility."""

from dataclasses import dataclass
from math import isfinite

from hospital_assets.simulation.parameters.checks import Strict, require


@dataclass(frozen=True)
class TransferChoice(Strict):
    """How many stays leave in each slot of a day, and which of them."""

    slots_per_day: int
    per_slot: int
    shortest_stay_hours: int
    longest_stay_days: int
    longest_wait_for_bed_hours: int
    latest_delay_hours: int
    urgent_weight_at_night: float
    other_weight_at_night: float
    urgent_weight_by_day: float
    other_weight_by_day: float
    routine_weight_at_night: float
    urgent_pools: tuple[str, ...]
    urgent_families: tuple[str, ...]
    brought_forward_days: tuple[int, ...]
    brought_forward_least_hours: int
    no_move_before_end_hours: int

    def __post_init__(self) -> None:
        """Refuse slots that don't divide a day into whole minutes, and stays that can't be."""
        require(
            1 <= self.slots_per_day <= 24 and 1440 % self.slots_per_day == 0,
            "slots_per_day must lie between 1 and 24 and divide the 1,440 minutes of a day",
        )
        require(0 <= self.per_slot <= 1000, "per_slot must lie between 0 and 1000")
        for key, low, high in (
            ("shortest_stay_hours", 26, 240),
            ("longest_stay_days", 11, 200),
            ("longest_wait_for_bed_hours", 12, 72),
            ("latest_delay_hours", 0, 12),
            ("brought_forward_least_hours", 0, 24),
            ("no_move_before_end_hours", 1, 24),
        ):
            value = getattr(self, key)
            require(low <= value <= high, f"{key} must lie between {low} and {high}, not {value}")
        for key in (
            "urgent_weight_at_night",
            "other_weight_at_night",
            "urgent_weight_by_day",
            "other_weight_by_day",
            "routine_weight_at_night",
        ):
            value = getattr(self, key)
            require(
                isfinite(value) and 0.001 <= value <= 1000,
                f"{key} must lie between 0.001 and 1000, not {value}",
            )
        steps = list(self.brought_forward_days)
        require(
            bool(steps) and steps == sorted(set(steps)) and steps[0] >= 1 and 6 <= steps[-1] <= 60,
            "brought_forward_days must rise from 1 at least to between 6 and 60",
        )
