"""All stays of a hospital in a period: the order of work, from the people to the beds."""

from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np

from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.dates import MINUTES_PER_DAY, day_number
from hospital_assets.simulation.population.person_numbers import SEXES
from hospital_assets.simulation.population.population import Population
from hospital_assets.simulation.stays.arrivals import arrivals
from hospital_assets.simulation.stays.bed_allocation import (
    BedTimes,
    admission_minutes,
    give_beds,
    of_unknown_place,
)
from hospital_assets.simulation.stays.fates import settle
from hospital_assets.simulation.stays.first_stays import first_stays
from hospital_assets.simulation.stays.model import StayModel
from hospital_assets.simulation.stays.newborns import HospitalBirths, births
from hospital_assets.simulation.stays.persons import find_persons
from hospital_assets.simulation.stays.returns import with_returns
from hospital_assets.simulation.stays.timelines import Timelines, timelines
from hospital_assets.simulation.stays.transfers import NO_TRANSFER, choose_transfers
from hospital_assets.simulation.stays.ward_parts import risk_of_death


@dataclass(frozen=True)
class HospitalStays:
    """The stays in order of arrival and serial number; arrays of one element a stay unless said.

    `persons` are person numbers; `transfer_slots` the slot of the day in which a stay ends with a
    transfer, or -1; `beds` the times in beds; `admitted` the minute of admission, or -1 where no
    bed was given: died before, sent to another hospital, cancelled, a newborn's cot, or outside the
    days on which beds are given.
    """

    timelines: Timelines
    persons: Integers
    transfer_slots: Integers
    beds: BedTimes
    admitted: Integers


def hospital_stays(model: StayModel, population: Population) -> HospitalStays:
    """Return the stays of a model's period, with the persons of a population, in the model's beds.

    Each step asks only what is settled before it. A period that ends later changes none of the
    stays that arrive, nor the times in beds that begin, before its end.
    """
    rules = model.rules
    born, wished = wished_stays(model, population)
    first_slot_day = model.first_day - rules.beds.warm_up_days
    last_slot_day = model.last_day + rules.transfer_choice.longest_stay_days
    stays, slots = choose_transfers(
        model.seed, rules.transfer_choice, model.mix, wished, first_slot_day, last_slot_day
    )
    found = find_persons(
        model.seed,
        rules.persons,
        model.mix,
        population,
        born,
        stays,
        wished.end,
        risk_of_death(model, stays),
    )
    # What arrives beyond only told the fate of chains.
    within = found.stays.arrived < (model.closing_day + 1) * MINUTES_PER_DAY
    stays, slots = found.stays.select(within), slots[found.kept][within]
    beds = give_beds(model, stays, slots != NO_TRANSFER)
    known = ~of_unknown_place(model, stays, beds)
    stays, beds = stays.select(known), beds.of_stays(known)
    admitted = admission_minutes(model, stays, beds)
    return HospitalStays(stays, found.persons[within][known], slots[known], beds, admitted)


def wished_stays(model: StayModel, population: Population) -> tuple[HospitalBirths, Timelines]:
    """Return the births, and the stays as patients wish them, by arrival and serial number.

    Nobody is transferred yet, and nobody has a bed.
    """
    rules, mix = model.rules, model.mix
    coming = first_stays(model, arrivals(model), people_by_band(model, population))
    first = timelines(model, coming)
    course = partial(timelines, model)
    born = births(model.seed, rules.maternity, rules.newborns, mix, population, first, course)
    chains = with_returns(model, Timelines.concatenate([first, born.newborns]))
    settled = settle(model.seed, rules.maternity, population.deaths, born, chains)
    return born, settled.select(np.lexsort((settled.serial, settled.arrived)))


def people_by_band(model: StayModel, population: Population) -> Integers:
    """Return who lives of each sex and age band [sex, band] on the population's reference day."""
    day = day_number(population.rules.population.reference_day)
    edges = model.mix.band_edges
    people = np.zeros((len(SEXES), len(edges) - 1), np.int64)
    for sex in SEXES:
        for band, (low, high) in enumerate(pairwise(edges.tolist())):
            oldest, youngest = population.births.ranks_of_ages(sex, low, high - 1, day)
            living = population.deaths.living_before(sex, np.array([oldest, youngest]), day)
            people[sex, band] = living[1] - living[0]
    return people
