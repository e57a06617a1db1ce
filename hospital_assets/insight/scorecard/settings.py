"""Settings: one person in the ward, in the clinic and in the emergency department."""

from datetime import timedelta

import polars as pl

from hospital_assets.insight.scorecard.evidence import Evidence, minutes
from hospital_assets.insight.scorecard.measure import Measure
from hospital_assets.insight.scorecard.measured import (
    Measured,
    exactly,
    ratio_of_means,
    share,
    share_of,
)

_FOLLOW_UP_DAYS = 60
_YEAR = 365
_MANY_VISITS = 4


def _follow_up(seen: Evidence) -> Measured | None:
    """Return how many who went home are seen in a clinic within two months."""
    followed = seen.days.last_day - timedelta(days=_FOLLOW_UP_DAYS)
    home = seen.stays.filter(
        pl.col("disposition") == "home", pl.col("discharged_at").dt.date() <= followed
    ).select("encounter_id", "person_id", "discharged_at")
    visits = seen.visits.select("person_id", visit_at="admitted_at").sort("visit_at")
    next_visit = home.sort("discharged_at").join_asof(
        visits, left_on="discharged_at", right_on="visit_at", by="person_id", strategy="forward",
        check_sortedness=False,
    )  # fmt: skip
    days = minutes(pl.col("visit_at") - pl.col("discharged_at")) / 1440
    return share_of(next_visit, days <= _FOLLOW_UP_DAYS)


def _of_a_year(seen: Evidence, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the encounters of the last year, or of all days where these are fewer.

    How many persons come twice, or to two places, grows with the days that are looked at.
    """
    begin = seen.days.last_day - timedelta(days=_YEAR - 1)
    return rows.filter(pl.col("admitted_at").dt.date() >= begin)


def _also(seen: Evidence, rows: pl.DataFrame, others: pl.DataFrame) -> Measured | None:
    """Return how many persons of the first are among those of the others, within a year."""
    persons = _of_a_year(seen, rows).select("person_id").unique()
    there = persons.join(_of_a_year(seen, others), on="person_id", how="semi")
    return share(there.height, persons.height)


def _visits_of_last_year(seen: Evidence) -> pl.Series | None:
    if seen.days.length < _YEAR:
        return None
    return _of_a_year(seen, seen.emergencies).group_by("person_id").len()["len"]


def _frequent_persons(seen: Evidence) -> Measured | None:
    visits = _visits_of_last_year(seen)
    return None if visits is None else share(int((visits > _MANY_VISITS).sum()), len(visits))


def _visits_of_frequent(seen: Evidence) -> Measured | None:
    visits = _visits_of_last_year(seen)
    if visits is None:
        return None
    return share(int(visits.filter(visits > _MANY_VISITS).sum()), int(visits.sum()))


def _days_between(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the days from each visit to the person's next."""
    day = pl.col("admitted_at").dt.date()
    return (
        rows.select("person_id", "admitted_at")
        .sort("person_id", "admitted_at")
        .select(days=(day.shift(-1).over("person_id") - day).dt.total_days())
        .filter(pl.col("days") > 0)
    )


def _clinics_on_free_days(seen: Evidence) -> Measured | None:
    free = set(seen.facts.holidays)
    days = pl.col("admitted_at").dt.date()
    return share_of(seen.visits, (days.dt.weekday() >= 6) | days.is_in(list(free)))


def _two_places(seen: Evidence) -> Measured | None:
    """Return the encounters that begin while the person's one before goes on."""
    end = pl.coalesce("discharged_at", pl.lit(seen.days.last_day).cast(pl.Datetime("us")))
    ordered = seen.encounters.select("person_id", "admitted_at", "discharged_at").sort(pl.all())
    before = end.shift(1).over("person_id")
    return exactly(ordered.filter(before > pl.col("admitted_at")).height)


def _regulars(seen: Evidence) -> Measured | None:
    """Return the share of clinic visits by persons with four or more within a year."""
    visits = _of_a_year(seen, seen.visits).group_by("person_id").len()["len"]
    return share(int(visits.filter(visits >= 4).sum()), int(visits.sum()))


def _monday_clinics(seen: Evidence) -> Measured | None:
    """Return the clinic visits of a Monday against those of a Thursday."""
    free = set(seen.facts.holidays)
    visits = seen.daily(seen.visits)
    monday, thursday = (
        (seen.weekdays == day) & seen.where(lambda one: one not in free) for day in (0, 3)
    )
    return ratio_of_means(visits[monday], visits[thursday])


MEASURES = (
    Measure("clinic_after_discharge", _follow_up),
    Measure("inpatients_in_clinics", lambda seen: _also(seen, seen.stays, seen.visits)),
    Measure(
        "inpatients_in_emergency",
        lambda seen: _also(
            seen, seen.stays, seen.emergencies.filter(pl.col("disposition") != "admitted")
        ),
    ),
    Measure(
        "clinic_patients_in_emergency", lambda seen: _also(seen, seen.visits, seen.emergencies)
    ),
    Measure("frequent_attenders", _frequent_persons),
    Measure("visits_of_frequent_attenders", _visits_of_frequent),
    Measure(
        "even_intervals",
        lambda seen: share_of(_days_between(seen.visits), pl.col("days") % 2 == 0),
    ),
    Measure(
        "intervals_of_six",
        lambda seen: share_of(_days_between(seen.emergencies), pl.col("days") % 6 == 0),
    ),
    Measure("clinic_regulars", _regulars),
    Measure("clinic_mondays", _monday_clinics),
    Measure("clinics_on_free_days", _clinics_on_free_days),
    Measure("in_two_places", _two_places),
)
