"""Staff: grades, leave and cover, duty to the minute, and staff who are patients."""

from collections.abc import Callable

import numpy as np
import polars as pl

from hospital_assets.insight.scorecard.evidence import Evidence
from hospital_assets.insight.scorecard.measure import Measure
from hospital_assets.insight.scorecard.measured import (
    Measured,
    exactly,
    over_weeks,
    rate,
    ratio,
    ratio_of_means,
    share,
    share_of,
)

_DAYS_TO_KEEP_A_DOCTOR = 3


def _graded(role: str, pattern: str) -> Callable[[Evidence], Measured | None]:
    """Return how to measure a grade's share of a role, among those who worked in the last month."""

    def measure(seen: Evidence) -> Measured | None:
        grades = seen.tables["grades"].filter(
            pl.col("role") == role, pl.col("month") == pl.col("month").max()
        )
        of_grade = grades.filter(pl.col("grade").cast(pl.String).str.contains(pattern))
        return share(int(of_grade["len"].sum()), int(grades["len"].sum()))

    return measure


def _per_day(seen: Evidence) -> np.ndarray:
    shifts = seen.tables["shifts_by_day"]
    counts = dict(shifts.group_by("work_date").agg(pl.col("len").sum()).iter_rows())
    return np.array([float(counts.get(day, 0)) for day in seen.dates])


def _on_holidays(seen: Evidence) -> Measured | None:
    """Return the shifts of a public holiday against those of another Monday to Friday."""
    shifts = _per_day(seen)
    weekday = seen.weekdays < 5
    holiday = seen.where(lambda day: day in seen.facts.holidays) & weekday
    plain = weekday & ~holiday
    return ratio_of_means(shifts[holiday], shifts[plain])


def _at_weekends(seen: Evidence) -> Measured | None:
    shifts, weekend = _per_day(seen), seen.weekdays >= 5
    return ratio_of_means(shifts[weekend], shifts[~weekend])


def _scatter(seen: Evidence) -> Measured | None:
    """Return how much the shifts of plain working days differ from each other, in per cent."""
    holidays = set(seen.facts.holidays)
    plain = seen.where(lambda day: day.weekday() < 5 and day not in holidays)
    return over_weeks(
        _per_day(seen)[plain], lambda counts: float(100 * counts.std() / counts.mean())
    )


def _absent(kind: str) -> Callable[[Evidence], Measured | None]:
    """Return how to measure the days a year that a post is away for a reason."""

    def measure(seen: Evidence) -> Measured | None:
        rows = seen.tables["absences"].filter(pl.col("kind") == kind)
        return rate(float(rows["len"].sum()), seen.facts.posts * seen.years)

    return measure


def _sick_on_mondays(seen: Evidence) -> Measured | None:
    sick = seen.tables["absences"].filter(pl.col("kind") == "sick")
    monday, thursday = (float(sick.filter(pl.col("weekday") == day)["len"].sum()) for day in (1, 4))
    return ratio(monday, 1, thursday, 1)


def _named(
    encounter_class: str | None, *, at_night: bool = False
) -> Callable[[Evidence], Measured | None]:
    """Return how to measure the share of arrivals whose doctor is at work at that minute."""

    def measure(seen: Evidence) -> Measured | None:
        rows = seen.tables["named_doctors"]
        if encounter_class is not None:
            rows = rows.filter(pl.col("encounter_class") == encounter_class)
        if at_night:
            rows = rows.filter(pl.col("at_night"))
        return share(int(rows["on_duty"].sum()), int(rows["len"].sum()))

    return measure


def _same_doctor(seen: Evidence) -> Measured | None:
    """Return the share of a stay's days on which its most frequent doctor is the attending one."""
    days = (
        seen.tables["attendings"]
        .group_by("encounter_id")
        .agg(all=pl.col("len").sum(), most=pl.col("len").max())
        .filter(pl.col("all") >= _DAYS_TO_KEEP_A_DOCTOR)
    )
    return share(int(days["most"].sum()), int(days["all"].sum()))


def _staff_stays(seen: Evidence) -> Measured | None:
    persons = seen.tables["staff_persons"]
    stays = seen.admissions.join(persons, on="person_id", how="semi")
    return rate(stays.height, persons.height * seen.years / 1000)


MEASURES = (
    *(
        Measure(f"doctors_{name}", _graded("doctor", pattern))
        for name, pattern in (
            ("intern", "^intern"),
            ("community_service", "community"),
            ("medical_officer", "medical_officer"),
            ("registrar", "registrar"),
            ("specialist", "^specialist"),
            ("consultant", "consultant"),
        )
    ),
    *(
        Measure(f"nurses_{name}", _graded("nurse", pattern))
        for name, pattern in (
            ("professional", "professional"),
            ("staff", "^(staff|enrolled)"),
            ("assistant", "assistant"),
        )
    ),
    Measure("shifts_on_holidays", _on_holidays),
    Measure("shifts_at_weekends", _at_weekends),
    Measure("shifts_scatter", _scatter),
    *(
        Measure(f"{name}_days", _absent(kind))
        for name, kind in (
            ("annual_leave", "annual"),
            ("sick_leave", "sick"),
            ("family_leave", "family"),
            ("parental_leave", "parental"),
            ("training", "training"),
            ("vacancy", "vacant"),
        )
    ),
    Measure("sick_on_mondays", _sick_on_mondays),
    Measure(
        "shifts_by_cover",
        lambda seen: share(
            int(seen.tables["covers"].filter(pl.col("arrangement") == "cover")["len"].sum()),
            int(seen.tables["covers"]["len"].sum()),
        ),
    ),
    Measure("doctor_on_duty_at_arrival", _named(None)),
    Measure("doctor_on_duty_at_night", _named("emergency", at_night=True)),
    Measure(
        "referring_doctor_on_duty",
        lambda seen: share_of(seen.tables["transfers"].drop_nulls("on_duty"), pl.col("on_duty")),
    ),
    Measure("same_attending", _same_doctor),
    Measure("stays_of_staff", _staff_stays),
    Measure(
        "staff_in_bed_on_shift", lambda seen: exactly(seen.tables["on_shift_in_bed"].height)
    ),
)  # fmt: skip
