"""Groups within arrays: numbering their members, and finding the first of each."""

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance.draws import Integers


def numbered(counts: Integers) -> tuple[Integers, Integers]:
    """Return for each member of groups of these sizes its group, and its number within it."""
    group = np.repeat(np.arange(len(counts)), counts)
    return group, np.arange(len(group)) - np.repeat(np.cumsum(counts) - counts, counts)


def place_in_run(keys: Integers) -> Integers:
    """Return the place of each element among its equals, of keys that rise."""
    return np.arange(len(keys)) - np.searchsorted(keys, keys)


def is_first(keys: Integers) -> NDArray[np.bool_]:
    """Return which elements are the first of their key, in the order of the array."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    first = np.ones(len(keys), np.bool_)
    first[order[1:]] = ordered[1:] != ordered[:-1]
    return first


def contains(sorted_keys: Integers, keys: Integers) -> NDArray[np.bool_]:
    """Return which keys are among the sorted ones: by search, since numpy's `isin` is slower."""
    if not len(sorted_keys):
        return np.zeros(len(keys), np.bool_)
    place = np.minimum(np.searchsorted(sorted_keys, keys), len(sorted_keys) - 1)
    return sorted_keys[place] == keys
