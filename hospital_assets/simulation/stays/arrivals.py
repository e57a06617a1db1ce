"""New patients: on which day they come, to which beds, with what.

Each pool, family and route has some numbered places a day; a patient comes on a place if its hash
lies below the day's intensity. So a day's patients depend on no other day, and scatter by chance.
"""

from dataclasses import dataclass
from math import ceil

import numpy as np

from hospital_assets.simulation.chance import exact
from hospital_assets.simulation.chance.draws import Bits, DrawStream, Integers, choose, thresholds
from hospital_assets.simulation.chance.exact import Floats
from hospital_assets.simulation.parameters.beds import NEWBORNS
from hospital_assets.simulation.stays.model import StayModel
from hospital_assets.simulation.stays.patients import EMERGENCY, PLANNED
from hospital_assets.simulation.stays.pressure import ONE

# Of 64 bits the upper half says whether somebody comes, the lower half with what.
_CERTAIN = (1 << 32) - 1
_UNIT = (1 << 32) / ONE
# Places a day for each patient expected on an ordinary day, and at least.
_PLACES = 8
_FEWEST_PLACES = 4
# A serial number is the source's number, the day, and the place on the day.
_DAY_SHIFT, _SOURCE_SHIFT = 14, 40
_DAYS_OF_A_SOURCE = 100_000


@dataclass(frozen=True)
class Arrivals:
    """New patients; arrays of one element a patient, int64. `day` is a day number."""

    serial: Integers
    pool: Integers
    diagnosis: Integers
    route: Integers
    day: Integers


@dataclass(frozen=True)
class _Source:
    """Patients of one pool, family and route; `weights` are those of its `diagnoses`."""

    number: int
    pool: int
    family: int
    route: int
    diagnoses: Integers
    weights: Floats
    mean: float


def arrivals(model: StayModel) -> Arrivals:
    """Return all new patients from the opening to the closing day, source by source."""
    days = np.arange(model.opening_day, model.closing_day + 1)
    stream = model.stream("arrival")
    parts = [
        _from_source(stream, source, days, _curve(model, source, days))
        for source in _sources(model)
        if source.mean > 0
    ]
    columns = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Arrivals(*columns)


def _sources(model: StayModel) -> list[_Source]:
    mix = model.mix
    sources: list[_Source] = []
    on_top = np.array([family.follows_covid for family in model.rules.pressure.families])
    newborns = model.pools.of_kind(NEWBORNS)
    for pool in (pool for pool in range(len(model.pools)) if pool != newborns):
        weights = mix.admissions[:, pool]
        usual = np.cumsum(np.where(on_top[mix.family], 0.0, weights))[-1]
        for family in range(len(mix.families)):
            mine = np.flatnonzero((mix.family == family) & (weights > 0))
            for route in (EMERGENCY, PLANNED) if len(mine) else ():
                planned = mix.planned_share[mine]
                share = weights[mine] * (planned if route == PLANNED else 1 - planned)
                mean = float(model.levels.admissions[pool] * np.cumsum(share)[-1] / usual)
                number = len(sources) + 1
                sources.append(_Source(number, pool, family, route, mine, share, mean))
    return sources


def _curve(model: StayModel, source: _Source, days: Integers) -> Integers:
    """Return the source's intensity on each day, in 1/1024 of an ordinary one."""
    rules = model.rules.timelines.returns
    intensity = model.pressure.planned
    if source.route == EMERGENCY:
        intensity = model.pressure.emergency[source.family]
    # Before the chains of returns have filled, new patients stand in for those who would come back.
    elapsed = days - model.opening_day
    late_from = rules.usual_stay_days + rules.shortest_days + rules.late_from_days
    early = np.maximum(elapsed - rules.usual_stay_days, 0) / rules.early_mean_days
    late = np.maximum(elapsed - late_from, 0) / rules.late_mean_days
    missing = exact.exp(-np.minimum(early, 700)) * model.levels.early_returns[source.pool]
    missing = missing + exact.exp(-np.minimum(late, 700)) * model.levels.late_returns[source.pool]
    boost = np.rint((1 + missing) * ONE).astype(np.int64)
    return intensity[: len(days)] * boost // ONE


def _from_source(
    stream: DrawStream, source: _Source, days: Integers, curve: Integers
) -> tuple[Integers, Integers, Integers, Integers, Integers]:
    """Return serial, pool, diagnosis, route and day of the source's patients."""
    places = max(_FEWEST_PLACES, ceil(source.mean * _PLACES))
    limit = np.minimum(int(np.rint(source.mean / places * _UNIT)) * curve, _CERTAIN)
    entity = days + source.number * _DAYS_OF_A_SOURCE
    bits: Bits = stream.bits(entity[:, None], np.arange(places)[None, :])
    coming = np.flatnonzero(
        ((bits >> np.uint64(32)) < limit.astype(np.uint64)[:, None]).reshape(-1)
    )
    row, place = np.divmod(coming, places)
    chosen = choose(bits.reshape(-1)[coming] << np.uint64(32), thresholds(source.weights))
    return (
        (source.number << _SOURCE_SHIFT) | (days[row] << _DAY_SHIFT) | place,
        np.full(len(coming), source.pool),
        source.diagnoses[chosen],
        np.full(len(coming), source.route),
        days[row],
    )
