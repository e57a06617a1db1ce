"""On duty means on shift at that minute, in that department."""

import numpy as np
import pytest

from hospital_assets.simulation.population.person_numbers import NOBODY
from hospital_assets.simulation.workforce.attending import Attending
from hospital_assets.simulation.workforce.workforce import Roster, Workforce


@pytest.fixture(scope="module")
def attending(workforce: Workforce, year: Roster) -> Attending:
    return Attending(workforce, year)


@pytest.fixture(scope="module")
def departments(workforce: Workforce, minutes: np.ndarray) -> np.ndarray:
    return np.arange(len(minutes)) % len(workforce.staffing.departments)


def is_on_shift(
    workforce: Workforce, year: Roster, staff: np.ndarray, at: np.ndarray, where: np.ndarray
) -> np.ndarray:
    """Return whether the staff have a shift of the department at the minutes: by a plain search."""
    worked = year.assignments
    order = np.lexsort((worked.starts, worked.staff))
    key = worked.staff[order] * 2**32 + worked.starts[order]
    place = np.searchsorted(key, staff * 2**32 + at, "right") - 1
    row = order[place]
    return (
        (worked.staff[row] == staff)
        & (at < worked.ends[row])
        & (workforce.posts.department[worked.post[row]] == where)
    )


def test_whoever_attends_is_on_shift_in_the_department_at_that_minute(
    workforce: Workforce,
    year: Roster,
    attending: Attending,
    minutes: np.ndarray,
    departments: np.ndarray,
) -> None:
    who = attending.at(np.arange(len(minutes)), departments, minutes)
    assert (who != NOBODY).all()
    assert is_on_shift(workforce, year, who, minutes, departments).all()


def test_every_hour_has_somebody_of_last_nights_shift_too(
    workforce: Workforce, year: Roster, attending: Attending
) -> None:
    first = (year.leave.first_day + 1) * 1440
    minutes, where = np.meshgrid(
        first + np.arange(0, 1440, 7), np.arange(len(workforce.staffing.departments))
    )
    minutes, where = minutes.reshape(-1), where.reshape(-1)
    who = attending.at(minutes, where, minutes)
    assert is_on_shift(workforce, year, who, minutes, where).all()


def test_a_stay_has_one_senior_as_long_as_he_or_she_is_in_post(
    workforce: Workforce, year: Roster, attending: Attending, departments: np.ndarray
) -> None:
    encounter = np.arange(1_000, 6_000)
    where = departments[:5_000]
    day = np.full(5_000, year.leave.first_day + 10)
    first, later = (attending.seniors(encounter, where, one) for one in (day, day + 6))
    assert (first == later).mean() > 0.98
    held = {staff: row for row, staff in enumerate(workforce.holders.staff)}
    post = workforce.holders.post[[held[one] for one in first.tolist()]]
    assert (workforce.posts.department[post] == where).all()
    grades = np.array([grade.name for grade in workforce.rules.grades])[workforce.posts.grade[post]]
    assert set(grades) == {"specialist", "consultant"}


def test_the_attending_senior_is_seen_on_weekday_mornings_and_seldom_at_weekends(
    attending: Attending, year: Roster, departments: np.ndarray
) -> None:
    encounter = np.arange(20_000)
    monday = year.leave.first_day + 16  # 2023-01-16
    seen = []
    for day in (monday, monday + 5):
        minute = np.full(20_000, day * 1440 + 600)
        senior = attending.seniors(encounter, departments[:20_000], np.full(20_000, day))
        seen.append((attending.at(encounter, departments[:20_000], minute) == senior).mean())
    assert seen[0] > 0.5
    assert seen[1] < 0.2
