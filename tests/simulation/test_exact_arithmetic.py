"""No processor's own rounding reaches a record: what the simulation may do with floats.

IEEE 754 fixes +, -, *, / and the square root. Other functions come from `chance/exact.py`; sums and
means of floats, whose order depends on the machine, are replaced by sums of integers or `cumsum`.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from hospital_assets.configuration.settings import ROOT

SIMULATION = ROOT / "hospital_assets" / "simulation"
# The model before this rule.
BEFORE = {"stays/stay_chains.py", "visits/attendances.py"}
FILES = sorted(
    file
    for file in SIMULATION.rglob("*.py")
    if file.relative_to(SIMULATION).as_posix() not in BEFORE | {"chance/exact.py"}
)
OF_NUMPY = {
    "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "power", "float_power", "cbrt", "cos",
    "sin", "tan", "arccos", "arcsin", "arctan", "arctan2", "cosh", "sinh", "tanh", "hypot",
    "interp", "mean", "average", "nanmean", "std", "var", "median", "percentile", "dot", "vdot",
    "inner", "matmul", "einsum", "convolve", "correlate", "polyval", "trapezoid", "linalg", "fft",
}  # fmt: skip
OF_ARRAYS = {"mean", "std", "var", "dot"}
OF_MATH = {"exp", "log", "log2", "log10", "log1p", "pow", "cos", "sin", "tan", "erf", "gamma"}


def inexact(tree: ast.AST) -> Iterator[str]:
    """Yield what a module does whose result depends on the processor."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="np"), attr=name) if name in OF_NUMPY:
                yield f"line {node.lineno}: np.{name}"
            case ast.Attribute(value=ast.Name(id="math"), attr=name) if name in OF_MATH:
                yield f"line {node.lineno}: math.{name}"
            case ast.ImportFrom(module="statistics"):
                yield f"line {node.lineno}: statistics"
            case ast.ImportFrom(module="math", names=names):
                found = OF_MATH & {name.name for name in names}
                yield from (f"line {node.lineno}: math.{name}" for name in found)
            case ast.Call(func=ast.Attribute(attr=name)) if name in OF_ARRAYS:
                yield f"line {node.lineno}: .{name}()"
            case ast.Call(func=ast.Attribute(attr="bincount")) if is_weighted(node):
                yield f"line {node.lineno}: bincount with weights"
            case ast.BinOp(op=ast.MatMult()):
                yield f"line {node.lineno}: @"
            case ast.BinOp(op=ast.Pow(), right=ast.Constant(value=float())):
                yield f"line {node.lineno}: ** with a fraction"


def is_weighted(call: ast.Call) -> bool:
    return len(call.args) > 1 or any(word.arg == "weights" for word in call.keywords)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(SIMULATION).as_posix())
def test_the_simulation_keeps_to_exact_arithmetic(file: Path) -> None:
    assert not list(inexact(ast.parse(file.read_text(encoding="utf-8"))))


@pytest.mark.parametrize(
    "line",
    [
        "np.exp(x)",
        "from math import log",
        "from statistics import NormalDist",
        "x.mean()",
        "np.bincount(a, weights=w)",
        "a @ b",
        "a ** 0.5",
    ],
)
def test_inexact_arithmetic_is_seen(line: str) -> None:
    assert list(inexact(ast.parse(line)))
