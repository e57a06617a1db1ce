"""What a law is."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from hospital_assets.simulation.frames import Frames
from hospital_assets.simulation.parameters import Parameters


@dataclass(frozen=True)
class Law:
    """A law on a record: what it says, which records it reads, and how to find what breaks it.

    `violations` returns the offending rows of the days it is given, none when the law holds. A law
    between days (rest, hours, beds) looks back: it wants the `days_before` as well, where they
    exist.
    """

    name: str
    description: str
    reads: tuple[str, ...]
    violations: Callable[[Frames, Parameters], pl.DataFrame]
    days_before: int = 0
