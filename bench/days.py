"""Days: the curve of days, rows and seconds of the simulation alone, cold and warm.

`python -m bench.days`
"""

import subprocess
import sys
from functools import partial

from bench.measure import in_turn, keep, median_and_spread, seconds
from hospital_assets.calendar.period import by_month
from hospital_assets.configuration.hospital_files import load_hospital
from hospital_assets.registry import make_extracts
from hospital_assets.simulation import Hospital

DAYS = (1, 10, 31, 100, 365, 1000)
RUNS = 3
COLD = (
    "import time; from datetime import date; from hospital_assets.calendar.period import Period;"
    "from hospital_assets.configuration.hospital_files import load_hospital;"
    "from hospital_assets.registry import make_extracts;"
    "hospital, day = load_hospital(), Period(date(2023, 3, 1), date(2023, 3, 1));"
    "started = time.perf_counter(); make_extracts(hospital, day);"
    "print(time.perf_counter() - started)"
)


def simulate(hospital: Hospital, count: int) -> int:
    """Make the first `count` days of 2021 on, a month at a time; return the rows."""
    months = by_month(hospital.period.days[31 : 31 + count])
    return sum(len(frame) for month in months for frame in make_extracts(hospital, month).values())


def main() -> None:
    """Measure, print and keep."""
    cold = [float(subprocess.check_output([sys.executable, "-c", COLD])) for _ in range(RUNS)]
    print(f"one day in a new process, after the imports: {median_and_spread(cold)} s")
    hospital = load_hospital()
    print(f"skeleton of the whole period: {seconds(lambda: hospital.stays):.3f} s")
    samples = in_turn({str(count): partial(simulate, hospital, count) for count in DAYS}, RUNS)
    rows = {str(count): simulate(hospital, count) for count in DAYS}
    print(f"{'days':>6} {'rows':>12}  {'seconds':<34} a day")
    for name, values in samples.items():
        a_day = median_and_spread([value / int(name) for value in values])
        print(f"{name:>6} {rows[name]:>12,}  {median_and_spread(values):<34} {a_day}")
    keep("days", [], cold=cold, rows=rows, seconds=samples)


if __name__ == "__main__":
    main()
