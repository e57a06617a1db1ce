"""From the arrival to asking for a bed: the hour, the decision to admit, and what follows it."""

import numpy as np

from hospital_assets.simulation.chance.distributions import hourly, lognormal, quantile
from hospital_assets.simulation.chance.draws import Integers, below, chance
from hospital_assets.simulation.chance.exact import log
from hospital_assets.simulation.dates import MINUTES_PER_DAY
from hospital_assets.simulation.parameters.pressure import HOURS
from hospital_assets.simulation.stays.model import StayModel
from hospital_assets.simulation.stays.patients import PLANNED, Flags
from hospital_assets.simulation.stays.pressure import ONE


def arrival_minutes(
    model: StayModel, serial: Integers, diagnosis: Integers, route: Integers, day: Integers
) -> Integers:
    """Return the minute at which each stay arrives on its day."""
    hours = model.rules.timelines.hours
    kinds = (*HOURS, "planned")
    tables = np.stack([hourly(getattr(hours, kind)) for kind in kinds])
    of_family = [kinds.index(family.hours) for family in model.rules.pressure.families]
    kind = np.array(of_family)[model.mix.family[diagnosis]]
    kind = np.where(route == PLANNED, kinds.index("planned"), kind)
    bits = model.stream("hour").bits(serial)
    return day * MINUTES_PER_DAY + quantile(bits, tables, kind)


def decisions(
    model: StayModel,
    serial: Integers,
    pool: Integers,
    diagnosis: Integers,
    route: Integers,
    arrived: Integers,
) -> tuple[Flags, Integers, Integers]:
    """Return who passes the emergency department by, and the minutes of decision and of asking.

    The others wait for the decision, the longer the more crowded the department is.
    """
    rules = model.rules.timelines.emergency
    share = np.array([pool.direct_share for pool in model.rules.beds.pools])
    direct = (route == PLANNED) | model.mix.is_birth[diagnosis]
    direct |= chance(model.stream("direct").bits(serial), share[pool])
    table = lognormal(float(log(rules.median_minutes)), rules.sigma)
    treated = rules.shortest_minutes + quantile(model.stream("ed").bits(serial), table)
    treated = treated * model.pressure.crowding_at(arrived) // ONE
    treated = np.clip(treated, rules.least_minutes, rules.most_minutes)
    decided = arrived + np.where(direct, rules.direct_minutes, treated)
    span = rules.longest_handling_minutes - rules.shortest_handling_minutes
    handling = rules.shortest_handling_minutes + below(model.stream("handling").bits(serial), span)
    return direct, decided, decided + np.where(direct, 0, handling)
