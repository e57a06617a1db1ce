"""Workforces that can't be are refused, with the key and what is expected of it."""

import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from hospital_assets.simulation.parameters.staffing import Staffing
from hospital_assets.simulation.parameters.workforce import WorkforceRules, require_posts_for
from tests.simulation.workforce.hospitals import (
    content,
    parameters,
    staffing,
    workforce_rules,
)

Change = Callable[[dict[str, Any]], None]


def grade(name: str, **values: Any) -> Change:
    def change(rules: dict[str, Any]) -> None:
        next(one for one in rules["grades"] if one["name"] == name).update(values)

    return change


def section(name: str, **values: Any) -> Change:
    return lambda rules: rules[name].update(values)


def pool(number: int, **values: Any) -> Change:
    return lambda rules: rules["reserve"]["pools"][number].update(values)


REFUSED: list[tuple[Change, str]] = [
    (lambda rules: rules.update(oldest_at_hire=90), "oldest_at_hire must lie between 40 and 63"),
    (lambda rules: rules["professions"].pop(), "grades must be of a profession"),
    (lambda rules: rules["grades"].pop(), "shares of the grades of support must add up to 1"),
    (lambda rules: rules["grades"].append(rules["grades"][0]), "grades must have different names"),
    (lambda rules: rules["professions"][0].update(vacant_share=0.9), "vacant_share of doctor"),
    (lambda rules: rules["professions"][0].update(qualification_ages=[0]), "qualification_ages"),
    (grade("intern", share=float("inf")), "share of intern"),
    (grade("intern", tenure_years=0), "tenure_years of intern must lie between 1 and 60"),
    (grade("intern", cycles={"office": 0.5}), "cycles of intern must be shares that add up to 1"),
    (grade("clerk", senior=True), "grades that are senior or attend must be of doctors"),
    (section("reserve", days_between_calls=1), "days_between_calls must lie between 4"),
    (pool(0, members_per_department=0), "either members_per_department or members_per_post"),
    (pool(0, grade="surgeon"), "the reserve's pools name no grade"),
    (pool(1, grade="specialist"), "one pool a role, two of doctors"),
    (lambda rules: rules["reserve"]["pools"].pop(2), "the reserve needs a pool of"),
    (section("annual_leave", first_half=[1.0]), "first_half must have 13 numbers"),
    (section("training", first_week=50), "first_week and weeks must end by week 51"),
    (section("sick_leave", weekly_chance=2.0), "weekly_chance must be between 0 and 1"),
    (section("sick_leave", start_by_weekday=[0] * 7), "start_by_weekday must be weights"),
    (section("sick_leave", start_by_weekday=[2**62] * 7), "start_by_weekday must be at most"),
    (section("sick_leave", frailties=[]), "frailties must lie between 0 and 20"),
]


@pytest.mark.parametrize(("change", "expected"), REFUSED, ids=[text for _, text in REFUSED])
def test_what_no_workforce_has_is_refused(change: Change, expected: str) -> None:
    rules = deepcopy(content("full")["workforce"])
    change(rules)
    with pytest.raises(ValidationError, match=re.escape(expected)):
        parameters(WorkforceRules, rules)


def test_posts_that_can_keep_no_watch_are_refused() -> None:
    given, rules = staffing("small"), workforce_rules("small")
    require_posts_for(given, rules)
    for number, role, expected in (
        (4, "doctor", "needs at least 5 doctors"),
        (3, "nurse", "needs at least 4 nurses"),
    ):
        first = replace(given.departments[0], **{role: number})
        last = given.departments[-1]
        moved = getattr(last, role) + getattr(given.departments[0], role) - number
        departments = (first, *given.departments[1:-1], replace(last, **{role: moved}))
        with pytest.raises(ValueError, match=expected):
            require_posts_for(replace(given, departments=departments), rules)


def test_grades_of_cycles_or_roles_that_dont_exist_are_refused() -> None:
    given, rules = staffing("full"), workforce_rules("full")
    strange = replace(rules.grades[0], cycles={"weekends": 1.0})
    with pytest.raises(ValueError, match="cycles of intern names no cycle"):
        require_posts_for(given, replace(rules, grades=(strange, *rules.grades[1:])))
    with pytest.raises(ValueError, match=r"workforce\.professions must be of the roles"):
        require_posts_for(
            given,
            replace(
                rules,
                professions=rules.professions[:-1],
                grades=rules.grades[:-2],
                reserve=replace(rules.reserve, pools=rules.reserve.pools[:-1]),
            ),
        )


def cycle(number: int, **values: Any) -> Change:
    return lambda staffing: staffing["cycles"][number].update(values)


def role(number: int, **values: Any) -> Change:
    return lambda staffing: staffing["roles"][number].update(values)


REFUSED_STAFFING: list[tuple[Change, str]] = [
    (cycle(0, pattern="--------"), "pattern of twelve_hours must have a shift"),
    (cycle(0, pattern="NDNDNDND"), "must leave 11 hours between shifts, not 0"),
    (cycle(0, pattern="DDDDNN--"), "must have 48 hours a week at most over 4 weeks, not 66"),
    (cycle(0, pattern="DDDD----"), "the cover cycle, must cover every hour"),
    (cycle(0, offsets=[0, 1, 2, 3, 4, 5, 6, 7]), "must have each of its shifts every day"),
    (lambda given: given.update(cover_cycle="office"), "the cover cycle, must cover every hour"),
    (lambda given: given.update(retirement_age=100), "retirement_age must lie between 60 and 75"),
    (
        role(0, name="physician"),
        "roles must be doctor, nurse, allied_health, administration, support",
    ),
    (lambda given: given["roles"].append(given["roles"][0]), "each once"),
]


@pytest.mark.parametrize(
    ("change", "expected"), REFUSED_STAFFING, ids=[text for _, text in REFUSED_STAFFING]
)
def test_cycles_and_roles_that_break_a_law_are_refused(change: Change, expected: str) -> None:
    given = deepcopy(content("full")["staffing"])
    change(given)
    with pytest.raises(ValidationError, match=re.escape(expected)):
        parameters(Staffing, given)


def test_nobody_is_hired_beyond_the_age_of_retirement() -> None:
    given, rules = staffing("full"), workforce_rules("full")
    with pytest.raises(ValueError, match="oldest_at_hire must lie below retirement_age"):
        require_posts_for(replace(given, retirement_age=60), rules)
