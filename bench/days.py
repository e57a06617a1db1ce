"""Days: the curve of days, rows and seconds of the simulation alone, cold and warm.

`python -m bench.days`
"""

import subprocess
import sys
from dataclasses import fields
from datetime import timedelta
from functools import partial

from bench.measure import in_turn, keep, median_and_spread, seconds
from hospital_assets.clock import PERIOD
from hospital_assets.planning import by_month
from hospital_assets.profile import load_hospital
from hospital_assets.simulation import Hospital

DAYS = (1, 10, 31, 100, 365, 1000)
RUNS = 3
COLD = (
    "import time; from hospital_assets.profile import load_hospital;"
    "from datetime import date; import hospital_assets.simulation; hospital = load_hospital();"
    "started = time.perf_counter(); hospital.day(date(2023, 3, 1));"
    "print(time.perf_counter() - started)"
)


def simulate(hospital: Hospital, count: int) -> int:
    """Make the first `count` days of 2021 on, a month at a time; return the rows."""
    first = PERIOD.first_day + timedelta(days=31)
    rows = 0
    for days in by_month([first + timedelta(days=number) for number in range(count)]):
        records = hospital.between(days[0], days[-1])
        rows += sum(len(getattr(records, field.name)) for field in fields(records))
    return rows


def main() -> None:
    """Measure, print and keep."""
    cold = [float(subprocess.check_output([sys.executable, "-c", COLD])) for _ in range(RUNS)]
    print(f"one day in a new process, after the imports: {median_and_spread(cold)} s")
    hospital = load_hospital()
    print(f"skeleton of the whole period: {seconds(lambda: hospital.skeleton):.3f} s")
    samples = in_turn({str(count): partial(simulate, hospital, count) for count in DAYS}, RUNS)
    rows = {str(count): simulate(hospital, count) for count in DAYS}
    print(f"{'days':>6} {'rows':>12}  {'seconds':<34} a day")
    for name, values in samples.items():
        a_day = median_and_spread([value / int(name) for value in values])
        print(f"{name:>6} {rows[name]:>12,}  {median_and_spread(values):<34} {a_day}")
    keep("days", [], cold=cold, rows=rows, seconds=samples)


if __name__ == "__main__":
    main()
