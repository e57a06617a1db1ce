"""Measuring: sides in turn, so that a machine whose speed drifts treats them alike."""

import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results")


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


def median_and_spread(values: list[float]) -> str:
    """Return a figure as median with minimum and maximum behind it."""
    return f"{statistics.median(values):.4g} ({min(values):.4g} to {max(values):.4g})"


def keep(name: str, content: dict[str, Any]) -> None:
    """Store raw samples beside the machine that they were measured on."""
    machine = {
        "cores": os.cpu_count(),
        "processor": platform.processor() or platform.machine(),
        "python": platform.python_version(),
        "load_at_end": os.getloadavg()[0],
    }
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps({"machine": machine, **content}, indent=1) + "\n")
