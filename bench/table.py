"""The page of results: `python -m bench.table` writes docs/benchmarks.md from bench/results."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bench.measure import RESULTS, Comparison, Goal, Side, median_and_spread
from hospital_assets.configuration.hospital_files import fingerprint, load_hospital
from hospital_assets.configuration.settings import ROOT

TARGET = ROOT / "docs" / "benchmarks.md"
BENCHES = ("days", "people", "load", "latency", "replace", "whole", "floor", "stream", "growth")

_HEAD = """# Benchmarks

Written by `make bench` from the samples in `bench/results/`. A cell is a median with the least and
the greatest behind it; a figure is that of each pair of runs, which follow each other in turn. The
median decides whether a goal is met. Each bench fails unless both sides have done the same work: it
compares how much they have made and, but for Faker's people and an empty asset, its hashes.

The machine has two cores and is shared with others. The load before a bench says how many processes
wanted a core when it began: with more than two, seconds are longer than on a quiet machine, by as
much as others took. Ratios of two sides that ran in turn suffer less.
"""
_EARLIER = """
## Of an earlier hospital

Measured with other parameters than those of `configs/` now, and not yet again.
"""
_COLUMNS = """
| row | ours | theirs | figure | goal | met | machine |
|---|---|---|---|---|---|---|
"""


def page(results: Mapping[str, Mapping[str, Any]], hospital: str) -> str:
    """Return the page as Markdown, given the hospital's fingerprint.

    What has no results is named below the table.
    """
    found = [name for name in BENCHES if results.get(name, {}).get("comparisons")]
    now = [name for name in found if results[name].get("hospital") == hospital]
    earlier = [name for name in found if name not in now]
    text = _HEAD + _table(results, now)
    if earlier:
        text += _EARLIER + _table(results, earlier)
    if missing := [name for name in BENCHES if name not in found]:
        text += f"\nWithout results so far: {', '.join(missing)}.\n"
    return text


def _table(results: Mapping[str, Mapping[str, Any]], names: Sequence[str]) -> str:
    """Return the rows of some benches, nothing for none."""
    rows = [
        _row(comparison, results[name]["machine"])
        for name in names
        for comparison in results[name]["comparisons"]
    ]
    return _COLUMNS + "".join(f"| {' | '.join(row)} |\n" for row in rows) if rows else ""


def _row(kept: Mapping[str, Any], machine: Mapping[str, Any]) -> list[str]:
    one = Comparison(
        kept["row"],
        Side(**kept["ours"]),
        None if kept["theirs"] is None else Side(**kept["theirs"]),
        kept["figures"],
        Goal(**kept["goal"]),
    )
    cells = [
        one.row,
        _side(one.ours),
        "" if one.theirs is None else _side(one.theirs),
        f"{median_and_spread(one.figures)} {one.goal.unit}",
        str(one.goal),
        "yes" if one.goal.is_met(one.figures) else "no",
        f"{machine['cores']} cores of {machine['processor']}, {machine['memory_gib']} GiB,"
        f" {machine['system']}, Python {machine['python']},"
        f" load {machine['load_at_start']} before, {machine['load_at_end']} after",
    ]
    return [cell.replace("|", "\\|") for cell in cells]


def _side(side: Side) -> str:
    return f"{side.what}: {median_and_spread(side.samples)} {side.unit}"


def main() -> None:
    """Write the page."""
    results = {
        file.stem: json.loads(file.read_text(encoding="utf-8")) for file in RESULTS.glob("*.json")
    }
    text = page(results, fingerprint(load_hospital()))
    TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
