"""Stays: how full the beds are, how long people stay, how stays end, and who comes back."""

from collections.abc import Callable
from datetime import timedelta
from itertools import combinations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hospital_assets.insight.scorecard.evidence import Evidence, minutes
from hospital_assets.insight.scorecard.measure import Measure
from hospital_assets.insight.scorecard.measured import (
    Counts,
    Measured,
    correlation,
    deviation,
    exactly,
    mean,
    memory,
    over_weeks,
    quantile,
    rate,
    ratio,
    share,
    share_of,
    without,
)

MEDICINE = pl.col("department") == "Medicine"
SURGERY = pl.col("department") == "Surgery"
PEDIATRICS = pl.col("department") == "Pediatrics"
OBSTETRICS = pl.col("department") == "Obstetrics and Gynaecology"
_DIED = pl.col("died")
_SURVIVED = pl.col("disposition") != "died"
_ELECTIVE = pl.col("admission_type").cast(pl.String) == "elective"
_CANCER = "^C"
_LEFT_ALIVE = pl.col("disposition").is_in(["home", "left_against_advice"])
# Weak series, such as the deaths of a department, are Poisson's noise and correlate with nothing.
_FEWEST_A_DAY = 3


def has_code(pattern: str) -> pl.Expr:
    """Return whether the main diagnosis is of a pattern."""
    return pl.col("diagnosis_code").str.contains(pattern)


def _died_of(*conditions: pl.Expr) -> Callable[[Evidence], Measured | None]:
    return lambda seen: share_of(seen.stays.filter(*conditions), _DIED)


def _died_more(these: pl.Expr, those: pl.Expr) -> Callable[[Evidence], Measured | None]:
    """Return how to measure how many times as often some die as others."""

    def measure(seen: Evidence) -> Measured | None:
        some, others = seen.stays.filter(these), seen.stays.filter(those)
        return ratio(
            float(some["died"].sum()), some.height, float(others["died"].sum()), others.height
        )

    return measure


def _lasts(*conditions: pl.Expr) -> Callable[[Evidence], Measured | None]:
    return lambda seen: quantile(seen.stays.filter(*conditions)["length"], 0.5)


def census(seen: Evidence) -> Counts:
    """Return the patients in beds at the end of each day."""
    taken = seen.tables["beds_taken"].group_by("census_date").agg(pl.col("taken").sum())
    counts = dict(taken.iter_rows())
    return np.array([float(counts.get(day, 0)) for day in seen.dates])


def _occupancy(seen: Evidence) -> Measured | None:
    return over_weeks(100 * census(seen) / seen.beds, lambda days: float(days.mean()))


def _taken_in(department: str) -> Callable[[Evidence], Measured | None]:
    """Return how to measure how many of a department's beds are taken at midnight."""

    def measure(seen: Evidence) -> Measured | None:
        taken = seen.tables["beds_taken"].filter(pl.col("department") == department)
        counts = dict(taken.select("census_date", "taken").iter_rows())
        beds = seen.facts.beds.get(department, 0)
        if not beds:
            return None
        days = np.array([100 * float(counts.get(day, 0)) / beds for day in seen.dates])
        return over_weeks(days, lambda shares: float(shares.mean()))

    return measure


def _dead_soon_after(seen: Evidence) -> Measured | None:
    """Return how many who left Medicine alive are dead within 30 days.

    Of those whose file is not yet digitised, since each of them has a record on the day of death.
    """
    followed = seen.days.last_day - timedelta(days=30)
    gone = pl.col("discharged_at").dt.date()
    undigitised = pl.col("registration_date").is_null() | (pl.col("registration_date") > gone)
    left = seen.stays.filter(MEDICINE, _LEFT_ALIVE, gone <= followed, undigitised).join(
        seen.tables["deaths"].select("person_id", "deceased_on"), on="person_id", how="left"
    )
    lived = (pl.col("deceased_on") - pl.col("discharged_at").dt.date()).dt.total_days()
    return share_of(left, lived <= 30)


def _fullest(seen: Evidence) -> Measured | None:
    return exactly(float(100 * census(seen).max() / seen.beds))


def _census_scatter(seen: Evidence) -> Measured | None:
    """Return the census's deviation, in per cent of the beds."""
    return over_weeks(100 * census(seen) / seen.beds, lambda days: float(days.std()))


def _into_beds(seen: Evidence) -> int:
    """Return how many stays begin in a bed: newborns in a cot don't."""
    first = pl.col("sequence") == 1
    begun = pl.col("started_at").dt.date() >= seen.days.first_day
    return seen.tables["bed_movements"].filter(first, begun).height


def _dispersion(seen: Evidence) -> Measured | None:
    """Return the variance of admissions a day by their mean, weekdays and months divided out."""
    counts = seen.daily(seen.admissions)
    left = without(counts, seen.weekdays, seen.months)
    return over_weeks(left, lambda days: float(days.var() / counts.mean()))


def _admissions_follow_arrivals(seen: Evidence) -> Measured | None:
    return correlation(
        without(seen.daily(seen.emergencies), seen.weekdays),
        without(seen.daily(seen.admissions), seen.weekdays),
    )


def _most_alike(seen: Evidence) -> Measured | None:
    """Return the largest correlation of the arrivals a day of two departments or settings.

    Weekdays divided out, and of days on which either has arrivals: clinics are closed on the same
    ones.
    """
    groups = [
        *seen.arrivals.partition_by("encounter_class"),
        *seen.arrivals.partition_by("encounter_class", "department"),
    ]
    often = [rows for rows in groups if rows.height >= _FEWEST_A_DAY * seen.days.length]
    # A class that has one department is that department.
    series = [seen.daily(rows) for rows in {rows.height: rows for rows in often}.values()]
    found = [_in_step(one, other, seen.weekdays) for one, other in combinations(series, 2)]
    known = [each for each in found if each is not None]
    return max(known, key=lambda each: each.value, default=None)


def _in_step(one: Counts, other: Counts, weekdays: NDArray[np.int64]) -> Measured | None:
    both = (one > 0) & (other > 0)
    return correlation(without(one[both], weekdays[both]), without(other[both], weekdays[both]))


def _deaths_by_hour(seen: Evidence) -> Measured | None:
    """Return the share of deaths in the two hours that have most of them."""
    dead = seen.stays.filter(_DIED)
    hours = np.bincount(dead["discharged_at"].dt.hour().to_numpy() // 2, minlength=12)
    return share(int(hours.max()), dead.height)


def _left_by(hour: int) -> Callable[[Evidence], Measured | None]:
    early = pl.col("discharged_at").dt.hour() < hour
    return lambda seen: share_of(seen.stays.filter(_SURVIVED), early)


def _left_at_weekends(seen: Evidence) -> Measured | None:
    return share_of(seen.stays.filter(_SURVIVED), pl.col("discharged_at").dt.weekday() >= 6)


def _left_on(day: int, other: int) -> Callable[[Evidence], Measured | None]:
    def measure(seen: Evidence) -> Measured | None:
        days = seen.stays.filter(_SURVIVED)["discharged_at"].dt.weekday()
        return ratio(float((days == day).sum()), 1, float((days == other).sum()), 1)

    return measure


def _back(within: int, *conditions: pl.Expr) -> Callable[[Evidence], Measured | None]:
    """Return how to measure how many of those who went home are in a bed again within days."""

    def measure(seen: Evidence) -> Measured | None:
        followed = seen.days.last_day - timedelta(days=within)
        left = seen.stays.filter(
            _LEFT_ALIVE, pl.col("discharged_at").dt.date() <= followed, *conditions
        )
        home = minutes(pl.col("next_at") - pl.col("discharged_at")) / 1440
        return share_of(left, home <= within)

    return measure


def _other_cancer(seen: Evidence) -> Measured | None:
    """Return how many stays for a cancer are followed by one for a cancer of another organ."""
    both = seen.stays.filter(has_code(_CANCER), pl.col("next_code").str.contains(_CANCER))
    organ = pl.col("diagnosis_code").str.slice(0, 3) != pl.col("next_code").str.slice(0, 3)
    return share_of(both, organ)


def _admitted_aged(low: int, high: int, where: pl.Expr) -> Callable[[Evidence], Measured | None]:
    aged = pl.col("age_years").is_between(low, high)
    return lambda seen: share_of(seen.admissions.filter(where), aged)


def _planned_hours(seen: Evidence) -> Measured | None:
    planned = seen.admissions.filter(_ELECTIVE)
    return share_of(planned, pl.col("admitted_at").dt.hour().is_between(6, 11))


MEASURES = (
    Measure("occupancy", _occupancy),
    Measure("occupancy_medicine", _taken_in("Medicine")),
    Measure("occupancy_icu", _taken_in("ICU")),
    Measure("fullest_midnight", _fullest),
    Measure("census_deviation", _census_scatter),
    Measure("census_memory", lambda seen: memory(without(census(seen), seen.weekdays))),
    Measure(
        "census_memory_within_months",
        lambda seen: memory(without(census(seen), seen.weekdays, seen.months)),
    ),
    Measure(
        "admissions_per_bed",
        lambda seen: rate(_into_beds(seen), seen.beds * seen.days.length),
    ),
    Measure("admissions_dispersion", _dispersion),
    Measure("admissions_follow_arrivals", _admissions_follow_arrivals),
    Measure("most_alike_series", _most_alike),
    Measure("stay_mean", lambda seen: mean(seen.stays["length"])),
    Measure("stay_deviation", lambda seen: deviation(seen.stays["length"])),
    Measure("stay_median", lambda seen: quantile(seen.stays["length"], 0.5)),
    Measure("stay_gastroenteritis", _lasts(MEDICINE, has_code("^A09"))),
    Measure("stay_tuberculosis", _lasts(MEDICINE, has_code("^(A1[5-9]|B20.0)"))),
    Measure("stay_stroke", _lasts(has_code("^I6[0-4]"))),
    Measure("stay_psychiatry", lambda seen: mean(
        seen.stays.filter(pl.col("department") == "Psychiatry")["length"])),
    Measure("stay_surgery", lambda seen: mean(seen.stays.filter(SURGERY)["length"])),
    Measure("stay_children", lambda seen: mean(seen.stays.filter(PEDIATRICS)["length"])),
    Measure("mortality", lambda seen: share_of(seen.stays, _DIED)),
    Measure("mortality_medicine", _died_of(MEDICINE)),
    Measure("mortality_surgery", _died_of(SURGERY)),
    Measure("mortality_children", _died_of(PEDIATRICS)),
    Measure("mortality_sepsis", _died_of(MEDICINE, has_code("^A4[01]"))),
    Measure("mortality_hypertension", _died_of(MEDICINE, has_code("^I1[0-3]"))),
    Measure("mortality_pneumonia", _died_of(MEDICINE, has_code("^J1[2-8]"))),
    Measure("mortality_tuberculosis", _died_of(MEDICINE, has_code("^(A1[5-9]|B20.0)"))),
    Measure("mortality_stroke", _died_of(has_code("^I6[0-4]"))),
    Measure(
        "mortality_rises_with_age",
        _died_more(MEDICINE & (pl.col("age_years") >= 65),
                   MEDICINE & pl.col("age_years").is_between(15, 44)),
    ),
    Measure(
        "sepsis_against_hypertension",
        _died_more(MEDICINE & has_code("^A4[01]"), MEDICINE & has_code("^I1[0-3]")),
    ),
    Measure("dead_soon_after_medicine", _dead_soon_after),
    Measure("deaths_by_hour", _deaths_by_hour),
    Measure("left_before_noon", _left_by(12)),
    Measure("left_before_15", _left_by(15)),
    Measure("left_at_weekends", _left_at_weekends),
    Measure("left_on_friday_to_sunday", _left_on(5, 7)),
    Measure(
        "back_in_30_days",
        _back(30, ~OBSTETRICS, ~has_code("^[COPZ]")),
    ),
    Measure("back_in_30_days_medicine", _back(30, MEDICINE)),
    Measure("back_in_30_days_surgery", _back(30, SURGERY)),
    Measure("back_in_30_days_heart_failure", _back(30, has_code("^I50"))),
    Measure("back_in_30_days_delivery", _back(30, has_code("^O8[0-4]"))),
    Measure("back_in_365_days_medicine", _back(365, MEDICINE)),
    Measure("other_cancer", _other_cancer),
    Measure("children_under_1", _admitted_aged(0, 0, PEDIATRICS)),
    Measure("children_under_5", _admitted_aged(0, 4, PEDIATRICS)),
    Measure("adults_among_children", _admitted_aged(14, 120, PEDIATRICS)),
    Measure("medicine_age", lambda seen: mean(seen.admissions.filter(MEDICINE)["age_years"])),
    Measure("medicine_25_to_44", _admitted_aged(25, 44, MEDICINE)),
    Measure("medicine_65_and_over", _admitted_aged(65, 120, MEDICINE)),
    Measure("patients_from_soweto", lambda seen: share_of(seen.admissions, pl.col("from_soweto"))),
    Measure("destination_known", lambda seen: share_of(
        seen.stays, pl.col("discharge_destination").is_not_null())),
    Measure("emergency_before_the_stay", lambda seen: share_of(
        seen.admissions.filter(pl.col("admission_source") == "emergency_department"),
        pl.col("preceding_encounter_id").is_not_null())),
    Measure("planned", lambda seen: share_of(seen.admissions, _ELECTIVE)),
    Measure("planned_in_the_morning", _planned_hours),
    Measure(
        "planned_at_weekends",
        lambda seen: share_of(
            seen.admissions.filter(_ELECTIVE), pl.col("admitted_at").dt.weekday() >= 6
        ),
    ),
)  # fmt: skip
