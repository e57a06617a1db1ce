"""What must hold for any roster, asked of the assignments alone: each returns what breaks it."""

import numpy as np
import polars as pl

from hospital_assets.simulation.dates import add_years, as_dates
from hospital_assets.simulation.population.population import Population
from hospital_assets.simulation.workforce.assignments import Assignments
from hospital_assets.simulation.workforce.workforce import Roster, Workforce

LEAST_REST_MINUTES = 11 * 60
MOST_HOURS_IN_FOUR_WEEKS = 4 * 48


def short_rests(worked: Assignments) -> int:
    """Count the shifts that begin within 11 hours of the person's last."""
    order = np.lexsort((worked.starts, worked.person))
    same = np.diff(worked.person[order]) == 0
    rest = worked.starts[order][1:] - worked.ends[order][:-1]
    return int((rest[same] < LEAST_REST_MINUTES).sum())


def long_weeks(worked: Assignments) -> int:
    """Count the days at whose end somebody has worked more than 48 hours a week for four weeks."""
    return (
        pl.DataFrame(
            {
                "person": worked.person,
                "day": as_dates(worked.day),
                "hours": (worked.ends - worked.starts) // 60,
            }
        )
        .sort("person", "day")
        .rolling("day", period="4w", group_by="person")
        .agg(pl.col("hours").sum())
        .filter(pl.col("hours") > MOST_HOURS_IN_FOUR_WEEKS)
        .height
    )


def watches_without(workforce: Workforce, roster: Roster, group: np.ndarray) -> int:
    """Count the day and night watches of departments without anybody of a group of posts."""
    worked, departments = roster.assignments, len(workforce.staffing.departments)
    letters = np.array([shift.letter for shift in workforce.staffing.shifts])
    missing = 0
    for letter in "DN":
        on = (letters[worked.shift] == letter) & group[worked.post]
        watches = worked.day[on] * departments + workforce.posts.department[worked.post[on]]
        missing += len(roster.planned) * departments - len(np.unique(watches))
    return missing


def dead_or_too_old(population: Population, worked: Assignments) -> int:
    """Count the shifts of people who have died or are 65."""
    born, _ = population.births.of(worked.person)
    dead = population.deaths.days(worked.person) <= worked.day
    return int((dead | (add_years(born, 65) <= worked.day)).sum())


def seniors(workforce: Workforce) -> np.ndarray:
    """Return which posts are of senior doctors."""
    return np.array([grade.senior for grade in workforce.rules.grades])[workforce.posts.grade]


def nurses(workforce: Workforce) -> np.ndarray:
    """Return which posts are of nurses."""
    roles = np.array([grade.role for grade in workforce.rules.grades])
    return roles[workforce.posts.grade] == "nurse"
