"""Data versions: whether what was made again is the same."""

import hashlib
from collections.abc import Iterable

import dagster as dg


def version_of(digests: Iterable[str]) -> dg.DataVersion:
    """Return the version of what a run has made, given the SHA-256 of each day in order.

    Of one day it is that day's. Of several, Dagster's own storage gives all of them the same one;
    ours (`history/day_versions.py`) gives each its own.
    """
    given = list(digests)
    return dg.DataVersion(given[0] if len(given) == 1 else sha256("\n".join(given).encode()))


def sha256(content: bytes) -> str:
    """Return the SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
