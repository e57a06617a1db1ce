"""The bed pools by index, and those of a special kind."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.parameters import beds
from hospital_assets.simulation.parameters.beds import BedPool
from hospital_assets.simulation.stays.patients import Flags


@dataclass(frozen=True)
class BedPools:
    """The pools; the index of a pool is its place among them."""

    pools: tuple[BedPool, ...]

    def __len__(self) -> int:
        return len(self.pools)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names by index."""
        return tuple(pool.name for pool in self.pools)

    @cached_property
    def sizes(self) -> Integers:
        """The beds of each pool."""
        return np.array([pool.beds for pool in self.pools])

    @cached_property
    def is_unit(self) -> Flags:
        """Which pools are intensive or high care."""
        return np.array([pool.kind in (beds.INTENSIVE, beds.HIGH_CARE) for pool in self.pools])

    def of_kind(self, kind: str) -> int:
        """Return the index of the one pool of this kind."""
        return [pool.kind for pool in self.pools].index(kind)
