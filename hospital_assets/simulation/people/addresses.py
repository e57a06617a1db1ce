"""Addresses: a house in a street, which all of a household share."""

import numpy as np
import polars as pl

from hospital_assets.simulation.chance.draws import Bits, Integers
from hospital_assets.simulation.parameters.identities import AddressRules


class Addresses:
    """All addresses within a suburb, as `texts`."""

    def __init__(self, streets: tuple[str, ...], rules: AddressRules) -> None:
        self.texts = pl.Series(
            [
                f"{house} {street} {kind}"
                for street in streets
                for kind in rules.kinds_of_streets
                for house in range(1, rules.highest_house_number + 1, 2)
            ]
        )

    def of_households(self, bits: Bits) -> Integers:
        """Return the place in `texts` for each household's draw, of which it uses the low half."""
        half = bits & np.uint64(0xFFFFFFFF)
        return ((half * np.uint64(len(self.texts))) >> np.uint64(32)).astype(np.int64)
