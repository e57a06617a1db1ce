"""The laws of the workforce, over a year of the full hospital with staff among the patients."""

import numpy as np

from hospital_assets.simulation.dates import MINUTES_PER_DAY
from hospital_assets.simulation.workforce.assignments import Cover
from hospital_assets.simulation.workforce.leave_grid import Kind
from hospital_assets.simulation.workforce.reserve import FIRST_STAFF_NUMBER
from hospital_assets.simulation.workforce.rosters import FREE
from hospital_assets.simulation.workforce.workforce import Roster, Workforce
from tests.simulation.workforce import laws
from tests.simulation.workforce.hospitals import SEED, population
from tests.simulation.workforce.stays import FIRST, Stays


def test_between_two_shifts_of_a_person_lie_eleven_hours(year: Roster) -> None:
    assert laws.short_rests(year.assignments) == 0


def test_nobody_works_more_than_48_hours_a_week_over_four_weeks(year: Roster) -> None:
    assert laws.long_weeks(year.assignments) == 0


def test_every_watch_of_a_department_has_a_senior_doctor(
    workforce: Workforce, year: Roster
) -> None:
    assert laws.watches_without(workforce, year, laws.seniors(workforce)) == 0


def test_every_watch_of_a_department_has_a_nurse(workforce: Workforce, year: Roster) -> None:
    assert laws.watches_without(workforce, year, laws.nurses(workforce)) == 0


def test_nobody_works_who_has_died_or_is_65(year: Roster) -> None:
    assert laws.dead_or_too_old(population(SEED, "full"), year.assignments) == 0


def test_the_reserve_is_called_once_a_day_and_only_on_the_days_of_its_class(year: Roster) -> None:
    worked = year.assignments
    called = worked.cover != Cover.NONE
    member, day = worked.staff[called] - FIRST_STAFF_NUMBER, worked.day[called]
    assert (member % 4 == day % 4).all()
    assert len(np.unique(member * 100_000 + day)) == len(member)
    assert (worked.staff[~called] < FIRST_STAFF_NUMBER).all()


def test_the_reserve_covers_posts_of_its_own_role_and_of_its_seniority(
    workforce: Workforce, year: Roster
) -> None:
    worked = year.assignments
    called = worked.cover != Cover.NONE
    grades = workforce.rules.grades
    member = workforce.reserve.members.grade[worked.staff[called] - FIRST_STAFF_NUMBER]
    post = workforce.posts.grade[worked.post[called]]
    kind = np.array([f"{grade.role} {grade.senior}" for grade in grades])
    assert (kind[member] == kind[post]).all()


def test_nobody_is_on_shift_in_bed(year: Roster, stays: Stays) -> None:
    worked = year.assignments
    order = np.argsort(stays.person)
    person, arrived, left = stays.person[order], stays.arrived[order], stays.left[order]
    low = np.searchsorted(person, worked.person)
    low = np.minimum(low, len(person) - 1)
    patient = person[low] == worked.person
    assert patient.sum() > 50_000
    assert not (patient & (arrived[low] < worked.ends) & (left[low] > worked.starts)).any()


def test_a_planned_shift_is_worked_by_its_holder_or_missed_for_a_reason(
    workforce: Workforce, year: Roster
) -> None:
    worked, missed = year.assignments, year.missed
    own = worked.cover == Cover.NONE
    first = year.leave.first_day
    times = np.zeros(year.planned.shape, np.int64)
    np.add.at(times, (worked.day[own] - first, worked.post[own]), 1)
    np.add.at(times, (missed.day - first, missed.post), 1)
    assert (times == (year.planned != FREE)).all()
    assert (missed.kind != Kind.NONE).all()
    vacant = missed.kind == Kind.VACANT
    assert (workforce.posts.vacant[missed.post] == vacant).all()
    assert ((missed.staff == 0) == vacant).all()


def test_a_shift_is_covered_once_and_only_where_its_holder_misses_it(year: Roster) -> None:
    worked, missed = year.assignments, year.missed
    covered = worked.cover != Cover.NONE
    key = worked.day[covered] * 100_000 + worked.post[covered]
    assert len(np.unique(key)) == len(key)
    assert np.isin(key, missed.day * 100_000 + missed.post).all()


def test_offices_are_closed_on_public_holidays(workforce: Workforce, year: Roster) -> None:
    weekly = np.array([cycle.weekly for cycle in workforce.staffing.cycles])
    office = weekly[workforce.posts.cycle[year.assignments.post]]
    closed = np.isin(year.assignments.day, workforce.holidays)
    assert not (office & closed).any()
    assert (~office & closed).any()


def test_shifts_have_their_hours(workforce: Workforce, year: Roster) -> None:
    worked = year.assignments
    hours = np.array([shift.hours for shift in workforce.staffing.shifts])
    begin = np.array([shift.start_hour for shift in workforce.staffing.shifts])
    assert (worked.ends - worked.starts == hours[worked.shift] * 60).all()
    assert (worked.starts == worked.day * MINUTES_PER_DAY + begin[worked.shift] * 60).all()


def test_staff_are_away_as_often_as_the_targets_say(workforce: Workforce, year: Roster) -> None:
    """Days of eight hours a filled post in 2023; sick leave is 6 to 8 days (see workforce.toml)."""
    missed, filled = year.missed, int((~workforce.posts.vacant).sum())
    inside = missed.day >= FIRST
    hours = np.array([shift.hours for shift in workforce.staffing.shifts])[missed.shift]
    days = {
        kind: hours[inside & (missed.kind == kind)].sum() / 8 / filled
        for kind in (Kind.ANNUAL, Kind.SICK, Kind.FAMILY, Kind.TRAINING, Kind.PARENTAL)
    }
    assert 19 < days[Kind.ANNUAL] < 23
    assert 6 < days[Kind.SICK] < 8
    assert 1.3 < days[Kind.FAMILY] < 2.3
    assert 2 < days[Kind.TRAINING] < 3
    assert 2 < days[Kind.PARENTAL] < 4


def test_illness_follows_the_week_and_the_winter(year: Roster) -> None:
    missed = year.missed
    sick = missed.day[(missed.kind == Kind.SICK) & (missed.day >= FIRST)]
    planned = (year.planned != FREE).sum(axis=1)[1:]
    weekday = (FIRST + np.arange(len(planned)) + 3) % 7
    rate = np.bincount(weekday[sick - FIRST], minlength=7) / np.bincount(weekday, planned)
    assert rate[0] > rate[3] * 1.1
    month = (FIRST + np.arange(len(planned))).astype("M8[D]").astype("M8[M]").astype(int) % 12
    by_month = np.bincount(month[sick - FIRST], minlength=12) / np.bincount(month, planned)
    assert by_month[6] > by_month[0] * 1.5
