"""Who the patients are: of the age and sex, alive, and with what the diagnosis implies."""

from datetime import date

import numpy as np

from hospital_assets.simulation.dates import completed_years, day_number
from hospital_assets.simulation.parameters.people import PeopleRules
from hospital_assets.simulation.population.person_numbers import sex_of
from hospital_assets.simulation.population.population import Population
from hospital_assets.simulation.stays.case_conditions import case_conditions
from hospital_assets.simulation.stays.hospital_stays import HospitalStays, hospital_stays
from hospital_assets.simulation.stays.model import StayModel
from tests.simulation.stays import stay_files
from tests.simulation.stays.conftest import YEAR

DAY = 1440
FIRST, LAST = (day_number(day) for day in YEAR)


def of_the_year(stays: HospitalStays) -> np.ndarray:
    """Return the rows of stays that arrive in the year."""
    arrived = stays.timelines.arrived
    return np.flatnonzero((arrived >= FIRST * DAY) & (arrived < (LAST + 1) * DAY))


def test_patients_have_the_sex_and_about_the_age_that_was_asked_for(
    full_model: StayModel, full_stays: HospitalStays
) -> None:
    stays, persons = full_stays.timelines, full_stays.persons
    assert np.array_equal(sex_of(persons), stays.sex)
    settled = full_model.mix.is_birth | (np.array(full_model.mix.codes) == "O14.1")
    asked = (stays.generation == 0) & (stays.gestation < 0) & ~settled[stays.diagnosis]
    first = np.flatnonzero(asked)
    born = stay_files.population("full").births.days(persons[first])
    age = completed_years(born, stays.arrived[first] // DAY - 1)
    edges, band = full_model.mix.band_edges, stays.age_band[first]
    within = (age >= edges[band]) & (age < edges[band + 1])
    living = within[~stays.died[first]]
    assert living.mean() > 0.98  # the others die elsewhere soon after
    apart = np.abs(np.searchsorted(edges, age, side="right") - 1 - band)
    assert (apart[stays.died[first]] <= 2).mean() > 0.99


def test_a_diagnosis_that_implies_a_condition_is_of_somebody_who_has_it(
    full_model: StayModel, full_stays: HospitalStays
) -> None:
    conditions = stay_files.population("full").conditions
    case = case_conditions(full_model.mix, conditions.names)
    diagnosis = full_stays.timelines.diagnosis
    where = conditions.where(full_stays.persons)
    for condition in np.unique(case.of_diagnosis[case.is_certain]).tolist():
        implied = case.is_certain[diagnosis] & (case.of_diagnosis[diagnosis] == condition)
        rows = np.flatnonzero(implied)
        has_it = conditions.has_at(condition, where[0][rows], where[1][rows])
        assert has_it.mean() > (0.85 if condition in case.cancers else 0.999)


def test_hiv_is_as_frequent_among_patients_as_published(
    full_model: StayModel, full_stays: HospitalStays
) -> None:
    rows = of_the_year(full_stays)
    stays = full_stays.timelines.select(rows)
    has_hiv = stay_files.population("full").conditions.has("HIV", full_stays.persons[rows])
    adult = stays.age_band >= full_model.mix.adult_band
    medicine = stays.pool == full_model.pools.names.index("Medicine")
    assert 0.36 < has_hiv[medicine & adult].mean() < 0.48
    assert 0.02 < has_hiv[~adult].mean() < 0.12
    deliveries = full_model.mix.is_birth[stays.diagnosis]
    assert 0.20 < has_hiv[deliveries].mean() < 0.32


def test_no_woman_is_here_for_anything_else_when_she_gives_birth(
    full_model: StayModel, full_stays: HospitalStays
) -> None:
    people, rows = stay_files.population("full"), of_the_year(full_stays)
    stays = full_stays.timelines.select(rows)
    other = (stays.sex == 0) & (stays.generation == 0) & (stays.gestation < 0)
    other &= ~full_model.mix.is_birth[stays.diagnosis]
    other &= stays.diagnosis != full_model.mix.row("O14.1")
    other &= ~stays.died
    who, children = people.families.children(full_stays.persons[rows[other]])
    born = people.births.days(children)
    some = stays.select(np.flatnonzero(other))
    near = (born >= some.arrived[who] // DAY - 90) & (born <= some.end[who] // DAY + 68)
    assert not near.any()


def test_the_dead_of_the_hospital_are_mostly_of_its_catchment(full_stays: HospitalStays) -> None:
    catchment = stay_files.population("full").catchment
    rows = of_the_year(full_stays)
    died = full_stays.timelines.died[rows]
    assert catchment.uses_hospital(full_stays.persons[rows[died]]).mean() > 0.7
    assert catchment.uses_hospital(full_stays.persons[rows[~died]]).mean() > 0.9


def test_mothers_return_soon_or_not(full_model: StayModel, full_stays: HospitalStays) -> None:
    stays = full_stays.timelines
    chains = np.unique(stays.root[full_model.mix.is_birth[stays.diagnosis]])
    later = np.isin(stays.root, chains) & (stays.generation > 0)
    settled = later & (stays.arrived > stays.root_arrived + 60 * DAY)
    assert settled.sum() < 0.05 * later.sum()  # those of still births may


def test_a_town_too_small_for_its_hospital_still_has_whole_chains() -> None:
    values = stay_files.content("full")
    values["population"]["size"] = 50_000
    town = Population(1, stay_files.validated(PeopleRules, values))
    model = stay_files.model("full", date(2023, 1, 1), date(2023, 1, 5))
    stays = hospital_stays(model, town)
    timelines, persons = stays.timelines, stays.persons
    assert 10_000 < len(persons) < 60_000
    born, died = town.births.days(persons), town.deaths.days(persons)
    assert (born <= timelines.arrived // DAY).all()
    assert (timelines.end // DAY <= died).all()
    of_root = dict(zip(timelines.root.tolist(), persons.tolist(), strict=True))
    assert [of_root[root] for root in timelines.root.tolist()] == persons.tolist()
    order = np.lexsort((timelines.arrived, persons))
    same = persons[order][1:] == persons[order][:-1]
    assert (timelines.arrived[order][1:] > timelines.end[order][:-1])[same].all()
