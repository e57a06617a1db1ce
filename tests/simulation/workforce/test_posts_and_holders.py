"""Posts as the establishment says, and careers that a person can have."""

from dataclasses import fields, replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from hospital_assets.simulation.dates import (
    add_years,
    as_dates,
    completed_years,
    day_number,
)
from hospital_assets.simulation.population.population import Population
from hospital_assets.simulation.workforce.candidates import Candidates
from hospital_assets.simulation.workforce.careers import retirement_day
from hospital_assets.simulation.workforce.holders import Holders, holders
from hospital_assets.simulation.workforce.posts import posts
from hospital_assets.simulation.workforce.reserve import reserve
from hospital_assets.simulation.workforce.workforce import Workforce
from tests.simulation.workforce.hospitals import (
    SEED,
    a_workforce,
    population,
    staffing,
    workforce_rules,
)

NIGHT_AND_DAY = {(0, 0), (0, 1), (1, 0), (1, 1)}


@pytest.mark.parametrize("profile", ["full", "small"])
def test_every_department_has_the_posts_of_its_establishment_filled(profile: str) -> None:
    chosen = a_workforce(SEED, profile)
    filled = ~chosen.posts.vacant
    for department, entry in enumerate(chosen.staffing.departments):
        for number, role in enumerate(chosen.staffing.roles):
            own = (chosen.posts.department == department) & (chosen.posts.role == number)
            assert (own & filled).sum() == getattr(entry, role.name)
    roles = sum(role.posts for role in chosen.staffing.roles)
    assert filled.sum() == roles
    assert 0.04 < (~filled).sum() / roles < 0.12


@pytest.mark.parametrize("profile", ["full", "small"])
def test_seniors_and_nurses_stand_on_every_watch_of_the_cover_cycle(profile: str) -> None:
    """Posts two days apart in the cycle relieve each other."""
    chosen = a_workforce(SEED, profile).posts
    rules, cover = workforce_rules(profile), 0
    senior = np.array([grade.senior for grade in rules.grades])[chosen.grade]
    nurse = np.array([grade.role == "nurse" for grade in rules.grades])[chosen.grade]
    for department in range(12):
        own = (chosen.department == department) & (chosen.cycle == cover) & ~chosen.vacant
        for group in (senior, nurse):
            assert set(chosen.offset[own & group] // 2) == {0, 1, 2, 3}


def test_a_department_of_the_fewest_nurses_has_them_all_on_the_cover_cycle() -> None:
    given = staffing("full")
    *others, surgery = sorted(given.departments, key=lambda entry: entry.nurse)
    least = replace(others[0], nurse=4)
    most = replace(surgery, nurse=surgery.nurse + others[0].nurse - 4)
    changed = replace(given, departments=(least, *others[1:], most))
    chosen = posts(changed, workforce_rules("full"))
    own = (chosen.department == 0) & (chosen.role == 1) & ~chosen.vacant
    assert list(chosen.cycle[own]) == [0] * 4
    assert set(chosen.offset[own] // 2) == {0, 1, 2, 3}


def test_nobody_holds_two_posts_or_is_in_the_reserve_as_well() -> None:
    for profile in ("full", "small"):
        chosen = a_workforce(SEED, profile)
        everybody = np.concatenate([chosen.holders.person, chosen.reserve.members.person])
        assert len(np.unique(everybody)) == len(everybody)
        assert len(np.unique(chosen.holders.staff)) == len(chosen.holders.staff)


def test_holders_follow_each_other_without_a_gap(workforce: Workforce) -> None:
    held = workforce.holders
    same = held.post[1:] == held.post[:-1]
    assert (held.first_day[1:][same] == held.last_day[:-1][same] + 1).all()
    assert (held.first_day <= held.last_day).all()
    begins = np.flatnonzero(np.concatenate([[True], ~same]))
    assert (held.first_day[begins] == day_number(workforce.rules.first_day)).all()
    assert (held.hired <= held.first_day).all()
    assert (held.qualified <= held.hired).mean() > 0.97


def test_service_reaches_what_the_grade_asks_on_the_first_day(workforce: Workforce) -> None:
    held, grades = workforce.holders, workforce.rules.grades
    least = np.array([grade.least_service_years for grade in grades])
    asked = least[workforce.posts.grade[held.post]]
    assert (completed_years(held.qualified, held.first_day) >= asked).all()
    born, _ = population(SEED, "full").births.of(held.person)
    age = completed_years(born, held.qualified)
    assert age.min() >= 15
    members = workforce.reserve.members
    served = completed_years(members.qualified, np.full(len(members.grade), held.first_day.min()))
    assert (served >= least[members.grade]).all()


def test_interns_leave_after_two_years_and_community_service_after_one(
    workforce: Workforce,
) -> None:
    held = workforce.holders
    grade = np.array([grade.name for grade in workforce.rules.grades])[
        workforce.posts.grade[held.post]
    ]
    days = held.last_day + 1 - held.hired
    for name, most in (("intern", 731), ("community_service", 366), ("registrar", 4 * 366)):
        assert days[grade == name].max() <= most


@pytest.mark.parametrize("seed", [4, 42])
def test_who_is_born_on_29_february_retires_before_65_by_either_way_of_counting(seed: int) -> None:
    leap = np.array([day_number(date(year, 2, 29)) for year in range(1956, 1964, 4)])
    assert (retirement_day(leap, 65) <= day_number(date(2021, 2, 1)) + (leap - leap[0])).all()
    chosen = a_workforce(seed, "full").holders
    born, _ = population(seed, "full").births.of(chosen.person)
    birthday = pl.Series(as_dates(born)).dt.offset_by("65y").cast(pl.Int32).to_numpy()
    assert (chosen.last_day < birthday).all()
    assert (chosen.last_day < add_years(born, 65)).all()


def test_careers_of_later_years_change_none_of_before() -> None:
    """In a town so small that many candidates are taken already."""
    chosen, rules = a_workforce(SEED, "small"), population(SEED, "small").rules
    people = Population(SEED, replace(rules, population=replace(rules.population, size=60_000)))
    held = []
    for year in (2026, 2029):
        candidates = Candidates(SEED, people, chosen.rules.least_tenure_days)
        reserve(SEED, chosen.staffing, chosen.rules, people, candidates)
        end = day_number(date(year, 12, 31))
        held.append(
            holders(SEED, chosen.staffing, chosen.rules, chosen.posts, people, candidates, end)
        )
    known = [one.first_day <= day_number(date(2026, 12, 31)) for one in held]
    assert known[0].all()
    assert not known[1].all()
    for field in fields(Holders):
        first, later = (getattr(one, field.name)[own] for one, own in zip(held, known, strict=True))
        assert np.array_equal(first, later)


def test_women_are_as_many_as_their_shares_say(workforce: Workforce) -> None:
    held = workforce.holders
    now = workforce.holders.at(
        np.flatnonzero(~workforce.posts.vacant),
        np.full((~workforce.posts.vacant).sum(), day_number(date(2023, 1, 1))),
    )
    role = workforce.posts.role[held.post[now]]
    women = held.person[now] >> 23 == 0
    assert 0.45 < women[role == 0].mean() < 0.56
    assert 0.84 < women[role == 1].mean() < 0.92
