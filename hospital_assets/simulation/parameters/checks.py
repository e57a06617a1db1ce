"""What every part of the parameters is checked with."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, ClassVar


class Strict:
    """Base of all parameters: pydantic refuses keys that are not fields, and loose types."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "strict": True}


def require(condition: bool, expectation: str) -> None:
    """Raise ValueError with the expectation unless the condition holds."""
    if not condition:
        raise ValueError(expectation)


def require_share(name: str, value: float) -> None:
    """Refuse what is no share."""
    require(0 <= value <= 1, f"{name} must be between 0 and 1, not {value}")


def require_weights(name: str, weights: Sequence[float], length: int) -> None:
    """Refuse weights of another number, negative ones, and none above zero."""
    require(len(weights) == length, f"{name} must have {length} numbers, not {len(weights)}")
    require(
        min(weights) >= 0 and sum(weights) > 0, f"{name} must be weights, at least one above zero"
    )


def require_curve(name: str, points: Sequence[tuple[float, float]]) -> None:
    """Refuse a line through fewer than two points, and points whose first numbers don't rise."""
    require(len(points) >= 2, f"{name} must have two points at least, not {len(points)}")
    firsts = [first for first, _ in points]
    require(
        all(low < high for low, high in pairwise(firsts)),
        f"{name} must be points [x, y] whose x rises, not {firsts}",
    )
