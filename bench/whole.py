"""The whole period: `hospital backfill` against a plain script over the same core.

`python -m bench.whole`, or `python -m bench.whole 2021-01-01 2021-01-31` for some days. Each side
starts from an empty folder in a process of its own, and starts PostgreSQL and Kafka itself.
"""

import json
from typing import Any

from bench.installation import (
    asked_days,
    days_of,
    digests,
    installation,
    manifests,
    postgres_seconds,
    run,
)
from bench.measure import Comparison, Goal, Side, differences, keep, median_and_spread, ratios, same

RUNS = 3


def measure(module: str, *arguments: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a side took in an empty installation, and what it left there."""
    with installation() as settings:
        usage = run(module, *arguments)
        taken = {
            "wall": usage.seconds,
            "python": usage.python_seconds,
            "postgres": postgres_seconds(settings),
            "peak_gib": usage.peak_gib,
            "output": usage.output,
        }
        return taken, {"manifests": manifests(settings), "tables": digests(settings)}


def main() -> None:
    """Measure, print and keep."""
    days = asked_days()
    arguments = (days.first_day.isoformat(), days.last_day.isoformat())
    samples: dict[str, list[dict[str, Any]]] = {"ours": [], "plain": []}
    parts = []
    for _ in range(RUNS):
        taken, left = measure("hospital_assets", "backfill", *arguments)
        other_taken, other_left = measure("bench.plain", *arguments)
        same("manifests", left["manifests"].items() ^ other_left["manifests"].items(), set())
        same("tables", left["tables"], other_left["tables"])
        parts.append(json.loads(other_taken.pop("output")))
        del taken["output"]
        samples["ours"].append(taken)
        samples["plain"].append(other_taken)

    def of(side: str, key: str) -> list[float]:
        return [one[key] for one in samples[side]]

    what = days_of(days.length)
    ours, plain = Side("hospital backfill", of("ours", "wall")), of("plain", "wall")
    peak = of("ours", "peak_gib")
    comparisons = [
        Comparison(
            f"{what} through Dagster",
            ours,
            Side("plain script, no Dagster", plain),
            ratios(ours.samples, plain),
            Goal("<=", 1.3),
        ),
        Comparison(f"{what}, wall clock", ours, None, ours.samples, Goal("<=", 120, "s")),
        Comparison(
            f"{what}, largest process",
            Side("hospital backfill", peak, "GiB"),
            None,
            peak,
            Goal("<=", 1.5, "GiB"),
        ),
    ]
    for side in samples:
        for key, unit in (("python", "s of CPU"), ("postgres", "s of CPU"), ("peak_gib", "GiB")):
            print(f"{side}, {key}: {median_and_spread(of(side, key))} {unit}")
    for key in ("wall", "python", "postgres"):
        more = differences(of("ours", key), of("plain", key))
        print(f"Dagster, {key}: {median_and_spread(more)} s more than the plain script")
    for part in parts[0]:
        values = [one[part] for one in parts]
        share = [one[part] / sum(one.values()) for one in parts]
        print(f"plain, {part}: {median_and_spread(values)} s, {median_and_spread(share)} of all")
    keep(
        "whole",
        comparisons,
        days=arguments,
        rows={name: rows for name, (rows, _) in left["tables"].items()},
        samples=samples,
        plain_parts=parts,
    )


if __name__ == "__main__":
    main()
