"""The calendar: Christmas, epidemics, seasons and bans, seen in the daily series."""

from collections.abc import Callable
from datetime import date

import polars as pl

from hospital_assets.insight.scorecard.evidence import Evidence
from hospital_assets.insight.scorecard.measure import Measure
from hospital_assets.insight.scorecard.measured import (
    Measured,
    rate,
    ratio,
    ratio_of_means,
    share_of,
)
from hospital_assets.insight.scorecard.stays import census, has_code

_FLU, _BRONCHIOLITIS, _COVID = "^J(09|10|11)", "^J21", "^U07"
_TRAUMA = "^(S|T0|X9|Y0|V)"
_WHOLE_YEAR = 365
# The days on which alcohol could not be sold in whole, and the same days of years without a ban.
_BANNED = ((date(2020, 12, 29), date(2021, 2, 1)), (date(2021, 6, 28), date(2021, 7, 25)))


def _christmas(seen: Evidence) -> Measured | None:
    """Return the census after Christmas against that of the November before."""
    taken = census(seen)
    after = seen.where(lambda day: day.month == 12 and 25 <= day.day <= 28)
    before = seen.where(lambda day: day.month == 11 and day.day <= 27)
    return ratio_of_means(taken[after], taken[before])


def _covid_admissions(year: int, month: int) -> Callable[[Evidence], Measured | None]:
    """Return how to measure the stays for COVID-19 that begin in a month, for 1,180 beds."""

    def measure(seen: Evidence) -> Measured | None:
        if date(year, month, 1) not in seen.days or date(year, month, 28) not in seen.days:
            return None
        begun = pl.col("admitted_at").dt
        stays = seen.admissions.filter(
            has_code(_COVID), begun.year() == year, begun.month() == month
        )
        return rate(stays.height, seen.beds / 1180)

    return measure


def _in_weeks(pattern: str, first: int, last: int) -> Callable[[Evidence], Measured | None]:
    """Return how to measure the share of a disease in some weeks, of years that are whole."""

    def measure(seen: Evidence) -> Measured | None:
        if seen.days.length < _WHOLE_YEAR:
            return None
        rows = seen.arrivals.filter(has_code(pattern))
        return share_of(rows, pl.col("admitted_at").dt.week().is_between(first, last))

    return measure


def _of_months(pattern: str, *months: int) -> Callable[[Evidence], Measured | None]:
    """Return how to measure how much more frequent a disease is in some months of the year."""

    def measure(seen: Evidence) -> Measured | None:
        counts = seen.daily(seen.arrivals.filter(has_code(pattern)))
        inside = seen.where(lambda day: day.month in months)
        return ratio_of_means(counts[inside], counts[~inside])

    return measure


def _flu_of_2021(seen: Evidence) -> Measured | None:
    """Return influenza in 2021 against that of 2023."""
    if date(2021, 1, 1) not in seen.days or date(2023, 12, 31) not in seen.days:
        return None
    years = seen.arrivals.filter(has_code(_FLU))["admitted_at"].dt.year()
    return ratio(float((years == 2021).sum()), 1, float((years == 2023).sum()), 1)


def _banned(seen: Evidence) -> Measured | None:
    """Return trauma on days without the sale of alcohol against the same days of later years."""
    trauma = seen.daily(seen.emergencies.filter(has_code(_TRAUMA)))

    def same_days(day: date) -> bool:
        return day.year >= 2022 and any(
            (first.month, first.day) <= (day.month, day.day) <= (last.month, last.day)
            or (first.year < last.year
                and ((day.month, day.day) >= (first.month, first.day)
                     or (day.month, day.day) <= (last.month, last.day)))
            for first, last in _BANNED
        )  # fmt: skip

    banned = seen.where(lambda day: any(first <= day <= last for first, last in _BANNED))
    other = seen.where(same_days)
    return ratio_of_means(trauma[banned], trauma[other])


def _holiday_attendances(seen: Evidence) -> Measured | None:
    """Return the stays that begin as planned between Christmas and New Year against November's."""
    planned = seen.admissions.filter(pl.col("admission_type").cast(pl.String) == "elective")
    counts = seen.daily(planned)
    feast = seen.where(
        lambda day: (day.month, day.day) >= (12, 20) or (day.month, day.day) <= (1, 3)
    )
    before = seen.where(lambda day: day.month == 11)
    return ratio_of_means(counts[feast], counts[before])


MEASURES = (
    Measure("christmas_census", _christmas),
    Measure("christmas_planned", _holiday_attendances),
    Measure("covid_january_2021", _covid_admissions(2021, 1)),
    Measure("covid_july_2021", _covid_admissions(2021, 7)),
    Measure("covid_october_2021", _covid_admissions(2021, 10)),
    Measure("covid_december_2021", _covid_admissions(2021, 12)),
    Measure("covid_july_2023", _covid_admissions(2023, 7)),
    Measure("influenza_season", _in_weeks(_FLU, 17, 35)),
    Measure("influenza_2021", _flu_of_2021),
    Measure("bronchiolitis_season", _in_weeks(_BRONCHIOLITIS, 6, 26)),
    Measure("burns_in_winter", _of_months("^T(2[0-9]|3[0-2])", 5, 6, 7)),
    Measure("gastroenteritis_season", _of_months("^A0[89]", 5, 6, 7)),
    Measure("alcohol_bans", _banned),
)
