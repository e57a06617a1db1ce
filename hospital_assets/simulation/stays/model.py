"""What stays are drawn from: the seed, the parameters, and what follows from both once."""

from dataclasses import dataclass

import numpy as np

from hospital_assets.simulation.chance.draws import DrawStream
from hospital_assets.simulation.chance.exact import Floats
from hospital_assets.simulation.parameters.calibration import PoolLevel
from hospital_assets.simulation.parameters.inpatients import InpatientRules
from hospital_assets.simulation.stays.bed_pools import BedPools
from hospital_assets.simulation.stays.case_mix import CaseMix, case_mix
from hospital_assets.simulation.stays.pressure import Pressure, pressure

# Days from the last arrival of a chain to what is asked of the calendar last: an end is moved off
# weekends and holidays after a ward and a unit part, and some time in the emergency department.
_SPARE_DAYS = 30


@dataclass(frozen=True)
class Levels:
    """The calibration as arrays of one element a pool; see configs/calibration.toml.

    `admissions` are of this hospital's beds; those that the calibration was made for may be others.
    """

    admissions: Floats
    length: Floats
    deaths: Floats
    early_returns: Floats
    late_returns: Floats


@dataclass(frozen=True)
class StayModel:
    """The model of a hospital's stays in a period.

    `first_day` is the first day with patients, a warm-up before the period's; patients come up to
    `last_day`, some days after the period's, and their chains go on beyond it.
    """

    seed: int
    rules: InpatientRules
    pools: BedPools
    mix: CaseMix
    levels: Levels
    pressure: Pressure
    first_day: int
    last_day: int

    def stream(self, name: str) -> DrawStream:
        """Return the stream of draws of this name."""
        return DrawStream(self.seed, name)


def stay_model(seed: int, rules: InpatientRules, first_day: int, last_day: int) -> StayModel:
    """Return the model for the period from `first_day` to `last_day`, as day numbers."""
    begin = first_day - rules.timelines.warm_up_days
    end = last_day + rules.timelines.days_beyond_period
    longest = rules.timelines.length.longest_days + rules.timelines.units.longest_days
    days = end - begin + rules.timelines.chain_days + longest + _SPARE_DAYS
    pools = BedPools(rules.beds.pools)
    return StayModel(
        seed=seed,
        rules=rules,
        pools=pools,
        mix=case_mix(rules.case_mix, pools, rules.pressure.families),
        levels=_levels(rules),
        pressure=pressure(seed, rules.pressure, rules.holidays, begin, days),
        first_day=begin,
        last_day=end,
    )


def _levels(rules: InpatientRules) -> Levels:
    by_name = {level.name: level for level in rules.calibration.pools}
    levels: list[PoolLevel] = [by_name[pool.name] for pool in rules.beds.pools]
    return Levels(
        admissions=np.array(
            [
                level.admissions * pool.beds / level.beds
                for level, pool in zip(levels, rules.beds.pools, strict=True)
            ]
        ),
        length=np.array([level.length for level in levels]),
        deaths=np.array([level.deaths for level in levels]),
        early_returns=np.array([level.early_returns for level in levels]),
        late_returns=np.array([level.late_returns for level in levels]),
    )
