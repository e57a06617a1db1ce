"""The words that people are given: pools of names, and streets. `tools/words.py` makes them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NamePool:
    """Names of one kind: ranked ones, and others that share `others_share` alike.

    The r-th ranked name weighs (r + offset) ** -exponent.
    """

    ranked: tuple[str, ...]
    others: tuple[str, ...]
    exponent: float
    offset: float
    others_share: float


@dataclass(frozen=True)
class FirstNames:
    """A tradition's first names by sex: a pool a generation, the last one also of all younger."""

    female: tuple[NamePool, ...]
    male: tuple[NamePool, ...]


@dataclass(frozen=True)
class Words:
    """All words: first names and surnames by key of a tradition, and streets."""

    first_names: dict[str, FirstNames]
    surnames: dict[str, NamePool]
    streets: tuple[str, ...]
