"""Stays that follow another: who comes back, when, with what, and to which beds."""

import numpy as np

from hospital_assets.simulation.chance.distributions import exponential, quantile
from hospital_assets.simulation.chance.draws import Bits, Integers, chance, choose_by_row
from hospital_assets.simulation.dates import MINUTES_PER_DAY
from hospital_assets.simulation.parameters.beds import CHILDREN, PALLIATIVE
from hospital_assets.simulation.stays.admission_times import arrival_minutes, decisions
from hospital_assets.simulation.stays.model import StayModel
from hospital_assets.simulation.stays.patients import EMERGENCY, PLANNED, Flags, Patients
from hospital_assets.simulation.stays.timelines import Timelines, timelines

_HOUR = 60
_MAINLY_PLANNED = 0.5


def with_returns(model: StayModel, first: Timelines) -> Timelines:
    """Return first stays and all stays that follow them, generation by generation.

    A chain ends when nobody comes back, or `chain_days` after its first arrival: its fate is known
    whatever the period's end.
    """
    generations = [first]
    for _ in range(model.rules.timelines.returns.longest_chain - 1):
        back = _returning(model, generations[-1])
        if not len(back):
            break
        generations.append(timelines(model, back))
    return Timelines.concatenate(generations)


def _returning(model: StayModel, stays: Timelines) -> Patients:
    """Return the patients of these stays who come back once more."""
    draws = model.stream("return").series(stays.serial, 6)
    early, late = _who(model, stays, draws[0])
    due = stays.end + _delays(model, early, draws[1])
    limit = stays.root_arrived + model.rules.timelines.chain_days * MINUTES_PER_DAY
    back = np.flatnonzero((early | late) & (due < limit))
    draws = [bits[back] for bits in draws]
    stays, late, day = stays.select(back), late[back], due[back] // MINUTES_PER_DAY

    unchanged, diagnosis = _diagnoses(model, stays, draws[2], draws[3])
    pool = _pools(model, stays, unchanged, diagnosis)
    route = _routes(model, late, day, diagnosis, draws[4])
    serial = (draws[5] >> np.uint64(1)).astype(np.int64)
    is_child = stays.age_band < model.mix.adult_band
    arrived = arrival_minutes(model, serial, diagnosis, route, is_child, day)
    soonest = model.rules.timelines.returns.shortest_hours_after_end * _HOUR
    arrived = np.maximum(arrived, stays.end + soonest)
    direct, decided, ready = decisions(
        model, serial, pool, diagnosis, route, arrived, stays.age_band
    )
    none = np.full(len(back), -1)
    return Patients(
        serial=serial,
        root=stays.root,
        root_row=stays.root_row,
        parent=stays.serial,
        generation=stays.generation + 1,
        pool=pool,
        diagnosis=diagnosis,
        route=route,
        sex=stays.sex,
        age_band=stays.age_band,
        arrived=arrived,
        decided=decided,
        ready=ready,
        direct=direct,
        gestation=none,
        birth_weight=np.zeros(len(back), np.int64),
        mother=none,
        root_arrived=stays.root_arrived,
    )


def _who(model: StayModel, stays: Timelines, bits: Bits) -> tuple[Flags, Flags]:
    """Return who comes back within weeks, and who within months."""
    early_share = model.mix.early_returns[stays.diagnosis]
    early_share = early_share * model.rules.timelines.returns.early_factor
    share = early_share + model.mix.late_returns[stays.diagnosis]
    drawn = (bits >> np.uint64(40)).astype(np.float64) / 2.0**24
    early = ~stays.died & (drawn < early_share)
    return early, ~stays.died & ~early & (drawn < share)


def _delays(model: StayModel, early: Flags, bits: Bits) -> Integers:
    """Return minutes from the end of a stay to the next one's due minute."""
    rules = model.rules.timelines.returns
    of_early = quantile(bits, exponential(rules.early_mean_days * MINUTES_PER_DAY))
    of_late = quantile(bits, exponential(rules.late_mean_days * MINUTES_PER_DAY))
    of_late = of_late + rules.late_from_days * MINUTES_PER_DAY
    return rules.shortest_days * MINUTES_PER_DAY + np.where(early, of_early, of_late)


def _diagnoses(
    model: StayModel, stays: Timelines, same: Bits, other: Bits
) -> tuple[Flags, Integers]:
    """Return who comes back with the same disease, and the diagnoses; what doesn't fit stays."""
    mix = model.mix
    unchanged = chance(same, mix.returns_unchanged[stays.diagnosis])
    child = stays.age_band < mix.adult_band
    group = np.where(child, mix.children_return_group, mix.return_group[stays.diagnosis])
    bounds = mix.return_bounds[group, :-1]
    another = choose_by_row(other, bounds)
    diagnosis = np.where(unchanged, stays.diagnosis, another)
    female_share = mix.female_share[diagnosis]
    rates = np.where(child[:, None], mix.age_rates_of_children[diagnosis], mix.age_rates[diagnosis])
    unfit = np.where(stays.sex == 1, female_share >= 1, female_share <= 0)
    unfit |= np.take_along_axis(rates, stays.age_band[:, None], 1)[:, 0] <= 0
    return unchanged, np.where(unfit, stays.diagnosis, diagnosis)


def _pools(model: StayModel, stays: Timelines, unchanged: Flags, diagnosis: Integers) -> Integers:
    """Return the pools that admit: the same ward for the same disease, the diagnosis's otherwise.

    Children come to children's beds; who was in palliative care comes back to it.
    """
    mix = model.mix
    no_ward = (stays.pool < 0) | model.pools.is_unit[np.maximum(stays.pool, 0)]
    ward = np.where(no_ward, mix.ward[diagnosis], stays.pool)
    pool = np.where(unchanged, ward, mix.main_pool[diagnosis])
    pool = np.where(stays.age_band < mix.adult_band, model.pools.of_kind(CHILDREN), pool)
    palliative = model.pools.of_kind(PALLIATIVE)
    return np.where(stays.pool == palliative, palliative, pool)


def _routes(
    model: StayModel, late: Flags, day: Integers, diagnosis: Integers, bits: Bits
) -> Integers:
    """Return PLANNED for some of the late returns of planned diagnoses, on working days."""
    mainly_planned = model.mix.planned_share[diagnosis] > _MAINLY_PLANNED
    planned = late & mainly_planned
    planned &= chance(bits, model.rules.timelines.returns.planned_share)
    planned &= model.pressure.works_on(day)
    return np.where(planned, PLANNED, EMERGENCY)
