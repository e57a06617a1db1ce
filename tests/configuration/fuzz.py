"""A fuzz of the hospital's files: each mutation works and keeps all laws, or is refused at start.

`make fuzz`, or `python -m tests.configuration.fuzz --mutations 50 --seed 1`. Each mutated hospital
is the small one with a short period. It runs in a process of its own, which may take so much time
and memory and no more; a refusal must name file, key and expectation.
"""

import argparse
import multiprocessing
import re
import resource
import secrets
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from hospital_assets.calendar.period import Period
from hospital_assets.configuration.hospital_files import (
    PARAMETER_FILES,
    load_parameters,
    load_words,
)
from hospital_assets.configuration.scorecard_targets import FILE as TARGETS
from hospital_assets.configuration.scorecard_targets import load_targets
from hospital_assets.configuration.settings import ROOT, SettingsError
from hospital_assets.registry import make_all
from hospital_assets.simulation import Hospital
from tests.configuration.mutations import Mutation, copied, every_mutation, read, sample, write
from tests.simulation.inspection import faults

PROFILE = "small"
FILES = (*PARAMETER_FILES, TARGETS, f"profiles/{PROFILE}.toml")
SEED = 7
LAST_DAY = date(2021, 3, 1)
# The small hospital takes a tenth of the time and a third of the memory; time is the processor's.
MOST_SECONDS = 60
MOST_GIB = 3
# A process that waits for itself uses no processor.
HUNG_SECONDS = 600

# What fits into a pipe before anybody reads.
_MOST_DETAIL = 10_000

REFUSED, WORKS, FAULTY = "refused", "works", "faulty"
_FILE = r"[\w/]+\.(?:toml|json)"
_REFUSAL = re.compile(rf"{_FILE}(?:(?:, | with ){_FILE})*: [^:]+: .+")


@dataclass(frozen=True)
class Outcome:
    """What became of a mutated hospital: `kind` is refused, works or faulty."""

    kind: str
    detail: str = ""


def outcome(configs: Path, most_seconds: int = MOST_SECONDS, most_gib: float = MOST_GIB) -> Outcome:
    """Return what becomes of the hospital of a folder, in a process with limits."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(
        target=_try, args=(configs, most_seconds, most_gib, theirs), daemon=True
    )
    process.start()
    theirs.close()
    hangs = not ours.poll(HUNG_SECONDS)
    if hangs:
        process.kill()
    try:
        found: Outcome = ours.recv()
    except EOFError:
        process.join()
        ended = f"hung for {HUNG_SECONDS} s" if hangs else f"exit code {process.exitcode}"
        return Outcome(FAULTY, f"beyond the limits of time or memory: {ended}")
    process.join()
    return found


def _try(configs: Path, most_seconds: int, most_gib: float, answer: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (most_seconds, most_seconds))
    size = int(most_gib * 2**30)
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    found = _found(configs)
    answer.send(replace(found, detail=found.detail[:_MOST_DETAIL]))


def _found(configs: Path) -> Outcome:
    try:
        load_targets(configs)
        parameters = load_parameters(configs, PROFILE)
    except SettingsError as refusal:
        said = str(refusal).removeprefix(f"{configs}: ").removeprefix(f"{configs}/")
        vague = [one for one in said.split("; ") if not _REFUSAL.fullmatch(one)]
        if vague or "\n" in said:
            return Outcome(FAULTY, f"refused without file, key and expectation: {said}")
        return Outcome(REFUSED, said)
    except Exception as error:
        return Outcome(FAULTY, f"not refused but raised: {_where(error)}")
    try:
        hospital = Hospital(SEED, parameters, load_words())
        for days in _stretches(hospital.period):
            frames = make_all(hospital, days)
            for fault in faults(hospital, frames, days):
                return Outcome(FAULTY, str(fault))
    except Exception as error:
        return Outcome(FAULTY, f"accepted but raised: {_where(error)}")
    return Outcome(WORKS)


def _where(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({last.filename}:{last.lineno})"


def _stretches(period: Period) -> list[Period]:
    """Return the first two days, the last three, and the five weeks before these."""
    stretches = [
        Period(period.first_day, period.first_day + timedelta(days=1)),
        Period(period.last_day - timedelta(days=37), period.last_day - timedelta(days=3)),
        Period(period.last_day - timedelta(days=2), period.last_day),
    ]
    return [one for one in stretches if one.first_day in period and one.last_day in period]


def shortened(folder: Path) -> Path:
    """Return a copy of the files that ship, with a period of three months."""
    configs = copied(ROOT / "configs", folder)
    content = read(configs / "hospital.toml")
    content["period"]["last_day"] = LAST_DAY
    write(configs / "hospital.toml", content)
    return configs


def tried(mutation: Mutation) -> Outcome:
    """Return what becomes of a mutation."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        configs = shortened(Path(folder) / "configs")
        mutation.write(configs)
        return outcome(configs)


def main(arguments: Sequence[str]) -> int:
    """Try mutations, print those that fall through and a summary; returns the exit code."""
    parser = argparse.ArgumentParser(prog="tests.configuration.fuzz", description=__doc__)
    parser.add_argument("--mutations", type=int, default=700)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**31))
    options = parser.parse_args(arguments)
    print(f"seed {options.seed}", flush=True)
    began = time.monotonic()
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        configs = shortened(Path(folder) / "configs")
        chosen = sample(every_mutation(configs, FILES), options.mutations, options.seed)
    for number, mutation in enumerate(chosen, 1):
        found = tried(mutation)
        counts[found.kind] += 1
        if found.kind == FAULTY:
            print(f"{mutation}: {found.detail}"[:700], flush=True)
        if number % 25 == 0:
            taken = time.monotonic() - began
            print(f"{number} mutations in {taken:.0f} s: {dict(counts)}", flush=True)
    print(
        f"{len(chosen)} mutations in {time.monotonic() - began:.0f} s: {counts[REFUSED]} refused,"
        f" {counts[WORKS]} work with their laws, {counts[FAULTY]} fall through"
    )
    return 1 if counts[FAULTY] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
