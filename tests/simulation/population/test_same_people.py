"""The people are the same in any order, alone or together, in a longer time, on any processor."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest

from hospital_assets.configuration.settings import ROOT
from hospital_assets.simulation.chance.draws import DrawStream
from hospital_assets.simulation.dates import day_number
from hospital_assets.simulation.population.person_numbers import NOBODY, SEXES, person
from hospital_assets.simulation.population.population import Population
from tests.simulation.population.people_files import content, rules_of

Asked = Callable[[Population, np.ndarray], np.ndarray]
QUESTIONS: dict[str, Asked] = {
    "births": lambda them, people: them.births.days(people),
    "cells": lambda them, people: them.cohorts.cells(people).codes(),
    "mothers": lambda them, people: them.families.mothers(people),
    "partners": lambda them, people: them.partners.partners(people),
    "anchors": lambda them, people: them.households.anchors(people),
    "name lines": lambda them, people: them.households.name_lines(people),
    "deaths": lambda them, people: them.deaths.days(people),
    "HIV": lambda them, people: them.conditions.has("HIV", people),
    "cancer": lambda them, people: them.conditions.has("C18", people),
    "places": lambda them, people: them.places.of(people),
    "catchment": lambda them, people: them.catchment.uses_hospital(people),
    "registration": lambda them, people: them.registration.days(people),
    "ids": lambda them, people: them.registration.person_ids(people),
}
FEW = 250_000
# What numpy may leave out of the processor's own instructions; it leaves out what isn't there.
INSTRUCTIONS = "AVX2 FMA3 AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR"


def digest(population: Population) -> str:
    """Return a hash of what everybody is: of all tables, and of a share of the people."""
    end = day_number(population.rules.population.campaign_last_day)
    people = np.concatenate(
        [person(sex, np.arange(0, population.births.before(sex, end), 11)) for sex in SEXES]
    )
    found = hashlib.sha256(population.births.before_day.tobytes())
    found.update(population.deaths.dead.tobytes())
    for question in QUESTIONS.values():
        found.update(np.ascontiguousarray(question(population, people)).tobytes())
    return found.hexdigest()


@pytest.mark.parametrize("name", QUESTIONS)
def test_an_answer_depends_on_nobody_else(name: str, full: Population, some: np.ndarray) -> None:
    people = some[:30_000]
    together = QUESTIONS[name](full, people)
    backwards = QUESTIONS[name](full, people[::-1].copy())
    assert np.array_equal(backwards[::-1], together)
    assert np.array_equal(QUESTIONS[name](full, people[:7]), together[:7])
    alone = [QUESTIONS[name](full, people[row : row + 1])[0] for row in range(0, 500, 50)]
    assert np.array_equal(alone, together[:500:50])
    assert len(QUESTIONS[name](full, people[:0])) == 0


def test_more_years_change_nobody() -> None:
    values = content(FEW)
    now = Population(1, rules_of(values))
    values["births"]["last_year"] += 12
    longer = Population(1, rules_of(values))
    end = day_number(now.rules.population.campaign_last_day) + 730
    people = np.concatenate(
        [person(sex, np.arange(0, now.births.before(sex, end), 3)) for sex in SEXES]
    )
    horizon = day_number(now.rules.population.campaign_last_day) + 1500
    for name, question in QUESTIONS.items():
        before, after = question(now, people), question(longer, people)
        if name == "deaths":
            before, after = np.minimum(before, horizon), np.minimum(after, horizon)
        assert np.array_equal(before, after), name
    for day in (end - 1700, end - 730):
        for dead in ("between", "newborns_between"):
            ours = getattr(now.deaths, dead)(day, day + 9)
            theirs = getattr(longer.deaths, dead)(day, day + 9)
            assert np.array_equal(ours, theirs), dead
        assert np.array_equal(
            now.registration.registered_on(day), longer.registration.registered_on(day)
        )
    for name in ("HIV", "C15"):
        ours, theirs = (one.conditions.members(name) for one in (now, longer))
        assert np.isin(ours, theirs).all()
    number = np.arange(4000)
    sex, day = number % 2, np.full(len(number), end - 1000)
    low, high = now.births.ranks_of_ages(sex, 20, 40, day)
    draws = [
        one.deaths.draw_living(DrawStream(1, "test"), number, sex, low, high, day)
        for one in (now, longer)
    ]
    assert (draws[0] != NOBODY).all()
    assert np.array_equal(*draws)


def test_another_seed_has_other_people() -> None:
    one, other = (Population(seed, rules_of(content(FEW))) for seed in (1, 2))
    people = np.arange(50_000)
    for name in ("births", "mothers", "partners", "deaths", "HIV", "places"):
        assert not np.array_equal(QUESTIONS[name](one, people), QUESTIONS[name](other, people))


@pytest.mark.parametrize("size", [50_000, FEW])
@pytest.mark.parametrize("seed", [0, 7, 2**32, 2**63 - 1])
def test_any_seed_has_a_whole_population(seed: int, size: int) -> None:
    population = Population(seed, rules_of(content(size)))
    end = day_number(population.rules.population.campaign_last_day) + 1
    assert int(population.births.before(np.array(SEXES), end).sum()) == size
    assert digest(population)
    for day in (day_number(population.rules.population.campaign_first_day), end - 1, end):
        assert len(population.registration.registered_on(day)) > 0
    # Every year of birth up to 90 has somebody of each sex, living and dead.
    assert (np.diff(population.births.before_year[:, 20:], axis=1) > 0).all()


def test_instructions_of_the_processors_own_change_nobody() -> None:
    program = (
        "from tests.simulation.population.test_same_people import *\n"
        "print(digest(Population(5, rules_of(content(FEW)))))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    found = {
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", program],
            env=environment | without,
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for without in ({}, {"NPY_DISABLE_CPU_FEATURES": INSTRUCTIONS})
    }
    assert len(found) == 1
