"""Kin: whoever is asked, both ends give the same answer, and families look like families."""

from datetime import date

import numpy as np

from hospital_assets.simulation.dates import day_number
from hospital_assets.simulation.population.person_numbers import (
    FEMALE,
    MALE,
    NOBODY,
    sex_of,
)
from hospital_assets.simulation.population.population import Population
from tests.simulation.population.newborns import births_with_mothers, born_between


def test_a_person_leads_to_a_cell_and_back(full: Population, some: np.ndarray) -> None:
    cells = full.cohorts.cells(some)
    assert np.array_equal(full.cohorts.persons(cells), some)
    born = full.births.days(some).astype("M8[D]").astype("M8[Y]").astype(np.int64) + 1970
    assert np.array_equal(cells.year, born)
    assert (np.diff(np.sort(cells.codes())) > 0).all()


def test_everybody_is_a_child_of_the_own_mother(small: Population, everybody: np.ndarray) -> None:
    mothers = small.families.mothers(everybody)
    women = everybody[sex_of(everybody) == FEMALE]
    who, children = small.families.children(women)
    assert np.array_equal(small.families.mothers(children), women[who])
    # The other way: nobody with a mother is left out, and nobody is a child twice.
    born = np.sort(everybody[mothers != NOBODY])
    found = np.sort(children)
    assert (np.diff(found) > 0).all()
    limit = day_number(small.rules.population.campaign_last_day) + 1
    assert np.array_equal(found[small.births.days(found) < limit], born)


def test_men_have_no_children_of_their_own(small: Population, everybody: np.ndarray) -> None:
    men = everybody[sex_of(everybody) == MALE][:1000]
    assert len(small.families.children(men)[0]) == 0


def test_most_newborns_have_a_mother_of_a_mothers_age(full: Population) -> None:
    first, end = date(2021, 1, 1), date(2022, 1, 1)
    born, mothers = births_with_mothers(full, first, end)
    assert 0.90 < len(born) / len(born_between(full, first, end)) < 0.97
    ages = (full.births.days(born) - full.births.days(mothers)) / 365.25
    assert ages.min() > 12.9
    assert ages.max() < 48
    shares = np.histogram(ages, [0, 20, 25, 30, 35, 40, 60])[0] / len(ages)
    assert shares[0] < 0.17
    # Stats SA, recorded live births of 2016.
    assert np.abs(shares[1:4] - [0.258, 0.259, 0.211]).max() < 0.03


def test_a_mother_rests_more_than_a_year_between_births(full: Population) -> None:
    born, mothers = births_with_mothers(full, date(2022, 1, 1), date(2023, 1, 1))
    women = np.unique(mothers)
    who, children = full.families.children(women)
    days = full.births.days(children)
    order = np.lexsort((days, who))
    gaps = np.diff(days[order])[np.diff(who[order]) == 0]
    between = gaps[gaps > 0]
    assert between.min() > 366
    this_year = np.isin(children[order][1:], born)[np.diff(who[order]) == 0]
    intervals = gaps[(gaps > 0) & this_year] / 365.25
    assert 3.8 < np.median(intervals) < 4.9
    assert 0.15 < (intervals < 3).mean() < 0.3


def test_twins_have_one_mother_one_day_and_one_sex(full: Population) -> None:
    born, mothers = births_with_mothers(full, date(2019, 1, 1), date(2021, 1, 1))
    order = np.argsort(mothers, kind="stable")
    born, mothers = born[order], mothers[order]
    days = full.births.days(born)
    twins = np.flatnonzero((np.diff(mothers) == 0) & (np.diff(days) == 0))
    assert 0.006 < len(twins) / len(born) < 0.011
    assert np.array_equal(sex_of(born[twins]), sex_of(born[twins + 1]))
    assert full.families.second_twins(born[twins + 1]).all()


def test_partners_name_each_other(full: Population, some: np.ndarray) -> None:
    partners = full.partners.partners(some)
    paired = partners != NOBODY
    assert np.array_equal(full.partners.partners(partners[paired]), some[paired])
    assert (sex_of(partners[paired]) != sex_of(some[paired])).all()
    community = full.cohorts.cells(some).community[paired]
    assert np.array_equal(full.cohorts.cells(partners[paired]).community, community)


def test_he_is_four_years_older_and_half_of_those_in_their_forties_are_paired(
    full: Population, some: np.ndarray
) -> None:
    partners = full.partners.partners(some)
    ages = (day_number(date(2022, 7, 1)) - full.births.days(some)) / 365.25
    forties = (ages >= 40) & (ages < 50)
    assert 0.5 < (partners[forties] != NOBODY).mean() < 0.65
    women = (sex_of(some) == FEMALE) & (partners != NOBODY)
    older = full.births.days(some[women]) - full.births.days(partners[women])
    assert 3.7 < older.mean() / 365.25 < 4.5
    assert ages[partners != NOBODY].min() > 16


def test_couples_have_different_mothers(full: Population, some: np.ndarray) -> None:
    partners = full.partners.partners(some)
    paired = partners != NOBODY
    hers = full.families.mothers(some[paired])
    his = full.families.mothers(partners[paired])
    assert ((hers == his) & (hers != NOBODY)).mean() < 1e-3
