"""What every part of the parameters is checked with."""

import re
from collections.abc import Sequence
from math import inf
from typing import Any, ClassVar

_ICD10 = re.compile(r"[A-Z][0-9]{2}(\.[0-9]{1,2})?")


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


def require_icd10(code: str) -> None:
    """Refuse what has not the form of an ICD-10 code, such as S72.0."""
    require(_ICD10.fullmatch(code) is not None, f"code {code!r} must look like A00 or A00.0")


def require_weights(name: str, weights: Sequence[float], length: int) -> None:
    """Refuse weights of another number, negative or endless ones, and none above zero."""
    require(len(weights) == length, f"{name} must have {length} numbers, not {len(weights)}")
    require(
        min(weights) >= 0 and 0 < sum(weights) < inf,
        f"{name} must be weights, at least one above zero",
    )
