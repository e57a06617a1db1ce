"""Counter-based random draws: each is a hash of (seed, stream, entity, counter), never a sequence.

Draws are integers all the way to the record, so that no rounding of a processor's own
transcendental functions can reach one.
"""

import hashlib
from math import gcd

import numpy as np
from numpy.typing import ArrayLike, NDArray

Bits = NDArray[np.uint64]
Integers = NDArray[np.int64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


def _mix(values: Bits) -> Bits:
    """Scramble 64-bit words: the finaliser of splitmix64 (Steele, Lea, Flood 2014)."""
    mixed = values ^ (values >> np.uint64(30))
    mixed *= _FIRST
    mixed ^= mixed >> np.uint64(27)
    mixed *= _SECOND
    mixed ^= mixed >> np.uint64(31)
    return mixed


class DrawStream:
    """One named stream of draws under a seed; streams of different names are unrelated."""

    def __init__(self, seed: int, name: str) -> None:
        digest = hashlib.sha256(f"{seed}/{name}".encode()).digest()
        self._key = np.uint64(int.from_bytes(digest[:8], "little"))

    def bits(self, entity: ArrayLike, counter: ArrayLike = 0) -> Bits:
        """Return 64 random bits for each (entity, counter), broadcast against each other."""
        counters = np.atleast_1d(np.asarray(counter, dtype=np.int64)).astype(np.uint64)
        return _mix(self._scrambled(entity) + (counters + np.uint64(1)) * _GOLDEN)

    def series(self, entity: ArrayLike, count: int) -> list[Bits]:
        """Return what `bits` gives for the counters 0 to count - 1, one array each."""
        scrambled = self._scrambled(entity)
        counters = np.arange(1, count + 1, dtype=np.uint64) * _GOLDEN
        return [_mix(scrambled + counter) for counter in counters]

    def word(self, entity: int = 0, counter: int = 0) -> int:
        """Return the draw of a single (entity, counter) as a Python integer."""
        return int(self.bits(entity, counter)[0])

    def _scrambled(self, entity: ArrayLike) -> Bits:
        entities = np.atleast_1d(np.asarray(entity, dtype=np.int64)).astype(np.uint64)
        return _mix(entities * _GOLDEN + self._key)


def halves(bits: Bits) -> tuple[Bits, Bits]:
    """Return two draws in place of one, for uses that take 32 bits: `below` and `choose`."""
    return bits, bits << np.uint64(32)


def below(bits: Bits, limit: ArrayLike) -> Integers:
    """Return integers in [0, limit), even to within limit / 2**32; limit is under 2**31."""
    limits = np.asarray(limit, dtype=np.int64).astype(np.uint64)
    return (((bits >> np.uint64(32)) * limits) >> np.uint64(32)).astype(np.int64)


def chance(bits: Bits, probability: ArrayLike) -> NDArray[np.bool_]:
    """Return True with the given probability, exact to 2**-53."""
    limit = (np.asarray(probability, dtype=np.float64) * 2.0**53).astype(np.uint64)
    return (bits >> np.uint64(11)) < limit


def thresholds(weights: ArrayLike) -> Bits:
    """Return the upper bounds in [0, 2**32] that `choose` compares with, from relative weights."""
    shares = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.floor(shares / shares[-1] * 2.0**32).astype(np.uint64)


def choose(bits: Bits, bounds: Bits) -> Integers:
    """Return an index per draw, distributed by the weights behind `bounds`."""
    return np.searchsorted(bounds, bits >> np.uint64(32), side="right").astype(np.int64)


def choose_by_row(bits: Bits, bounds: Bits) -> Integers:
    """Return an index per draw, of which each has bounds of its own: [draw, bound]."""
    return ((bits >> np.uint64(32))[:, None] >= bounds).sum(axis=1)


def balanced(stream: DrawStream, entity: ArrayLike, turn: int, block: int = 16) -> Bits:
    """Return the draws of the turn-th block of each entity's numbers, shaped [number, entity].

    Each draw alone is uniform; together the draws of a block fill every 1/block of the range once,
    so they scatter less than independent ones, and means over a year lie close to the parameter
    even where events are few. `block` is a power of two.
    """
    within = np.arange(block, dtype=np.int64)[:, None]
    key = stream.bits(entity, -1 - turn * block)
    step = (key & np.uint64(block - 2)) + np.uint64(1)
    shift = (key >> np.uint64(8)) & np.uint64(block - 1)
    stratum = (within.astype(np.uint64) * step + shift) & np.uint64(block - 1)
    width = block.bit_length() - 1
    jitter = stream.bits(entity, turn * block + within) >> np.uint64(width)
    return (stratum << np.uint64(64 - width)) | jitter


class Permutation:
    """A keyed bijection of [0, size): steps through it by a stride coprime to the size."""

    def __init__(self, stream: DrawStream, size: int) -> None:
        self.size = size
        stride = stream.word(size, 0) % size if size > 1 else 1
        while gcd(stride, size) != 1:
            stride = (stride + 1) % size
        self._stride = stride
        self._shift = stream.word(size, 1) % size
        self._inverse = pow(stride, -1, size) if size > 1 else 0

    def forward(self, index: ArrayLike) -> Integers:
        """Return where each index goes."""
        return (np.asarray(index, np.int64) * self._stride + self._shift) % self.size

    def backward(self, value: ArrayLike) -> Integers:
        """Return the index that goes to each value."""
        return (np.asarray(value, np.int64) - self._shift) % self.size * self._inverse % self.size


class Cipher:
    """A keyed bijection of [0, 2**width) that leaves no visible order: ids from serial numbers."""

    def __init__(self, stream: DrawStream, width: int) -> None:
        self._width = width
        self._mask = np.uint64((1 << width) - 1)
        self._keys = [np.uint64(stream.word(0, round_) | 1) for round_ in range(4)]

    def forward(self, serial: ArrayLike) -> Integers:
        """Return the id of each serial number: odd multiplications and shifts, all invertible."""
        value = np.asarray(serial, np.int64).astype(np.uint64)
        for key in self._keys:
            value = (value * key + (key >> np.uint64(17))) & self._mask
            value ^= value >> np.uint64(self._width // 2)
        return value.astype(np.int64)

    def backward(self, ids: ArrayLike) -> Integers:
        """Return the serial number of each id."""
        value = np.asarray(ids, np.int64).astype(np.uint64)
        half = self._width // 2
        for key in reversed(self._keys):
            for shift in (half, 2 * half):
                value ^= value >> np.uint64(shift)
            inverse = np.uint64(pow(int(key), -1, 1 << 64))
            value = ((value - (key >> np.uint64(17))) * inverse) & self._mask
        return value.astype(np.int64)
