"""A sweep of seeds: each gives a whole hospital that keeps all laws, on leap days too.

`make seeds`, or `python -m tests.simulation.seeds --seeds 0-199 --profile small`. Every seed has
every record of some stretches of days made, and all rules and laws held over them.
"""

import argparse
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from hospital_assets.calendar.period import Period
from hospital_assets.configuration.hospital_files import load_parameters, load_words
from hospital_assets.configuration.settings import ROOT
from hospital_assets.registry import make_all
from hospital_assets.simulation import Hospital, Parameters, Words
from tests.simulation.inspection import Fault, faults, lacking_rows

GREATEST = 2**63 - 1
# The first and the last days, the end of February in a common and in a leap year.
SHORT_STRETCHES = (
    Period(date(2020, 12, 1), date(2020, 12, 2)),
    Period(date(2021, 2, 27), date(2021, 3, 1)),
    Period(date(2024, 2, 28), date(2024, 3, 1)),
    Period(date(2025, 3, 30), date(2025, 3, 31)),
)
# As long as the hours of work look back, over Christmas.
LONG_STRETCH = Period(date(2022, 12, 5), date(2023, 1, 2))


def faults_of_seed(
    seed: int, parameters: Parameters, words: Words, stretches: Sequence[Period]
) -> Iterator[Fault]:
    """Give what is wrong with a seed's hospital."""
    hospital = Hospital(seed, parameters, words)
    for days in stretches:
        try:
            frames = make_all(hospital, days)
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            detail = f"{type(error).__name__}: {error} ({where.filename}:{where.lineno})"
            yield Fault("the hospital", f"making {days}", detail)
            continue
        yield from faults(hospital, frames, days)
        yield from lacking_rows(frames, days)
        yield from _wrong_transfers(frames["transfers"].height, days, parameters)


def _wrong_transfers(found: int, days: Period, parameters: Parameters) -> Iterator[Fault]:
    wanted = days.length * parameters.transfers_a_day
    if found != wanted:
        yield Fault("transfers", "their number", f"{found} in {days}, not {wanted}")


def seeds_of(text: str) -> list[int]:
    """Return the seeds of a list such as 0-199,4711."""
    seeds: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        seeds += range(int(first), int(last or first) + 1)
    return seeds


def main(arguments: Sequence[str]) -> int:
    """Sweep, print what is wrong and a summary; returns the exit code."""
    parser = argparse.ArgumentParser(prog="tests.simulation.seeds", description=__doc__)
    parser.add_argument("--seeds", type=seeds_of, default=[*range(200), GREATEST])
    parser.add_argument("--profile", default="small")
    options = parser.parse_args(arguments)
    parameters, words = load_parameters(ROOT / "configs", options.profile), load_words()
    stretches = (*SHORT_STRETCHES, LONG_STRETCH)
    began = time.monotonic()
    broken: Counter[str] = Counter()
    failed: list[int] = []
    for number, seed in enumerate(options.seeds, 1):
        found = list(faults_of_seed(seed, parameters, words, stretches))
        for fault in found:
            print(f"seed {seed}: {fault}"[:600], flush=True)
        broken.update({f"{fault.record}: {fault.broken}" for fault in found})
        failed += [seed] * bool(found)
        if number % 10 == 0:
            taken = time.monotonic() - began
            print(f"{number} seeds in {taken:.0f} s, {len(failed)} failed", flush=True)
    print(
        f"{len(options.seeds)} seeds of {options.profile} in {time.monotonic() - began:.0f} s,"
        f" {sum(days.length for days in stretches)} days each: {len(failed)} failed"
    )
    for name, count in broken.most_common():
        print(f"  {count} seeds: {name}")
    if failed:
        print(f"  failed: {','.join(map(str, failed))}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
