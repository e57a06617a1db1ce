"""The emergency department: who comes when, how urgent, how long it takes, and how it ends."""

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hospital_assets.insight.scorecard.evidence import Evidence, minutes
from hospital_assets.insight.scorecard.measure import Measure
from hospital_assets.insight.scorecard.measured import (
    Counts,
    Measured,
    correlation,
    memory,
    over_weeks,
    quantile,
    ratio_of_means,
    share_of,
    without,
)
from hospital_assets.insight.scorecard.stays import census, has_code

ASSAULT = "^(X9[1-9]|Y0[0-4])"
_PENETRATING = "^(X9[3-59])"
_COLOURS = ("red", "orange", "yellow", "green")
# Wounds of chest and abdomen, infarction, stroke, meningitis, broken hip and shin, appendicitis.
_GRAVE = r"^(S21\.9|S31\.8|I21|I6[13]|G03|S72\.0|S82\.2|K35)"
_HOME = pl.col("disposition").is_in(["home", "left_against_advice"])
_ADMITTED = pl.col("disposition") == "admitted"
_FULL, _EMPTY = 0.94, 0.84


def _arrivals(seen: Evidence) -> Counts:
    return seen.daily(seen.emergencies)


def _left_over(seen: Evidence) -> Counts:
    """Return the arrivals a day without weekdays and months, by their mean."""
    arrivals = _arrivals(seen)
    left: Counts = without(arrivals, seen.weekdays, seen.months) / max(arrivals.mean(), 1e-9)
    return left


def _dispersion(seen: Evidence) -> Measured | None:
    arrivals = _arrivals(seen)
    left = without(arrivals, seen.weekdays, seen.months)
    return over_weeks(left, lambda days: float(days.var() / arrivals.mean()))


def _mondays(seen: Evidence) -> Measured | None:
    arrivals, monday = _arrivals(seen), seen.weekdays == 0
    return ratio_of_means(arrivals[monday], arrivals)


def _uneven_hours(seen: Evidence) -> Measured | None:
    """Return by how much an hour's arrivals differ most from the mean of its neighbours', in %."""
    hour = pl.col("admitted_at").dt.hour()
    by_hour = [seen.daily(seen.emergencies.filter(hour == one)) for one in range(24)]
    arrivals = np.stack(by_hour, axis=1)
    # Found once: the greatest of 24 deviations that chance alone makes is never a small one.
    worst = int(np.argmax(_deviations(arrivals)))
    return over_weeks(arrivals, lambda days: float(_deviations(days)[worst]))


def _deviations(arrivals: Counts) -> NDArray[np.float64]:
    counts = arrivals.sum(axis=0)
    around = (np.roll(counts, 1) + np.roll(counts, -1)) / 2
    deviations: NDArray[np.float64] = 100 * np.abs(counts / np.maximum(around, 1) - 1)
    return deviations


def _colour(name: str) -> Callable[[Evidence], Measured | None]:
    return lambda seen: share_of(seen.emergencies, pl.col("triage") == name)


def _ended(seen: Evidence, *conditions: pl.Expr) -> pl.DataFrame:
    return seen.emergencies.filter(pl.col("discharged_at").is_not_null(), *conditions)


def _home(*conditions: pl.Expr) -> Callable[[Evidence], Measured | None]:
    return lambda seen: share_of(_ended(seen, *conditions), _HOME)


def _ambulance(*conditions: pl.Expr) -> Callable[[Evidence], Measured | None]:
    came = pl.col("admission_source") == "ambulance"
    return lambda seen: share_of(seen.emergencies.filter(*conditions), came)


def _waits(colour: str) -> Callable[[Evidence], Measured | None]:
    def measure(seen: Evidence) -> Measured | None:
        waited = minutes(pl.col("seen_at") - pl.col("admitted_at"))
        rows = seen.emergencies.filter(pl.col("triage") == colour).select(waited=waited)
        return quantile(rows["waited"], 0.5)

    return measure


def _waits_with_load(seen: Evidence) -> Measured | None:
    """Return the correlation of a day's arrivals and its mean wait."""
    waited = minutes(pl.col("seen_at") - pl.col("admitted_at"))
    by_day = dict(
        seen.emergencies.group_by(pl.col("admitted_at").dt.date()).agg(waited.mean()).iter_rows()
    )
    waits = np.array([float(by_day.get(day) or 0) for day in seen.dates])
    return correlation(without(_arrivals(seen), seen.months), waits)


def _unseen(seen: Evidence) -> Measured | None:
    return share_of(_ended(seen), pl.col("seen_at").is_null())


def _time_of_admitted(level: float) -> Callable[[Evidence], Measured | None]:
    def measure(seen: Evidence) -> Measured | None:
        stayed = minutes(pl.col("discharged_at") - pl.col("admitted_at"))
        return quantile(seen.emergencies.filter(_ADMITTED).select(t=stayed)["t"], level)

    return measure


def _boarding(seen: Evidence) -> pl.DataFrame:
    """Return the minutes from the decision to the bed, with the day, of those who are admitted."""
    waiting = seen.emergencies.filter(_ADMITTED).select("person_id", "decided_at")
    first_beds = (
        seen.admissions.join(
            seen.tables["bed_movements"].filter(
                pl.col("sequence") == pl.col("sequence").min().over("encounter_id")
            ),
            on="encounter_id",
        )
        .select("person_id", "started_at")
        .sort("started_at")
    )  # fmt: skip
    return (
        waiting.drop_nulls()
        .sort("decided_at")
        .join_asof(first_beds, left_on="decided_at", right_on="started_at", by="person_id",
                   strategy="forward", tolerance=timedelta(days=3), check_sortedness=False)
        .select(
            day=pl.col("decided_at").dt.date(),
            waited=minutes(pl.col("started_at") - pl.col("decided_at")),
        )
        .drop_nulls()
    )  # fmt: skip


def _boards_when_full(seen: Evidence) -> Measured | None:
    """Return how many times as long boarding takes on days of full beds as on others."""
    fill = dict(zip(seen.dates, census(seen) / seen.beds, strict=True))
    waits = _boarding(seen).with_columns(
        fill=pl.col("day").replace_strict(fill, return_dtype=pl.Float64)
    )
    full, others = (
        waits.filter(one)["waited"].drop_nulls()
        for one in (pl.col("fill") > _FULL, pl.col("fill") < _EMPTY)
    )
    return ratio_of_means(full.to_numpy(), others.to_numpy())


def _assaults(seen: Evidence) -> pl.DataFrame:
    return seen.with_code(seen.emergencies, ASSAULT)


def _month_end_weekends(seen: Evidence) -> Measured | None:
    """Return the assaults on a weekend after payday against those on the other weekends."""
    assaults = seen.daily(_assaults(seen))
    weekend = seen.weekdays >= 4
    payday = seen.where(lambda day: day.day >= 25 or day.day <= 3)
    late, other = weekend & payday, weekend & ~payday
    return ratio_of_means(assaults[late], assaults[other])


def _at_night(pattern: str) -> Callable[[Evidence], Measured | None]:
    hour = pl.col("admitted_at").dt.hour()
    return lambda seen: share_of(
        seen.with_code(seen.emergencies, pattern), (hour >= 18) | (hour < 6)
    )


MEASURES = (
    Measure("arrivals_scatter", lambda seen: over_weeks(
        100 * _left_over(seen), lambda days: float(days.std()))),
    Measure("arrivals_dispersion", _dispersion),
    Measure("arrivals_memory", lambda seen: memory(_left_over(seen))),
    Measure("arrivals_on_mondays", _mondays),
    Measure(
        "arrivals_8_to_16",
        lambda seen: share_of(
            seen.emergencies, pl.col("admitted_at").dt.hour().is_between(8, 15)
        ),
    ),
    Measure("arrivals_uneven", _uneven_hours),
    Measure("emergency_men", lambda seen: share_of(seen.emergencies, pl.col("sex") == "male")),
    Measure("emergency_age", lambda seen: quantile(seen.emergencies["age_years"], 0.5)),
    *(Measure(f"triage_{name}", _colour(name)) for name in _COLOURS),
    Measure(
        "infarction_urgent",
        lambda seen: share_of(
            seen.emergencies.filter(has_code("^I21")), pl.col("triage").is_in(["red", "orange"])
        ),
    ),
    Measure(
        "sprain_and_otitis_urgent",
        lambda seen: share_of(
            seen.emergencies.filter(has_code("^(H66|M54|S61)")),
            pl.col("triage").is_in(["red", "orange"]),
        ),
    ),
    Measure("ambulance", _ambulance()),
    *(Measure(f"ambulance_{name}", _ambulance(pl.col("triage") == name)) for name in _COLOURS),
    Measure(
        "emergency_admitted",
        lambda seen: share_of(_ended(seen), _ADMITTED),
    ),
    *(Measure(f"home_{name}", _home(pl.col("triage") == name)) for name in _COLOURS),
    Measure("grave_home", _home(has_code(_GRAVE))),
    Measure(
        "emergency_died",
        lambda seen: share_of(seen.emergencies, pl.col("disposition") == "died"),
    ),
    Measure(
        "red_died",
        lambda seen: share_of(
            _ended(seen, pl.col("triage") == "red"), pl.col("disposition") == "died"
        ),
    ),
    Measure("emergency_unseen", _unseen),
    *(Measure(f"wait_{name}", _waits(name)) for name in _COLOURS),
    Measure("waits_with_load", _waits_with_load),
    Measure("admitted_quarter", _time_of_admitted(0.25)),
    Measure("admitted_half", _time_of_admitted(0.5)),
    Measure("admitted_three_quarters", _time_of_admitted(0.75)),
    Measure("boarding", lambda seen: quantile(_boarding(seen)["waited"], 0.5)),
    Measure("boarding_when_full", _boards_when_full),
    Measure(
        "chief_complaint_known",
        lambda seen: share_of(seen.emergencies, pl.col("chief_complaint").is_not_null()),
    ),
    Measure(
        "assaults_at_weekends",
        lambda seen: share_of(
            seen.with_code(seen.emergencies, _PENETRATING), pl.col("admitted_at").dt.weekday() >= 6
        ),
    ),
    Measure("assaults_at_month_ends", _month_end_weekends),
    Measure("assaults_at_night", _at_night(ASSAULT)),
    Measure("fractures_at_night", _at_night("^S[0-9]2")),
)  # fmt: skip
