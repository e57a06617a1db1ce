"""What a line of the scorecard should say, and where that comes from."""

from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any, ClassVar, Literal

Source = Literal["published", "derived", "from memory", "ours"]


@dataclass(frozen=True)
class Target:
    """A figure's name, what it is, the range in which it should lie, and the range's source.

    Either end may be left open. `published` is a source's own figure, `derived` is computed from
    one; both are cited. `from memory` is not verified, `ours` is a choice of this project.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "strict": True}

    name: str
    title: str
    source: Source
    low: float | None = None
    high: float | None = None
    unit: str = ""
    citation: str = ""

    def __post_init__(self) -> None:
        """Refuse a range that is none, and a source that nobody can look up."""
        if self.low is None and self.high is None:
            raise ValueError(f"{self.name} must have low, high or both")
        if not all(isfinite(end) for end in (self.low, self.high) if end is not None):
            raise ValueError(f"{self.name}: low and high must be finite")
        if self.low is not None and self.high is not None and self.high < self.low:
            raise ValueError(f"{self.name}: high must not lie below low")
        if self.source in ("published", "derived") and not self.citation:
            raise ValueError(f"{self.name} is {self.source}: citation must name the source")

    @property
    def range(self) -> str:
        """The range in words."""
        if self.low == self.high:
            return f"{self.low:g}"
        if self.low is None:
            return f"at most {self.high:g}"
        if self.high is None:
            return f"at least {self.low:g}"
        return f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True)
class Targets:
    """All targets by theme, and the public holidays by which days are told apart."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "strict": True}

    public_holidays: tuple[date, ...]
    targets: dict[str, tuple[Target, ...]]

    def __post_init__(self) -> None:
        """Refuse two targets of one name."""
        names = [one.name for theme in self.targets.values() for one in theme]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"targets must have different names, {twice[0]} stands there twice")
