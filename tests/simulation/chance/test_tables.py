"""The integer tables that draws are looked up in: the same numbers on every processor."""

import hashlib

import numpy as np

from hospital_assets.simulation.chance import distributions, exact
from hospital_assets.simulation.chance.counts import poisson
from hospital_assets.simulation.chance.draws import DrawStream

HOURS = (0.5, 0.1, 0.0, 0.2, 1.0, 3.0, 9.0, 8.5, 7.0, 6.5, 6.0, 5.0) * 2


def test_every_table_is_pinned() -> None:
    """Whoever changes a table changes the hospital: this hash changes with it."""
    means = np.linspace(0.001, 500, 4_001)
    digest = hashlib.sha256()
    for table in (
        distributions.normal(3.5, 1 << 16),
        distributions.lognormal(-0.4, 0.95, 1 << 16),
        distributions.lognormal_of(4.5, 7.25, 1440),
        distributions.exponential(21_600.0),
        distributions.hourly(HOURS),
        poisson(DrawStream(1, "counts").bits(np.arange(len(means))), means),
    ):
        assert table.dtype == np.int64
        digest.update(table.astype("<i8").tobytes())
    assert digest.hexdigest() == "799fdec4780b80b60d4e649de52c01b5445a81146ab12fec764adf0aef94d9e8"


def test_powers_and_curves_are_pinned() -> None:
    grid = np.linspace(0.01, 40, 10_001)
    digest = hashlib.sha256()
    for values in (
        exact.power(grid, -1.07),
        exact.power(grid, 0.5),
        exact.curve([(0.0, 1.0), (3.0, 0.1), (17.0, 0.3), (39.0, 2.0)], grid),
    ):
        digest.update(values.astype("<f8").tobytes())
    assert digest.hexdigest() == "a9bfd8eddd8af7740ae226a5415c27d82f201f5b5f138cc6ed98269d3030eefa"
