"""The words that records are made of: given and family names, streets and places."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Community:
    """Names that go together, and the share of people who bear such names."""

    name: str
    share: float
    female: tuple[str, ...]
    male: tuple[str, ...]
    last: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """A suburb with its city, postal code and weight among the addresses."""

    suburb: str
    city: str
    postal_code: str
    weight: float


@dataclass(frozen=True)
class Vocabulary:
    """Everything that is drawn for a person besides numbers and dates."""

    communities: tuple[Community, ...]
    streets: tuple[str, ...]
    places: tuple[Place, ...]
