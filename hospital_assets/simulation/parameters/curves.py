"""Curves in config files: points [x, y], straight between them and flat beyond their ends."""

from math import isfinite

from hospital_assets.simulation.parameters.checks import require

Curve = tuple[tuple[float, float], ...]


def require_curve(name: str, curve: Curve, low: float = 0.0, high: float = 1.0) -> None:
    """Refuse a curve of fewer than two points, whose x don't rise or whose y lie out of bounds."""
    knots = [x for x, _ in curve]
    require(len(curve) >= 2, f"{name} must have two points at least")
    require(
        all(map(isfinite, knots)) and knots == sorted(set(knots)),
        f"{name} must be points [x, y] with rising x",
    )
    require(
        all(low <= y <= high for _, y in curve),
        f"{name} must be points [x, y] with y between {low:g} and {high:g}",
    )
