"""First stays: sex and age of new patients, and when they ask for a bed."""

import numpy as np

from hospital_assets.simulation.chance.draws import Bits, Integers, chance
from hospital_assets.simulation.chance.exact import Floats
from hospital_assets.simulation.parameters.beds import CHILDREN
from hospital_assets.simulation.stays.admission_times import arrival_minutes, decisions
from hospital_assets.simulation.stays.arrivals import Arrivals
from hospital_assets.simulation.stays.case_mix import CaseMix
from hospital_assets.simulation.stays.model import StayModel
from hospital_assets.simulation.stays.patients import Patients

_CHANCE_BITS = np.uint64(32)


def first_stays(model: StayModel, coming: Arrivals, people: Integers) -> Patients:
    """Return the stays of new patients in order of arrival.

    `people` [sex, band] are the people of each sex and age band: old age is frequent among patients
    by its rate, and rare by its people.
    """
    sex, band = _sex_and_band(model, coming, people)
    arrived = arrival_minutes(
        model,
        coming.serial,
        coming.diagnosis,
        coming.route,
        band < model.mix.adult_band,
        coming.day,
    )
    direct, decided, ready = decisions(
        model, coming.serial, coming.pool, coming.diagnosis, coming.route, arrived, band
    )
    order = np.lexsort((coming.serial, arrived))
    none, zero = np.full(len(order), -1), np.zeros(len(order), np.int64)
    return Patients(
        serial=coming.serial[order],
        root=coming.serial[order],
        root_row=np.arange(len(order)),
        parent=none,
        generation=zero,
        pool=coming.pool[order],
        diagnosis=coming.diagnosis[order],
        route=coming.route[order],
        sex=sex[order],
        age_band=band[order],
        arrived=arrived[order],
        decided=decided[order],
        ready=ready[order],
        direct=direct[order],
        gestation=none,
        birth_weight=zero,
        mother=none,
        root_arrived=arrived[order],
    )


def age_bounds(mix: CaseMix, people: Integers) -> Bits:
    """Return the bounds that `age_bands` searches, [diagnosis, sex, adults, band] in one row.

    Weights are rates by age times `people` [sex, band]; children's bands for children's beds, the
    others for all others. Each row of bands is set off by 2**32 from the one before.
    """
    adult = np.arange(len(mix.band_edges) - 1) >= mix.adult_band
    bounds = []
    for diagnosis in range(len(mix.codes)):
        for sex in (0, 1):
            for rates, fits in (
                (mix.age_rates_of_children, ~adult),
                (mix.age_rates, adult),
            ):
                weights: Floats = rates[diagnosis] * people[sex] * fits
                cumulated = np.cumsum(weights)
                if cumulated[-1] <= 0:
                    cumulated = np.cumsum(fits * 1.0)
                bounds.append(np.floor(cumulated / cumulated[-1] * 2.0**32))
    rows = np.arange(len(bounds), dtype=np.uint64)[:, None] << _CHANCE_BITS
    return (np.array(bounds).astype(np.uint64) + rows).reshape(-1)


def age_bands(
    mix: CaseMix, bounds: Bits, bits: Bits, diagnosis: Integers, sex: Integers, adult: Integers
) -> Integers:
    """Return the age band of each draw: of an adult where `adult` is 1, of a child where 0."""
    bands = len(mix.band_edges) - 1
    row = (diagnosis * 2 + sex) * 2 + adult
    draw = (bits >> _CHANCE_BITS) + (row.astype(np.uint64) << _CHANCE_BITS)
    return np.minimum(np.searchsorted(bounds, draw, side="right") - row * bands, bands - 1)


def _sex_and_band(
    model: StayModel, coming: Arrivals, people: Integers
) -> tuple[Integers, Integers]:
    mix = model.mix
    female = chance(model.stream("who").bits(coming.serial), mix.female_share[coming.diagnosis])
    sex = np.where(female, 0, 1)
    adult = (coming.pool != model.pools.of_kind(CHILDREN)).astype(np.int64)
    bits = model.stream("age").bits(coming.serial)
    return sex, age_bands(mix, age_bounds(mix, people), bits, coming.diagnosis, sex, adult)
