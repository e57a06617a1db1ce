"""The record `people`: everyone touched on a day."""

import numpy as np
import polars as pl

from hospital_assets.calendar.period import Period
from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.dates import as_dates, completed_years
from hospital_assets.simulation.encounters import encounters
from hospital_assets.simulation.frames import Frames
from hospital_assets.simulation.hospital import Hospital
from hospital_assets.simulation.medical_staff import medical_staff
from hospital_assets.simulation.people.next_of_kin import RELATIONS, next_of_kin
from hospital_assets.simulation.population.person_numbers import NOBODY
from hospital_assets.simulation.rosters import roster

_PERSON_BITS = 24


def records(hospital: Hospital, days: Period, _: Frames) -> pl.DataFrame:
    """Return a row for each person touched on each of the days."""
    population = hospital.population
    day, persons = _touched(hospital, *hospital.numbers(days))
    unique, row = np.unique(persons, return_inverse=True)
    order = np.lexsort((population.registration.person_ids(unique)[row], day))
    day, persons, row = day[order], persons[order], row[order]
    kin, relation = next_of_kin(population, persons, day)
    registered = as_dates(population.registration.days(unique)[row])
    died = as_dates(population.deaths.days(unique)[row])
    identity = hospital.identities.of(unique)
    phones = hospital.identities.phones
    ages = completed_years(identity.born[row], day)
    frame = hospital.identities.frame(identity)[row].with_columns(
        record_date=pl.Series(as_dates(day)),
        phone=phones.numbers(phones.holders(persons, ages, kin, relation)),
        id_known=pl.Series(identity.id_known_from[row] <= day),
        payer_class=hospital.identities.payers(identity, row, day),
        mother_id=_ids(hospital, _mothers(hospital, unique))[row],
        next_of_kin_id=_ids(hospital, kin),
        next_of_kin_relationship=_relationships(relation),
        registration_date=pl.Series(registered),
        deceased_on=pl.Series(died),
    )
    known = pl.col("record_date")
    return frame.with_columns(
        pl.when("id_known").then("id_number").alias("id_number"),
        pl.when(pl.col("registration_date") <= known).then("registration_date"),
        pl.when(pl.col("deceased_on") <= known).then("deceased_on"),
    ).drop("id_known")


def _touched(hospital: Hospital, first: int, last: int) -> tuple[Integers, Integers]:
    """Return day and person of everyone registered on a day or referred to by its records."""
    days = np.arange(first, last + 1)
    registered = [hospital.population.registration.registered_on(int(day)) for day in days]
    staff = roster(hospital, first, last)
    doctors = medical_staff(hospital, first, last)
    active = encounters(hospital, first, last)
    parts = [
        (np.repeat(days, [len(one) for one in registered]), np.concatenate(registered)),
        (staff.assignments.day, staff.assignments.person),
        (staff.missed.day, staff.missed.person),
        (doctors.day, doctors.person),
        (active.day, active.person),
    ]
    day = np.concatenate([one for one, _ in parts])
    person = np.concatenate([one for _, one in parts])
    somebody = person != NOBODY
    touched = np.unique((day[somebody] << _PERSON_BITS) | person[somebody])
    return touched >> _PERSON_BITS, touched & ((1 << _PERSON_BITS) - 1)


def _mothers(hospital: Hospital, persons: Integers) -> Integers:
    """Return each person's mother, NOBODY too where the woman died before the birth."""
    population = hospital.population
    mothers = population.families.mothers(persons)
    known = np.flatnonzero(mothers != NOBODY)
    dead = population.deaths.days(mothers[known]) < population.births.days(persons[known])
    mothers[known[dead]] = NOBODY
    return mothers


def _ids(hospital: Hospital, persons: Integers) -> pl.Series:
    """Return the numbers in the master index, null for NOBODY."""
    found = persons != NOBODY
    ids = hospital.population.registration.person_ids(np.where(found, persons, 0))
    return pl.select(pl.when(pl.Series(found)).then(pl.Series(ids))).to_series()


def _relationships(relation: Integers) -> pl.Series:
    names: list[str | None] = [None, *RELATIONS[1:]]
    return pl.Series(names).gather(relation)
