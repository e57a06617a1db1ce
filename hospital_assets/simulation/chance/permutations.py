"""Keyed bijections of many cells at once, each of the numbers below its own size.

Both can be asked from either end: `backward` undoes `forward`. A cell's key is what the cell is (a
birth year, a sex), never its place in a list, so that more cells change no other's bijection.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from hospital_assets.simulation.chance.draws import Bits, DrawStream, Integers

# Primes above the size of every cell: a stride of each has an inverse under any size.
PRIME_STRIDES = (9_999_991, 9_999_973, 9_999_971, 9_999_943)
_ROUNDS = 3
_Step = Callable[[Bits, Bits, Bits, list[Bits]], Bits]


class CellScrambles:
    """Bijections that leave no visible order: odd multiplications and shifts within 2**width.

    The width is the least that holds the cell's size; what falls beyond the size goes on until it
    falls within, at most through the whole cycle and twice on average.
    """

    def __init__(self, stream: DrawStream, sizes: Integers, keys: Integers) -> None:
        self._sizes = np.asarray(sizes, np.int64)
        width = np.maximum(np.frexp(np.maximum(self._sizes, 2) - 1.0)[1].astype(np.int64), 2)
        self._masks = ((1 << width) - 1).astype(np.uint64)
        self._shifts = ((width + 1) // 2).astype(np.uint64)
        multipliers = [stream.word(10**6, number) | 5 for number in range(_ROUNDS)]
        self._multipliers = [np.uint64(multiplier) for multiplier in multipliers]
        self._inverses = [np.uint64(pow(multiplier, -1, 2**64)) for multiplier in multipliers]
        self._additions = [stream.bits(keys, number) for number in range(_ROUNDS)]

    def forward(self, values: Integers, cells: Integers) -> Integers:
        """Return where each value, below the size of its cell, goes."""
        return self._walk(values, cells, self._scramble)

    def backward(self, values: Integers, cells: Integers) -> Integers:
        """Return the value that goes to each one."""
        return self._walk(values, cells, self._unscramble)

    def _walk(self, values: Integers, cells: Integers, step: _Step) -> Integers:
        sizes = self._sizes[cells]
        if bool(((values < 0) | (values >= sizes)).any()):
            raise ValueError("a value lies beyond the size of its cell")
        limits = sizes.astype(np.uint64)
        masks, shifts = self._masks[cells], self._shifts[cells]
        additions = [addition[cells] for addition in self._additions]
        result = step(values.astype(np.uint64), masks, shifts, additions)
        beyond = np.flatnonzero(result >= limits)
        while len(beyond):
            again = step(
                result[beyond],
                masks[beyond],
                shifts[beyond],
                [addition[beyond] for addition in additions],
            )
            result[beyond] = again
            beyond = beyond[again >= limits[beyond]]
        return result.astype(np.int64)

    def _scramble(self, values: Bits, masks: Bits, shifts: Bits, additions: list[Bits]) -> Bits:
        for multiplier, addition in zip(self._multipliers, additions, strict=True):
            values = (values * multiplier + addition) & masks
            values = values ^ (values >> shifts)
        return values

    def _unscramble(self, values: Bits, masks: Bits, shifts: Bits, additions: list[Bits]) -> Bits:
        rounds = zip(reversed(self._inverses), reversed(additions), strict=True)
        for inverse, addition in rounds:
            values = values ^ (values >> shifts)
            values = ((values - addition) * inverse) & masks
        return values


class CellStrides:
    """Bijections that step through a cell by a prime stride from a shift of the cell's own."""

    def __init__(self, stream: DrawStream, sizes: ArrayLike, keys: Integers, prime: int) -> None:
        self._sizes = np.maximum(np.asarray(sizes, np.int64), 1)
        self._strides = prime % self._sizes
        self._shifts = (stream.bits(keys) % self._sizes.astype(np.uint64)).astype(np.int64)
        self._inverses = np.array(
            [pow(prime, -1, size) if size > 1 else 0 for size in self._sizes.tolist()]
        )

    def forward(self, values: Integers, cells: Integers) -> Integers:
        """Return where each value, below the size of its cell, goes."""
        return (values * self._strides[cells] + self._shifts[cells]) % self._sizes[cells]

    def backward(self, values: Integers, cells: Integers) -> Integers:
        """Return the value that goes to each one."""
        sizes = self._sizes[cells]
        return (values - self._shifts[cells]) % sizes * self._inverses[cells] % sizes
