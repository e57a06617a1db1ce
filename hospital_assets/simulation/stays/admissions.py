"""Admissions: every stay of the period with its patient, and the transfers among their ends."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.parameters import Parameters
from hospital_assets.simulation.people.population import Population
from hospital_assets.simulation.stays import inpatients, readmissions, stay_chains, transfer_slots
from hospital_assets.simulation.stays.stay_chains import Stays

_OF_STAYS = [field.name for field in fields(Stays)]


@dataclass(frozen=True)
class Admissions:
    """All stays, and of each its patient and the slot in which a transfer ends it, or 0."""

    stays: Stays
    patient: Integers
    transfer_slot: Integers

    def columns(self) -> dict[str, NDArray[np.generic]]:
        """Return everything as arrays by name, all as long as the stays."""
        own = {"patient": self.patient, "transfer_slot": self.transfer_slot}
        return {name: getattr(self.stays, name) for name in _OF_STAYS} | own

    @classmethod
    def of(cls, columns: Mapping[str, NDArray[np.generic]]) -> Self:
        """Return the admissions that `columns` was called on; raises KeyError if one is missing."""
        made = Stays(**{name: columns[name] for name in _OF_STAYS})  # type: ignore[arg-type]
        return cls(made, columns["patient"], columns["transfer_slot"])  # type: ignore[arg-type]


def simulate(seed: int, parameters: Parameters) -> Admissions:
    """Return the admissions of the whole period: the longest part of what spans days."""
    made, slots = transfer_slots.choose(seed, parameters, stay_chains.simulate(seed, parameters))
    root = readmissions.roots(readmissions.match(seed, parameters, made, slots > 0))
    people = Population(seed, parameters)
    return Admissions(made, inpatients.assign(seed, parameters, people, made, root), slots)
