"""Which diagnosis an encounter has: drawn among those of its department, age, sex and month."""

import numpy as np

from hospital_assets.simulation.chance.draws import Bits, Integers
from hospital_assets.simulation.parameters import Parameters
from hospital_assets.simulation.people.population import SEX_NAMES

_SCALE = 1 << 32


class Diagnoses:
    """The diagnoses' weights by department, age, sex and month, as one table of thresholds."""

    def __init__(self, parameters: Parameters) -> None:
        every = parameters.diagnoses
        borders = {one.min_age for one in every} | {one.max_age + 1 for one in every}
        self._ages = np.array(sorted(borders | {0}))
        months = np.arange(12)
        departments = [department.name for department in parameters.departments]
        factors = {
            season.name: np.where(np.isin(months + 1, season.months), season.factor, 1.0)
            for season in parameters.seasons
        }
        weights = np.zeros((len(departments), len(self._ages), len(SEX_NAMES), 12, len(every)))
        for number, one in enumerate(every):
            where = np.array([name in one.departments for name in departments])
            old = (self._ages >= one.min_age) & (self._ages <= one.max_age)
            sexes = np.array([one.sex in (None, name) for name in SEX_NAMES])
            season = factors[one.season] if one.season else np.ones(12)
            weights[..., number] = (
                np.where(where, one.weight, 0.0)[:, None, None, None]
                * old[None, :, None, None]
                * sexes[None, None, :, None]
                * season[None, None, None, :]
            )
        self._shape = weights.shape[:-1]
        rows = weights.reshape(-1, len(every))
        totals = rows.sum(axis=1, keepdims=True)
        shares = np.cumsum(rows, axis=1) / np.where(totals > 0, totals, 1.0)
        bounds = np.floor(shares * _SCALE).astype(np.uint64)
        # One rising sequence: row r's thresholds lie in (r, r + 1] * 2**32.
        offsets = np.arange(len(rows), dtype=np.uint64)[:, None] * np.uint64(_SCALE)
        self._bounds = (bounds + offsets).reshape(-1)
        self._count = len(every)

    def choose(
        self, bits: Bits, department: Integers, age: Integers, sex: Integers, month: Integers
    ) -> Integers:
        """Return the index of a fitting diagnosis for each encounter (month 0 is January)."""
        row = self._row(department, age, sex, month)
        draw = (bits >> np.uint64(32)) + row.astype(np.uint64) * np.uint64(_SCALE)
        position: Integers = np.searchsorted(self._bounds, draw, "right") - row * self._count
        return position

    def _row(self, department: Integers, age: Integers, sex: Integers, month: Integers) -> Integers:
        band = np.searchsorted(self._ages, age, "right") - 1
        return np.ravel_multi_index((department, band, sex, month), self._shape)
