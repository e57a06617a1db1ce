"""From the arrival to asking for a bed: the hour, the decision to admit, and what follows it."""

import numpy as np

from hospital_assets.simulation.chance.distributions import hourly, lognormal_about, quantile
from hospital_assets.simulation.chance.draws import Integers, chance
from hospital_assets.simulation.chance.limits import bent
from hospital_assets.simulation.dates import MINUTES_PER_DAY
from hospital_assets.simulation.stays.model import StayModel
from hospital_assets.simulation.stays.patients import PLANNED, Flags
from hospital_assets.simulation.stays.pressure import ONE
from hospital_assets.simulation.stays.urgency import colours


def arrival_minutes(
    model: StayModel,
    serial: Integers,
    diagnosis: Integers,
    route: Integers,
    is_child: Flags,
    day: Integers,
) -> Integers:
    """Return the minute at which each stay arrives on its day."""
    bits = model.stream("hour").bits(serial)
    unplanned = quantile(bits, model.hours_of_arrival, model.hours_of(diagnosis, is_child))
    planned = quantile(bits, hourly(model.rules.timelines.hours.planned))
    return day * MINUTES_PER_DAY + np.where(route == PLANNED, planned, unplanned)


def decisions(
    model: StayModel,
    serial: Integers,
    pool: Integers,
    diagnosis: Integers,
    route: Integers,
    arrived: Integers,
    age_band: Integers,
) -> tuple[Flags, Integers, Integers]:
    """Return who passes the emergency department by, and the minutes of decision and of asking.

    The others wait for the decision, the longer the more crowded the department is and the less
    urgent they are.
    """
    rules = model.rules.timelines.emergency
    share = np.array([pool.direct_share for pool in model.rules.beds.pools])
    direct = (route == PLANNED) | model.mix.is_birth[diagnosis]
    direct |= chance(model.stream("direct").bits(serial), share[pool])
    colour = colours(model, serial, diagnosis, age_band)
    tables = _by_colour(rules.median_minutes, rules.sigma)
    treated = rules.shortest_minutes + quantile(model.stream("ed").bits(serial), tables, colour)
    treated = treated * model.pressure.crowding_at(arrived) // ONE
    treated = bent(treated, rules.long_minutes, rules.longest_minutes)
    decided = arrived + np.where(direct, rules.direct_minutes, treated)
    tables = _by_colour(rules.median_handling_minutes, rules.handling_sigma)
    handling = quantile(model.stream("handling").bits(serial), tables, colour)
    return direct, decided, decided + np.where(direct, 0, handling)


def _by_colour(medians: tuple[float, ...], sigma: float) -> Integers:
    """Return quantile tables of minutes: [colour, knot]."""
    return np.stack([lognormal_about(median, sigma) for median in medians])
