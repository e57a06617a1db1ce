"""Growth: ten times the days in ten times the time, through `hospital backfill`.

`python -m bench.growth`, or `python -m bench.growth 100` for up to so many days. Each number of
days goes into an empty installation whose PostgreSQL and Kafka run. What the command takes when
nothing is missing is its start-up, kept by itself and subtracted.
"""

import sys
from collections.abc import Mapping
from itertools import pairwise

from bench.installation import days_of, installation, manifests, run
from bench.measure import Comparison, Goal, Side, keep, median_and_spread, same
from hospital_assets.configuration.hospital_files import load_hospital
from hospital_assets.services.databases import Databases
from hospital_assets.services.kafka.cluster import KafkaCluster

DAYS = (1, 10, 100, 1000)
RUNS = 3


def backfill(count: int) -> tuple[float, float, dict[str, str]]:
    """Return the seconds of so many days, those of nothing after it, and the manifests."""
    period = load_hospital().period
    arguments = ("backfill", period.first_day.isoformat(), period.day(count - 1).isoformat())
    with installation() as settings:
        Databases.of(settings).hospital_url()
        KafkaCluster.of(settings).bootstrap()
        taken = run("hospital_assets", *arguments).seconds
        nothing = run("hospital_assets", *arguments).seconds
        return taken, nothing, manifests(settings)


def tenfold(seconds: Mapping[int, float], start_up: float, few: int, many: int) -> float:
    """Return the time of `many` days over that of `few` as often as needed, without start-up."""
    return (seconds[many] - start_up) / ((seconds[few] - start_up) * many / few)


def main() -> None:
    """Measure, print and keep."""
    most = int(sys.argv[1]) if sys.argv[1:] else DAYS[-1]
    counts = [count for count in DAYS if count <= most]
    steps = list(pairwise(counts))
    samples: list[dict[int, float]] = []
    start_ups: list[float] = []
    for _ in range(RUNS):
        taken: dict[int, float] = {}
        left: dict[int, dict[str, str]] = {}
        nothing: dict[int, float] = {}
        for count in counts:
            taken[count], nothing[count], left[count] = backfill(count)
        for few, many in steps:
            same(f"the first {few} days", left[few].items() - left[many].items(), set())
            same("files", len(left[few]) * many, len(left[many]) * few)
        samples.append(taken)
        start_ups.append(min(nothing.values()))
    print(f"start-up: {median_and_spread(start_ups)} s")
    comparisons = [
        Comparison(
            f"growth from {few:,} to {days_of(many)}, without start-up",
            Side(days_of(many), [one[many] for one in samples]),
            Side(days_of(few), [one[few] for one in samples]),
            [tenfold(one, start, few, many) for one, start in zip(samples, start_ups, strict=True)],
            Goal("<=", 1.05, "x a straight line"),
        )
        for few, many in steps
    ]
    keep("growth", comparisons, seconds=samples, start_up=start_ups)


if __name__ == "__main__":
    main()
