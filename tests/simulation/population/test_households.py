"""Households and name lines: who lives together, where, and whose surname somebody bears."""

from datetime import date

import numpy as np

from hospital_assets.simulation.dates import day_number
from hospital_assets.simulation.population.cohorts import POSITION_BITS, Cells
from hospital_assets.simulation.population.person_numbers import (
    FEMALE,
    MALE,
    NOBODY,
    SEXES,
    person,
    sex_of,
)
from hospital_assets.simulation.population.population import Population
from tests.simulation.population.newborns import births_with_mothers
from tests.simulation.population.people_files import content, rules_of

DAY = day_number(date(2021, 7, 1))


def people_of(population: Population, codes: np.ndarray) -> np.ndarray:
    """Return the person that each code names."""
    cohort, position = codes >> POSITION_BITS, codes & ((1 << POSITION_BITS) - 1)
    rest, sex = np.divmod(cohort, 2)
    year, community = np.divmod(rest, 7)
    return population.cohorts.persons(Cells(sex, year, community, position))


def living(population: Population, persons: np.ndarray) -> np.ndarray:
    born = population.births.days(persons)
    return persons[(born <= DAY) & (population.deaths.days(persons) > DAY)]


def test_a_household_is_named_after_one_of_its_own(full: Population, some: np.ndarray) -> None:
    codes = full.households.anchors(some)
    anchors = people_of(full, codes)
    assert np.array_equal(full.households.anchors(anchors), codes)


def test_newborns_live_with_their_mothers(full: Population) -> None:
    born, mothers = births_with_mothers(full, date(2021, 3, 1), date(2021, 9, 1))
    homes = full.households.anchors(born)
    assert np.array_equal(homes, full.households.anchors(mothers))


def test_couples_live_together(full: Population, some: np.ndarray) -> None:
    partners = full.partners.partners(some)
    paired = partners != NOBODY
    homes = full.households.anchors(some[paired])
    assert np.array_equal(homes, full.households.anchors(partners[paired]))


def test_a_household_holds_about_three(small: Population, everybody: np.ndarray) -> None:
    homes = np.sort(small.households.anchors(living(small, everybody)))
    sizes = np.diff(np.flatnonzero(np.diff(homes, prepend=-1, append=-1)))
    # General Household Survey: 3.34 people, 23 % alone, 14 % of six and more.
    assert 2.5 < sizes.mean() < 3.5
    assert 0.2 < (sizes == 1).mean() < 0.35
    assert 0.1 < (sizes >= 6).mean() < 0.2
    assert sizes.max() < 60


def test_children_live_with_whom_the_survey_says(full: Population, some: np.ndarray) -> None:
    people = living(full, some)
    people = people[DAY - full.births.days(people) < 18 * 365]
    homes = full.households.anchors(people)
    mothers = full.families.mothers(people)
    known = np.flatnonzero(mothers != NOBODY)
    known = known[full.deaths.days(mothers[known]) > DAY]
    with_mother = np.zeros(len(people), np.bool_)
    with_mother[known] = full.households.anchors(mothers[known]) == homes[known]
    # General Household Survey 2018: 77 % of children live with their mother.
    assert 0.70 < with_mother.mean() < 0.85


def test_a_surname_comes_from_the_father_or_from_the_mothers_line(full: Population) -> None:
    born, mothers = births_with_mothers(full, date(2021, 3, 1), date(2021, 4, 1))
    households = full.households
    lines = households.name_lines(born)
    fathers = full.partners.partners(mothers)
    of_mother = households.name_lines(mothers)
    of_father = np.full(len(born), NOBODY)
    known = fathers != NOBODY
    of_father[known] = households.name_lines(fathers[known])
    assert ((lines == of_mother) | (lines == of_father)).all()
    assert 0.2 < (lines == of_father).mean() < 0.6


def test_married_women_bear_their_husbands_surname(full: Population, some: np.ndarray) -> None:
    kin = full.households.kin(some)
    wives, lines = full.households.husbands_lines(kin)
    husbands = full.partners.partners(some[wives])
    assert (sex_of(some[wives]) == FEMALE).all()
    assert (sex_of(husbands) == MALE).all()
    assert np.array_equal(full.households.name_lines(husbands), lines)
    paired = kin.partners.known & (kin.cells.sex == FEMALE)
    assert 0.55 < len(wives) / paired.sum() < 0.75


def test_a_household_lives_in_one_suburb_and_a_quarter_of_all_in_the_city(
    full: Population, some: np.ndarray
) -> None:
    suburbs = full.places.of(some)
    assert len(np.unique(suburbs)) == len(full.places.suburbs)
    homes = full.households.anchors(some)
    order = np.argsort(homes, kind="stable")
    same = np.diff(homes[order]) == 0
    assert (np.diff(suburbs[order])[same] == 0).all()
    city = np.array([one.city == full.rules.settlement.city for one in full.places.suburbs])
    assert 0.23 < city[suburbs].mean() < 0.29
    thousands = np.array([one.thousands for one in full.places.suburbs])
    within = np.bincount(suburbs, minlength=len(thousands))[city]
    expected = thousands[city] / thousands[city].sum()
    assert np.abs(within / within.sum() - expected).max() < 0.01


def test_most_who_use_this_hospital_live_in_the_city(full: Population, some: np.ndarray) -> None:
    uses = full.catchment.uses_hospital(some)
    city = np.array([one.city == full.rules.settlement.city for one in full.places.suburbs])
    suburbs = full.places.of(some)
    assert 0.6 < city[suburbs[uses]].mean() < 0.72
    assert uses[city[suburbs]].mean() > 4 * uses[~city[suburbs]].mean()
    weights = full.catchment.weights(some)
    assert uses[weights >= 6].all()


def test_the_table_of_the_catchment_says_the_same() -> None:
    few = Population(3, rules_of(content(200_000)))
    table = few.catchment.make_table()
    asked = np.concatenate(
        [person(sex, np.arange(few.births.before_day[sex, -1])) for sex in SEXES]
    )
    looked_up = few.catchment.with_table(table).uses_hospital(asked)
    assert np.array_equal(looked_up, few.catchment.uses_hospital(asked))
    assert table.nbytes * 8 < len(asked) * 1.3
