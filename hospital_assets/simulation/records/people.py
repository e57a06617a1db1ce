"""The record `people`: everyone touched on a day."""

import numpy as np
import polars as pl

from hospital_assets.calendar.period import Period
from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.dates import as_dates
from hospital_assets.simulation.encounters import encounters
from hospital_assets.simulation.frames import Frames
from hospital_assets.simulation.hospital import Hospital
from hospital_assets.simulation.records import doctors
from hospital_assets.simulation.skeleton import Skeleton
from hospital_assets.simulation.staff import rosters

_PERSON_BITS = 24


def records(hospital: Hospital, days: Period, _: Frames) -> pl.DataFrame:
    """Return a row for each person touched on each of the days."""
    skeleton, (first, last) = hospital.skeleton, hospital.numbers(days)
    day, persons = _touched(skeleton, first, last)
    unique, row = np.unique(persons, return_inverse=True)
    order = np.lexsort((skeleton.people.person_id(unique)[row], day))
    day, persons, row = day[order], persons[order], row[order]
    registered = skeleton.people.registration_day(unique)[row]
    frame = hospital.identities.frame(unique)[row].with_columns(
        record_date=pl.Series(as_dates(day)),
        registration_date=pl.Series(as_dates(registered)),
        deceased_on=pl.Series(skeleton.deceased_on(persons, day)),
    )
    return frame.select(
        "record_date",
        pl.exclude("record_date", "registration_date", "deceased_on"),
        pl.when(pl.col("registration_date") <= pl.col("record_date")).then("registration_date"),
        "deceased_on",
    )


def _touched(skeleton: Skeleton, first: int, last: int) -> tuple[Integers, Integers]:
    """Return day and person of everyone digitised on a day or referred to by its records."""
    days = np.arange(first, last + 1)
    digitised = [skeleton.people.registered_on(int(day)) for day in days]
    shifts = rosters.shifts(skeleton.parameters.staffing, skeleton.posts, first, last)
    medical_day, medical_post = doctors.in_post(skeleton, first, last)
    staff_day = np.concatenate([shifts.day, medical_day])
    holder = skeleton.holders.at(np.concatenate([shifts.post, medical_post]), staff_day)
    active = encounters(skeleton, first, last)
    day = np.concatenate([np.repeat(days, [len(one) for one in digitised]), staff_day, active.day])
    person = np.concatenate([*digitised, skeleton.holders.person[holder], active.person])
    touched = np.unique((day << _PERSON_BITS) | person)
    return touched >> _PERSON_BITS, touched & ((1 << _PERSON_BITS) - 1)
