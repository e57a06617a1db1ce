"""Keyed bijections of cells: both ends agree, whatever the size, and no cell depends on another."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital_assets.simulation.chance.draws import DrawStream
from hospital_assets.simulation.chance.permutations import (
    PRIME_STRIDES,
    CellScrambles,
    CellStrides,
)

SIZES = np.array([1, 2, 3, 4, 5, 7, 8, 9, 16, 100, 255, 256, 257, 1000, 46_311])
SEEDS = st.integers(min_value=0, max_value=2**63 - 1)


def made(kind: str, seed: int, sizes: np.ndarray) -> CellScrambles | CellStrides:
    stream, keys = DrawStream(seed, "test"), np.arange(len(sizes)) * 7 - 30
    if kind == "scrambles":
        return CellScrambles(stream, sizes, keys)
    return CellStrides(stream, sizes, keys, PRIME_STRIDES[0])


def everybody(sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    cells = np.repeat(np.arange(len(sizes)), sizes)
    return np.concatenate([np.arange(size) for size in sizes]), cells


@pytest.mark.parametrize("kind", ["scrambles", "strides"])
@given(seed=SEEDS)
def test_every_value_of_a_cell_is_reached_once_and_leads_back(kind: str, seed: int) -> None:
    sizes = SIZES[:-1]
    mapping = made(kind, seed, sizes)
    values, cells = everybody(sizes)
    there = mapping.forward(values, cells)
    assert np.array_equal(np.sort(there + cells * 10**6), values + cells * 10**6)
    assert np.array_equal(mapping.backward(there, cells), values)


@pytest.mark.parametrize("kind", ["scrambles", "strides"])
def test_more_cells_change_no_other(kind: str) -> None:
    values = np.arange(1000)
    cell = np.full(1000, 13)
    few, many = made(kind, 5, SIZES[:14]), made(kind, 5, SIZES)
    assert np.array_equal(few.forward(values, cell), many.forward(values, cell))


def test_a_scramble_leaves_no_order() -> None:
    size = int(SIZES[-1])
    there = made("scrambles", 1, SIZES).forward(np.arange(size), np.full(size, len(SIZES) - 1))
    steps = np.diff(there)
    assert len(np.unique(steps)) > size // 3
    assert abs(np.corrcoef(np.arange(size), there)[0, 1]) < 0.02


@pytest.mark.parametrize("value", [-1, 1000])
def test_a_value_beyond_its_cell_is_refused(value: int) -> None:
    scrambles = made("scrambles", 1, SIZES)
    with pytest.raises(ValueError, match="beyond"):
        scrambles.forward(np.array([value]), np.array([13]))
