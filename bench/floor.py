"""The whole period against the least that its records need: one run of both in one installation.

`python -m bench.floor`, or `python -m bench.floor 2021-01-01 2021-01-31` for some days. `hospital
backfill` starts from an empty folder; `bench.rewrite` then writes and copies what lies there.
"""

from bench.installation import asked_days, days_of, installation, postgres_seconds, run
from bench.measure import Comparison, Goal, Side, keep, median_and_spread, ratios

RUNS = 2


def main() -> None:
    """Measure, print and keep."""
    days = asked_days()
    arguments = (days.first_day.isoformat(), days.last_day.isoformat())
    ours: list[float] = []
    floor: list[float] = []
    cpu: dict[str, list[float]] = {"python": [], "postgres": []}
    size = 0
    for _ in range(RUNS):
        with installation() as settings:
            taken = run("hospital_assets", "backfill", *arguments)
            ours.append(taken.seconds)
            cpu["python"].append(taken.python_seconds)
            cpu["postgres"].append(postgres_seconds(settings))
            least = run("bench.rewrite", *arguments)
            floor.append(least.seconds)
            size = int(least.output)
    for side, seconds in cpu.items():
        print(f"ours, {side}: {median_and_spread(seconds)} s of CPU")
    what = f"{days_of(days.length)} against their {size / 1e9:.2f} GB rewritten"
    comparison = Comparison(
        what,
        Side("hospital backfill", ours),
        Side("the CSV written once more and copied without a key", floor),
        ratios(ours, floor),
        Goal("<=", 2.5),
    )
    keep("floor", [comparison], days=arguments, bytes=size, cpu=cpu)


if __name__ == "__main__":
    main()
