"""Days: the simulation alone, in a new process and in a warm one, and each of its records.

`python -m bench.days`
"""

import json
import time
from collections import defaultdict
from datetime import date
from functools import partial

from bench.installation import days_of, installation, run
from bench.measure import Comparison, Goal, Side, in_turn, keep, median_and_spread
from hospital_assets.calendar.period import Period, by_month
from hospital_assets.configuration.hospital_files import load_hospital
from hospital_assets.registry import EXTRACTS, make_extracts
from hospital_assets.simulation import Frames, Hospital

DAYS = (1, 10, 31, 100, 365, 1000)
DAY = Period(date(2023, 3, 1), date(2023, 3, 1))
MONTH = Period(date(2023, 3, 1), date(2023, 3, 31))
YEAR = Period(date(2023, 1, 1), date(2023, 12, 31))
RUNS = 3


def fresh(days: Period) -> dict[str, float]:
    """Return what days take in a new process: seconds, and the most memory in GiB."""
    usage = run("bench.fresh", days.first_day.isoformat(), days.last_day.isoformat())
    return {**json.loads(usage.output), "peak_gib": usage.peak_gib}


def in_new_processes() -> dict[str, list[float]]:
    """Return the samples of new processes, whose skeleton is new and then kept."""
    samples: dict[str, list[float]] = defaultdict(list)
    for _ in range(RUNS):
        with installation():
            new, kept, year = fresh(DAY), fresh(DAY), fresh(YEAR)
        samples["skeleton, new"].append(new["skeleton"])
        samples["skeleton, kept"].append(kept["skeleton"])
        samples["a day, skeleton kept"].append(kept["extracts"])
        samples["memory, skeleton new"].append(new["peak_gib"])
        samples["memory of a year"].append(year["peak_gib"])
    return samples


def simulate(hospital: Hospital, days: Period) -> int:
    """Make days, a month at a time; return the rows."""
    return sum(
        len(frame)
        for month in by_month(days.days)
        for frame in make_extracts(hospital, month).values()
    )


def of_each_record(hospital: Hospital, days: Period) -> dict[str, float]:
    """Return the seconds that each record of some days takes, given those that it is made from."""
    frames: Frames = {}
    taken = {}
    for row in EXTRACTS:
        started = time.perf_counter()
        frames[row.name] = row.rows(hospital, days, frames)
        taken[row.name] = time.perf_counter() - started
    return taken


def alone(row: str, what: str, samples: list[float], goal: Goal) -> Comparison:
    """Return a row of the table without another side."""
    return Comparison(row, Side(what, samples, goal.unit), None, samples, goal)


def main() -> None:
    """Measure, print and keep."""
    new = in_new_processes()
    hospital = load_hospital()
    simulate(hospital, DAY)
    first = hospital.period.days[31:]
    curve = {str(count): Period(first[0], first[count - 1]) for count in DAYS}
    work = {name: partial(simulate, hospital, days) for name, days in curve.items()}
    samples = in_turn({**work, "year": partial(simulate, hospital, YEAR)}, RUNS)
    rows = {name: simulate(hospital, days) for name, days in curve.items()}
    by_record = [of_each_record(hospital, MONTH) for _ in range(RUNS)]
    print(f"{'days':>6} {'rows':>12}  {'seconds':<34} a day")
    for name, count in rows.items():
        a_day = median_and_spread([value / int(name) for value in samples[name]])
        print(f"{name:>6} {count:>12,}  {median_and_spread(samples[name]):<34} {a_day}")
    of_year = [value / YEAR.length for value in samples["year"]]
    gib = Goal("<=", 1, "GiB")
    comparisons = [
        alone("skeleton of the whole period", "new", new["skeleton, new"], _at_most(6)),
        alone("skeleton of the whole period", "kept", new["skeleton, kept"], _at_most(0.15)),
        alone(
            "a day of all records, in a new process after its imports",
            "skeleton kept",
            new["a day, skeleton kept"],
            _at_most(1.5),
        ),
        alone("a day of all records", "warm process", samples["1"], _at_most(0.15)),
        alone("a year of all records", "a day of it, a month at a time", of_year, _at_most(0.04)),
        *(
            alone(
                f"a month of {name}",
                "a day of it, given what it is made from",
                [one[name] / MONTH.length for one in by_record],
                _at_most(0.04),
            )
            for name in by_record[0]
        ),
        alone("memory", "a day, skeleton new", new["memory, skeleton new"], gib),
        alone("memory", f"{days_of(YEAR.length)}, skeleton kept", new["memory of a year"], gib),
    ]
    keep("days", comparisons, rows=rows, seconds=samples)


def _at_most(limit: float) -> Goal:
    return Goal("<=", limit, "s")


if __name__ == "__main__":
    main()
