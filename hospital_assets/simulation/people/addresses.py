"""Addresses: a house in a street, which all of a household share."""

import numpy as np
import polars as pl

from hospital_assets.simulation.chance.draws import Bits, Integers
from hospital_assets.simulation.parameters.identities import AddressRules


class Addresses:
    """All addresses within a suburb: each house number in each street."""

    def __init__(self, streets: tuple[str, ...], rules: AddressRules) -> None:
        self._houses = pl.Series(
            [f"{house} " for house in range(1, rules.highest_house_number + 1)]
        )
        self._streets = pl.Series(
            [f"{street} {kind}" for street in streets for kind in rules.kinds_of_streets]
        )

    def of_households(self, bits: Bits) -> Integers:
        """Return the address for each household's draw, of which it uses the low half."""
        half = bits & np.uint64(0xFFFFFFFF)
        count = np.uint64(len(self._houses) * len(self._streets))
        return ((half * count) >> np.uint64(32)).astype(np.int64)

    def written(self, addresses: pl.Expr) -> pl.Expr:
        """Return house and street of each address."""
        houses = len(self._houses)
        return pl.lit(self._houses).gather(addresses % houses) + pl.lit(self._streets).gather(
            addresses // houses
        )
