"""Measuring: two sides in turn, so that a machine whose speed drifts treats them alike."""

import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import psutil

from hospital_assets.configuration.hospital_files import fingerprint, load_hospital

RESULTS = Path(__file__).with_name("results")
_CPU_INFO = Path("/proc/cpuinfo")
_LOAD_AT_START = os.getloadavg()[0]


@dataclass(frozen=True)
class Side:
    """What one side does, and a sample a run."""

    what: str
    samples: list[float]
    unit: str = "s"


@dataclass(frozen=True)
class Goal:
    """What a figure should be; its median counts."""

    sign: Literal[">=", "<="]
    limit: float
    unit: str = "x"

    def is_met(self, figures: Sequence[float]) -> bool:
        """Return whether the figures meet it."""
        median = statistics.median(figures)
        return median >= self.limit if self.sign == ">=" else median <= self.limit

    def __str__(self) -> str:
        return f"{self.sign} {self.limit:,g} {self.unit}"


@dataclass(frozen=True)
class Comparison:
    """A row of the table: both sides, a figure of each pair of runs, and its goal.

    Without another side the figures are our own samples.
    """

    row: str
    ours: Side
    theirs: Side | None
    figures: list[float]
    goal: Goal

    def __str__(self) -> str:
        lines = [
            self.row,
            *(
                f"  {name:<7} {side.what}: {median_and_spread(side.samples)} {side.unit}"
                for name, side in (("ours", self.ours), ("theirs", self.theirs))
                if side is not None
            ),
            f"  figure  {median_and_spread(self.figures)} {self.goal.unit}, goal {self.goal}:"
            f" {'met' if self.goal.is_met(self.figures) else 'not met'}",
        ]
        return "\n".join(lines)


def seconds(work: Callable[[], object]) -> float:
    """Return the wall-clock seconds that a call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def in_turn(sides: dict[str, Callable[[], object]], runs: int) -> dict[str, list[float]]:
    """Return the seconds of each side, run after run, after one round that does not count."""
    samples: dict[str, list[float]] = {name: [] for name in sides}
    for run in range(runs + 1):
        for name, work in sides.items():
            taken = seconds(work)
            if run:
                samples[name].append(taken)
    return samples


def ratios(above: Sequence[float], below: Sequence[float]) -> list[float]:
    """Return the ratio of each pair of runs."""
    return [a / b for a, b in zip(above, below, strict=True)]


def differences(of: Sequence[float], than: Sequence[float]) -> list[float]:
    """Return by how much the first of each pair of runs is more than the second."""
    return [a - b for a, b in zip(of, than, strict=True)]


def median_and_spread(values: Sequence[float]) -> str:
    """Return a figure as median with minimum and maximum behind it."""
    return f"{statistics.median(values):.4g} ({min(values):.4g} to {max(values):.4g})"


def same(what: str, ours: object, theirs: object) -> None:
    """End with an error unless both sides have come to the same."""
    if ours != theirs:
        raise SystemExit(f"not the same work: {what}: ours {ours!r:.200}, theirs {theirs!r:.200}")


def keep(name: str, comparisons: Sequence[Comparison], **raw: Any) -> None:
    """Print comparisons, and store them beside further raw samples, machine and hospital."""
    for one in comparisons:
        print(one)
    content = {
        "machine": machine(),
        "hospital": fingerprint(load_hospital()),
        "comparisons": [asdict(one) for one in comparisons],
        **raw,
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def machine() -> dict[str, Any]:
    """Return what the measurements ran on; a load above what they make says it wasn't quiet."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "processor": _processor(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "system": platform.system(),
        "python": platform.python_version(),
        "load_at_start": round(_LOAD_AT_START, 2),
        "load_at_end": round(os.getloadavg()[0], 2),
    }


def _processor() -> str:
    if _CPU_INFO.exists():
        for line in _CPU_INFO.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
