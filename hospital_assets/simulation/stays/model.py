"""What stays are drawn from: the seed, the parameters, and what follows from both once."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hospital_assets.simulation.chance import exact
from hospital_assets.simulation.chance.distributions import hourly_curve, lognormal
from hospital_assets.simulation.chance.draws import Bits, DrawStream, Integers
from hospital_assets.simulation.chance.exact import Floats
from hospital_assets.simulation.parameters.calibration import PoolLevel
from hospital_assets.simulation.parameters.inpatients import InpatientRules
from hospital_assets.simulation.parameters.pressure import HOURS
from hospital_assets.simulation.stays.bed_pools import BedPools
from hospital_assets.simulation.stays.case_mix import CaseMix, case_mix
from hospital_assets.simulation.stays.patients import Flags
from hospital_assets.simulation.stays.pressure import Pressure, pressure

# The unit of the tables of lengths: a mean stay has 65536.
LENGTH_BITS = 16
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

    `first_day` and `last_day` are those of the period, as day numbers. New patients come from
    `opening_day`, a warm-up before it, to `closing_day`, some days after it; their chains go on
    beyond.
    """

    seed: int
    rules: InpatientRules
    pools: BedPools
    mix: CaseMix
    levels: Levels
    pressure: Pressure
    first_day: int
    last_day: int
    opening_day: int
    closing_day: int

    @cached_property
    def age_risk(self) -> Floats:
        """How much likelier death is than at the reference age, by age band."""
        rules = self.rules.timelines.death
        ages = np.clip(self.mix.band_middles, rules.youngest_age, rules.oldest_age)
        return exact.exp(rules.age_slope * (ages - rules.reference_age))

    @cached_property
    def hours_of_arrival(self) -> Integers:
        """Quantile tables of the minute of the day of those without an appointment: [hours, knot].

        As in parameters.pressure.HOURS, and then those of children.
        """
        hours = self.rules.timelines.hours
        return np.stack([hourly_curve(getattr(hours, name)) for name in (*HOURS, "children")])

    def hours_of(self, diagnosis: Integers, is_child: Flags) -> Integers:
        """Return the row of `hours_of_arrival` of each patient.

        Children have their own in place of those that most ailments have.
        """
        families = self.rules.pressure.families
        of_family = np.array([HOURS.index(family.hours) for family in families])
        hours = of_family[self.mix.family[diagnosis]]
        return np.where(is_child & (hours == HOURS.index("emergency")), len(HOURS), hours)

    @cached_property
    def colour_bounds(self) -> Bits:
        """Upper bounds in 1/2**32 of the colours of triage: [goes home, class, colour]."""
        rules = self.rules.triage
        admitted = np.array(rules.admitted)
        at_home = admitted * np.array(rules.home_odds)
        shares = np.cumsum(np.stack([admitted, at_home]), axis=2)
        return np.floor(shares[:, :, :-1] / shares[:, :, -1:] * 2.0**32).astype(np.uint64)

    @cached_property
    def length_tables(self) -> Integers:
        """Quantile tables of lengths about a mean of 1, in 1/65536: [pool, knot]."""
        sigmas = [pool.length_sigma for pool in self.rules.beds.pools]
        unit = 1 << LENGTH_BITS
        return np.stack([lognormal(-sigma * sigma / 2, sigma, unit) for sigma in sigmas])

    def stream(self, name: str) -> DrawStream:
        """Return the stream of draws of this name."""
        return DrawStream(self.seed, name)


def stay_model(seed: int, rules: InpatientRules, first_day: int, last_day: int) -> StayModel:
    """Return the model for the period from `first_day` to `last_day`, as day numbers."""
    opening_day = first_day - rules.timelines.warm_up_days
    closing_day = last_day + rules.timelines.days_beyond_period
    longest = rules.timelines.length.longest_days + rules.timelines.units.longest_days
    days = closing_day - opening_day + rules.timelines.chain_days + longest + _SPARE_DAYS
    pools = BedPools(rules.beds.pools)
    return StayModel(
        seed=seed,
        rules=rules,
        pools=pools,
        mix=case_mix(rules.case_mix, pools, rules.pressure.families),
        levels=_levels(rules),
        pressure=pressure(seed, rules.pressure, rules.holidays, opening_day, days),
        first_day=first_day,
        last_day=last_day,
        opening_day=opening_day,
        closing_day=closing_day,
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
