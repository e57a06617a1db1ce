"""Patients as they come: who needs a stay, with what, and when a bed is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance.draws import Integers

Flags = NDArray[np.bool_]

EMERGENCY, PLANNED = 0, 1


@dataclass(frozen=True)
class Patients:
    """Stays before their course is drawn; every field is an array of one element a stay, int64.

    Minutes count from 1970-01-01. A chain is a first stay with the stays that return after it;
    `root` and `root_row` name its first stay by serial number, and by its place in the order of
    creation: all first stays by arrival, then newborns.

    `serial` is the stay's own number, for ever; `parent` the serial of the stay before it in the
    chain, or -1; `generation` its place in the chain, from 0. `pool` is the index of the bed pool
    that admits it, or -1 for a cot beside the mother; `diagnosis` a row of the case mix; `route`
    EMERGENCY or PLANNED; `sex` 0 for female, 1 for male; `age_band` an index of the age bands.
    `arrived`, `decided` (to admit) and `ready` (a bed is asked for) are minutes; `direct` is True
    where the emergency department is passed by. `gestation` is in weeks, or -1; `birth_weight` in
    grams, or 0; `mother` the serial of the mother's stay, or -1: newborns alone have them.
    `root_arrived` is the minute at which the chain's first stay arrived.
    """

    serial: Integers
    root: Integers
    root_row: Integers
    parent: Integers
    generation: Integers
    pool: Integers
    diagnosis: Integers
    route: Integers
    sex: Integers
    age_band: Integers
    arrived: Integers
    decided: Integers
    ready: Integers
    direct: Flags
    gestation: Integers
    birth_weight: Integers
    mother: Integers
    root_arrived: Integers

    def __len__(self) -> int:
        return len(self.serial)

    def select(self, rows: Integers | Flags | slice) -> Self:
        """Return the stays of these rows, in the order given; other rows' references stay."""
        return type(self)(**{name: column[..., rows] for name, column in self._columns().items()})

    @classmethod
    def concatenate(cls, parts: Sequence[Self]) -> Self:
        """Return the stays of all parts, one part after another."""
        columns = [part._columns() for part in parts]
        return cls(
            **{name: np.concatenate([each[name] for each in columns], -1) for name in columns[0]}
        )

    def _columns(self) -> dict[str, NDArray[Any]]:
        return {field.name: getattr(self, field.name) for field in fields(self)}
