"""Births in the hospital: each is a birth of the population, and its mother's stay holds it."""

from copy import deepcopy
from functools import partial

import numpy as np
import pytest

from hospital_assets.simulation.dates import day_number
from hospital_assets.simulation.parameters.people import PeopleRules
from hospital_assets.simulation.population.person_numbers import NOBODY, sex_of
from hospital_assets.simulation.population.population import Population
from hospital_assets.simulation.stays.giving_birth import offered_births
from hospital_assets.simulation.stays.hospital_stays import HospitalStays
from hospital_assets.simulation.stays.model import StayModel
from hospital_assets.simulation.stays.newborns import births
from hospital_assets.simulation.stays.patients import Patients
from hospital_assets.simulation.stays.timelines import Timelines, timelines
from tests.simulation.stays import stay_files
from tests.simulation.stays.conftest import YEAR

DAY = 1440
FIRST = day_number(YEAR[0])


@pytest.fixture(scope="module")
def newborns(full_stays: HospitalStays) -> np.ndarray:
    """The rows of the stays that begin with the person's birth, in the year."""
    stays = full_stays.timelines
    is_newborn = (stays.gestation >= 0) & (stays.generation == 0)
    within = (stays.arrived >= FIRST * DAY) & (stays.arrived < (FIRST + 365) * DAY)
    return np.flatnonzero(is_newborn & within)


@pytest.fixture(scope="module")
def mothers(full_stays: HospitalStays, newborns: np.ndarray) -> np.ndarray:
    """The rows of the stays of the newborns' mothers."""
    stays = full_stays.timelines
    order = np.argsort(stays.serial)
    rows = order[np.searchsorted(stays.serial[order], stays.mother[newborns])]
    assert np.array_equal(stays.serial[rows], stays.mother[newborns])
    return rows


def test_newborns_are_the_children_of_whoever_gives_birth(
    full_stays: HospitalStays, newborns: np.ndarray, mothers: np.ndarray
) -> None:
    people = stay_files.population("full")
    children, women = full_stays.persons[newborns], full_stays.persons[mothers]
    assert np.array_equal(people.families.mothers(children), women)
    known = set(people.families.children(np.unique(women))[1].tolist())
    assert known.issuperset(children.tolist())
    assert len(np.unique(children)) == len(children)


def test_newborns_are_born_on_their_birthday_while_the_mother_stays(
    full_stays: HospitalStays, newborns: np.ndarray, mothers: np.ndarray
) -> None:
    stays = full_stays.timelines
    birthdays = stay_files.population("full").births.days(full_stays.persons[newborns])
    assert np.array_equal(birthdays, stays.arrived[newborns] // DAY)
    assert (stays.arrived[newborns] > stays.arrived[mothers]).all()
    assert (stays.arrived[newborns] <= stays.end[mothers]).all()


def test_nobody_was_here_before_birth(full_stays: HospitalStays, newborns: np.ndarray) -> None:
    stays, persons = full_stays.timelines, full_stays.persons
    order = np.lexsort((stays.arrived, persons))
    firsts = order[np.searchsorted(persons[order], persons[newborns])]
    assert np.array_equal(stays.serial[firsts], stays.serial[newborns])


def test_newborns_are_like_those_of_a_referral_hospital(
    full_model: StayModel, full_stays: HospitalStays, newborns: np.ndarray
) -> None:
    stays = full_stays.timelines
    per_day = len(newborns) / 365
    assert 17 < per_day < 25
    assert 0.11 < (stays.gestation[newborns] < 37).mean() < 0.16
    assert 0.11 < (stays.birth_weight[newborns] < 2500).mean() < 0.17
    assert 0.12 < (stays.pool[newborns] >= 0).mean() < 0.19
    assert 0.006 < stays.died[newborns].mean() < 0.018
    by_delivery = np.bincount(np.unique(stays.mother[newborns], return_inverse=True)[1])
    assert 0.004 < (by_delivery == 2).mean() < 0.016
    assert by_delivery.max() == 2
    assert np.array_equal(stays.sex[newborns], sex_of(full_stays.persons[newborns]))
    assert set(stays.pool[newborns].tolist()) == {-1, full_model.mix.neonatal_pool}


def test_healthy_newborns_leave_with_their_mother(
    full_stays: HospitalStays, newborns: np.ndarray, mothers: np.ndarray
) -> None:
    stays = full_stays.timelines
    well = (stays.pool[newborns] < 0) & ~stays.died[newborns] & ~stays.died[mothers]
    leaves = stays.end[newborns][well] - stays.end[mothers][well]
    assert (leaves <= 60).all()
    assert (leaves == 0).mean() > 0.95


def test_who_lies_in_the_unit_and_who_dies_is_ill(
    full_model: StayModel, full_stays: HospitalStays, newborns: np.ndarray
) -> None:
    stays, mix = full_stays.timelines.select(newborns), full_model.mix
    rules = full_model.rules.newborns
    code = np.array(mix.codes)[stays.diagnosis]
    in_unit = stays.pool >= 0
    well = np.isin(code, [rules.well_diagnosis, rules.well_twin_diagnosis])
    assert 0.65 < well.mean() < 0.85
    assert not (well & in_unit).any()
    assert not (well & stays.died).any()
    preterm = [rules.preterm_diagnosis, rules.extremely_preterm_diagnosis]
    assert np.array_equal(np.isin(code, preterm), stays.gestation < 37)
    only_in_unit = [one.code for one in rules.term_illnesses if not one.cot_share]
    assert in_unit[np.isin(code, only_in_unit)].all()
    days = (stays.end - stays.arrived) / DAY
    for one in rules.term_illnesses:
        leaves = (code == one.code) & in_unit & ~stays.died
        assert days[leaves].min() >= one.shortest_days
        assert abs(leaves.sum() / (stays.gestation >= 37).sum() - one.unit_share) < 0.006


def test_a_mother_who_dies_soon_after_the_birth_dies_in_the_stay_of_it(
    full_model: StayModel, full_stays: HospitalStays, newborns: np.ndarray, mothers: np.ndarray
) -> None:
    stays, women = full_stays.timelines, full_stays.persons[mothers]
    death_days = stay_files.population("full").deaths.days(women)
    born = stays.arrived[newborns]
    within = full_model.rules.maternity.dies_of_birth_within_days
    soon = death_days - born // DAY < within
    assert 20 < soon.sum() / len(newborns) * 100_000 < 150
    assert stays.died[mothers[soon]].all()
    assert not stays.died[mothers[~soon]].any()
    assert np.array_equal(stays.end[mothers[soon]] // DAY, death_days[soon])
    assert (stays.end[mothers[soon]] > born[soon]).all()
    for woman, stay in zip(women[soon], mothers[soon], strict=True):
        assert stays.arrived[full_stays.persons == woman].max() == stays.arrived[stay]


def test_stays_before_delivery_are_of_women_who_deliver_here(
    full_model: StayModel, full_stays: HospitalStays, newborns: np.ndarray
) -> None:
    stays = full_stays.timelines
    ill = stays.diagnosis == full_model.mix.row("O14.1")
    within = (stays.arrived >= FIRST * DAY) & (stays.arrived < (FIRST + 300) * DAY)
    rows = np.flatnonzero(ill & within & (stays.generation == 0))
    who, children = stay_files.population("full").families.children(full_stays.persons[rows])
    soon = stay_files.population("full").births.days(children) - stays.end[rows[who]] // DAY
    here = np.isin(children, full_stays.persons[newborns])
    delivers = np.unique(who[here & (soon >= 2) & (soon <= 27)])
    assert len(delivers) / len(rows) > 0.95


def test_the_births_of_a_day_come_in_the_same_order_in_any_range() -> None:
    people, rules = stay_files.population("small"), stay_files.rules("small").maternity
    month = offered_births(1, rules, people, FIRST, FIRST + 30)
    for number in (0, 12, 30):
        alone = offered_births(1, rules, people, FIRST + number, FIRST + number)
        of_day = slice(*month.starts[number : number + 2])
        for name in ("mothers", "children", "twins"):
            assert np.array_equal(getattr(alone, name), getattr(month, name)[of_day])


def test_births_beyond_those_of_a_small_town_leave_no_living_child(small_model: StayModel) -> None:
    values = stay_files.content("small")
    values["population"]["size"] = 50_000
    town = Population(1, stay_files.validated(PeopleRules, deepcopy(values)))
    count = 400
    birth = small_model.mix.row("O80.9")
    arrived = np.repeat(np.arange(FIRST, FIRST + 40), 10) * DAY + 600
    stays = deliveries(arrived, birth)
    rules = small_model.rules
    found = births(
        1,
        rules.maternity,
        rules.newborns,
        small_model.mix,
        town,
        stays,
        partial(timelines, small_model),
    )
    women = found.persons[:count]
    assert 0 < (women != NOBODY).sum() < count
    assert len(np.unique(women[women != NOBODY])) == (women != NOBODY).sum()
    assert (town.families.mothers(found.persons[count:]) != NOBODY).all()


def deliveries(arrived: np.ndarray, diagnosis: int) -> Timelines:
    """Return stays of two days for births."""
    count = len(arrived)
    zero, none = np.zeros(count, np.int64), np.full(count, -1)
    integers = dict.fromkeys(Patients.__dataclass_fields__, zero)
    integers |= {
        "serial": np.arange(count) * 7_919 + 11,
        "root": np.arange(count) * 7_919 + 11,
        "root_row": np.arange(count),
        "parent": none,
        "diagnosis": np.full(count, diagnosis),
        "age_band": np.full(count, 8),
        "arrived": arrived,
        "decided": arrived + 15,
        "ready": arrived + 15,
        "gestation": none,
        "mother": none,
        "root_arrived": arrived,
    }
    return Timelines(
        **(integers | {"direct": np.ones(count, np.bool_)}),
        end=arrived + 2 * DAY,
        died=np.zeros(count, np.bool_),
        request_offsets=np.zeros((6, count), np.int32),
        request_pools=np.full((6, count), -1, np.int8),
    )
