"""Find how many patients come and how ill they are: `python -m tools.calibrate_stays [ROUNDS]`.

Writes configs/calibration.toml. Each round draws the stays of the whole period with some seeds,
before any bed is given, compares their mean with what configs/beds.toml aims at, and scales the
levels towards it. Several seeds, since one alone would fit the chance of small pools. Beds play no
part: once they are full, those occupied no longer tell how many were wished for.
"""

import argparse
import json
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from hospital_assets.calendar.period import Period
from hospital_assets.configuration.settings import ROOT
from hospital_assets.simulation.dates import MINUTES_PER_DAY, day_number
from hospital_assets.simulation.parameters.beds import MATERNITY, NEWBORNS, BedPool
from hospital_assets.simulation.parameters.calibration import PoolLevel
from hospital_assets.simulation.parameters.inpatients import InpatientRules
from hospital_assets.simulation.parameters.people import PeopleRules
from hospital_assets.simulation.population.population import Population
from hospital_assets.simulation.stays.hospital_stays import wished_stays
from hospital_assets.simulation.stays.model import StayModel, stay_model
from hospital_assets.simulation.stays.timelines import NO_REQUEST, REQUESTS, Timelines

SEEDS = (1, 2, 3, 4, 5)
CONFIGS = ROOT / "configs"
FILE = CONFIGS / "calibration.toml"
_STEP = 0.8
# Stays of the last days aren't whole.
_LAST_DAYS_LEFT_OUT = 60
_EARLY_SHARE, _EARLY_SHARE_OF_MATERNITY = 0.45, 0.8


@dataclass(frozen=True)
class Whole:
    """The period, of the keys of the files."""

    period: Period


@dataclass(frozen=True)
class Measured:
    """What stays of a pool come to; `returning` is the share of them that follow another stay."""

    mean_days: float
    mortality: float
    offered_load: float
    returning: float


def measure(model: StayModel, stays: Timelines) -> list[Measured]:
    """Return what the stays of the period, but for its last days, come to in each pool."""
    first = model.first_day * MINUTES_PER_DAY
    last = (model.last_day - _LAST_DAYS_LEFT_OUT) * MINUTES_PER_DAY
    pools = stays.request_pools
    asked = np.where(pools >= 0, stays.ready + stays.request_offsets, NO_REQUEST)
    until = np.minimum.accumulate(asked[::-1], axis=0)[::-1]
    until = np.concatenate([until[1:], np.full((1, len(stays)), NO_REQUEST)])
    minutes = np.minimum(until, stays.end) - asked
    inside = (pools >= 0) & (asked >= first) & (asked < last)
    number = np.arange(REQUESTS)[:, None]
    is_last = number == np.where(pools >= 0, number, 0).max(0)
    covid = [family.follows_covid for family in model.rules.pressure.families]
    usual = inside[0] & ~np.array(covid)[model.mix.family[stays.diagnosis]]
    # Who dies in the emergency department is no death of a ward.
    least = model.rules.beds.shortest_use_minutes
    usual &= ~(stays.died & ~stays.direct & (stays.end - stays.ready < least))
    sizes, measured = model.pools.sizes.tolist(), []
    for pool in range(len(model.pools)):
        here = inside & (pools == pool)
        mine = usual & (stays.pool == pool)
        days, died = (stays.end - stays.ready)[mine], stays.died[mine]
        if model.pools.is_unit[pool]:
            days, died = minutes[here], (is_last & stays.died)[here]
        measured.append(
            Measured(
                mean_days=float(days.mean()) / MINUTES_PER_DAY,
                mortality=float(died.mean()),
                offered_load=float(minutes[here].sum()) / (last - first) / sizes[pool],
                returning=float((stays.parent[inside[0] & (stays.pool == pool)] >= 0).mean()),
            )
        )
    return measured


def measured_mean(inpatients: InpatientRules, seeds: Sequence[int]) -> list[Measured]:
    """Return what each pool's stays come to with the rules, as the mean of the seeds."""
    people = rules(PeopleRules, CONFIGS)
    period = rules(Whole, CONFIGS).period
    first, last = day_number(period.first_day), day_number(period.last_day)
    by_seed = []
    for seed in seeds:
        model = stay_model(seed, inpatients, first, last)
        by_seed.append(measure(model, wished_stays(model, Population(seed, people))[1]))
    return [
        Measured(
            *(fmean(getattr(one, field.name) for one in of_pool) for field in fields(Measured))
        )
        for of_pool in zip(*by_seed, strict=True)
    ]


def nearer(level: PoolLevel, pool: BedPool, measured: Measured) -> PoolLevel:
    """Return the level that brings the pool nearer to what it aims at."""
    if pool.kind == NEWBORNS:
        return level

    def scaled(value: float, aim: float, reached: float) -> float:
        ratio = min(max(aim / max(reached, 1e-5), 0.3), 3.0)
        return float(f"{value * ratio**_STEP:.5g}")

    returns = measured.returning / (1 - measured.returning)
    early = _EARLY_SHARE_OF_MATERNITY if pool.kind == MATERNITY else _EARLY_SHARE
    return replace(
        level,
        beds=pool.beds,
        admissions=scaled(
            level.admissions * pool.beds / level.beds, pool.offered_load, measured.offered_load
        ),
        length=scaled(level.length, pool.mean_days, measured.mean_days),
        deaths=scaled(level.deaths, pool.mortality, measured.mortality),
        early_returns=float(f"{returns * early:.4g}"),
        late_returns=float(f"{returns * (1 - early):.4g}"),
    )


def write(file: Path, levels: Sequence[PoolLevel]) -> None:
    """Put the levels into the file, below its head."""
    head = file.read_text(encoding="utf-8").split("pools = [")[0]
    rows = [
        f'    {{ name = "{level.name}", beds = {level.beds}, admissions = {level.admissions},'
        f" length = {level.length}, deaths = {level.deaths},"
        f" early_returns = {level.early_returns}, late_returns = {level.late_returns} }},\n"
        for level in levels
    ]
    file.write_text(f"{head}pools = [\n{''.join(rows)}]\n", encoding="utf-8")


def rules(kind: Any, configs: Path) -> Any:
    """Return the rules whose fields are keys of the files in `configs`."""
    given: dict[str, Any] = {}
    for file in sorted(configs.glob("*.toml")):
        given |= tomllib.loads(file.read_text(encoding="utf-8"))
    chosen = {field.name: given[field.name] for field in fields(kind)}
    return TypeAdapter(kind).validate_json(json.dumps(chosen, default=str))


def main(arguments: Sequence[str]) -> int:
    """Do some rounds, and show what each found; returns the exit code."""
    parser = argparse.ArgumentParser(prog="tools.calibrate_stays", description=__doc__)
    parser.add_argument("rounds", nargs="?", type=int, default=5)
    rounds = parser.parse_args(arguments).rounds
    for number in range(1, rounds + 1):
        inpatients = rules(InpatientRules, CONFIGS)
        found = measured_mean(inpatients, SEEDS)
        pools = inpatients.beds.pools
        for pool, one in zip(pools, found, strict=True):
            print(
                f"{number} {pool.name}: {one.mean_days:.2f} days ({pool.mean_days:g}),"
                f" {one.mortality:.4f} die ({pool.mortality:g}),"
                f" load {one.offered_load:.3f} ({pool.offered_load:g})"
            )
        by_name = {level.name: level for level in inpatients.calibration.pools}
        write(
            FILE,
            [nearer(by_name[pool.name], pool, one) for pool, one in zip(pools, found, strict=True)],
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
