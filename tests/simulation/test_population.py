"""All five million: their ID numbers, their ages, and the day each is digitised."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hospital_assets.simulation.people.identity import Identities
from hospital_assets.simulation.people.population import SEXES, Population, person, rank_of
from hypothesis import given, settings
from hypothesis import strategies as st

from hospital_assets.configuration.hospital_files import load_vocabulary
from hospital_assets.simulation import Hospital
from hospital_assets.simulation.dates import completed_years, day_number
from hospital_assets.simulation.people.id_numbers import luhn_check_digit
from tests.simulation.golden import SEED

MILLION = 1_000_000
CHUNK = 250_000


@pytest.fixture(scope="module")
def people(full: Hospital) -> Population:
    return Population(SEED, full.parameters)


@pytest.fixture(scope="module")
def everybody(people: Population, full: Hospital) -> np.ndarray:
    """All persons born by the end of the digitisation."""
    end = day_number(full.parameters.population.campaign_last_day)
    return np.concatenate(
        [person(sex, np.arange(int(people.born_before(sex, end)[0]))) for sex in SEXES]
    )


def is_luhn_valid(numbers: np.ndarray) -> np.ndarray:
    """Return whether each number of 13 digits is valid: every second digit from the right twice."""
    total = np.zeros(len(numbers), np.int64)
    for place in range(13):
        digit = numbers // 10**place % 10
        doubled = np.array([0, 2, 4, 6, 8, 1, 3, 5, 7, 9])[digit]
        total += doubled if place % 2 else digit
    return total % 10 == 0


def test_luhn_knows_a_published_number() -> None:
    """The example of the South African ID number and that of ISO/IEC 7812."""
    assert is_luhn_valid(np.array([8001015009087])).all()
    assert luhn_check_digit([800101500908, 7992739871]).tolist() == [7, 3]


def test_five_million_are_digitised(everybody: np.ndarray) -> None:
    assert abs(len(everybody) - 5 * MILLION) <= 2


def test_id_numbers_of_all_are_valid_and_unique(everybody: np.ndarray, people: Population) -> None:
    identities = Identities(SEED, people, load_vocabulary())
    numbers = np.empty(len(everybody), np.int64)
    for start in range(0, len(everybody), CHUNK):
        frame = identities.frame(everybody[start : start + CHUNK])
        found = frame["id_number"].cast(pl.Int64).to_numpy()
        numbers[start : start + CHUNK] = found
        assert is_luhn_valid(found).all()
        # The rest as one number: date of birth, then women below 5000 and men from it on.
        born = frame.select(
            pl.col("date_of_birth").dt.strftime("%y%m%d").cast(pl.Int64)
        ).to_series()
        assert np.array_equal(found // 10**7, born.to_numpy())
        assert np.array_equal(found // 1000 % 10**4 < 5000, (frame["sex"] == "female").to_numpy())
        assert (found // 10 % 100 == 8).all()
        assert (frame["id_number"].str.len_bytes() == 13).all()
    numbers.sort()
    assert (np.diff(numbers) > 0).all()


def test_person_ids_of_all_are_unique(everybody: np.ndarray, people: Population) -> None:
    ids = np.sort(people.person_id(everybody))
    assert (np.diff(ids) > 0).all()
    assert ids[0] >= 10**7
    assert ids[-1] < 10**8


def test_everybody_is_digitised_once_in_equal_shares_and_after_birth(
    everybody: np.ndarray, people: Population, full: Hospital
) -> None:
    population = full.parameters.population
    first, last = (
        day_number(population.campaign_first_day),
        day_number(population.campaign_last_day),
    )
    shares = [people.registered_on(day) for day in range(first, last + 1)]
    sizes = np.array([len(share) for share in shares])
    assert sizes.min() >= 3159
    assert sizes.max() <= 3163
    days = np.repeat(np.arange(first, last + 1), sizes)
    persons = np.concatenate(shares)
    assert (people.date_of_birth(persons) < days).all()
    assert np.array_equal(people.registration_day(persons), days)
    # Those born on the last day are digitised the day after it.
    born_last = people.date_of_birth(everybody) == last
    assert np.array_equal(np.sort(persons), np.sort(everybody[~born_last]))


def test_the_age_pyramid_is_the_published_one(
    everybody: np.ndarray, people: Population, full: Hospital
) -> None:
    """Within 5 % in every band of both sexes, and 1 % over all, on the reference day."""
    population = full.parameters.population
    reference = day_number(population.reference_day)
    born = people.date_of_birth(everybody)
    alive = born < reference
    age = completed_years(born[alive], reference)
    bands = [band.age for band in population.ages]
    band = np.searchsorted(bands, age, "right") - 1
    sex = everybody[alive] >> 23
    everyone = sum(one.female + one.male for one in population.ages)
    assert age.max() < population.oldest_age
    for code, name in ((0, "female"), (1, "male")):
        counts = np.bincount(band[sex == code], minlength=len(bands)) / alive.sum()
        expected = np.array([getattr(one, name) for one in population.ages]) / everyone
        assert counts == pytest.approx(expected, rel=0.01)


@given(data=st.data())
@settings(max_examples=50, deadline=None)
def test_ranks_of_ages_are_the_people_of_these_ages(
    data: st.DataObject, people: Population
) -> None:
    sex = data.draw(st.sampled_from(SEXES))
    youngest = data.draw(st.integers(0, 80))
    oldest = data.draw(st.integers(youngest, 95))
    day = day_number(data.draw(st.dates(date(2020, 12, 1), date(2025, 3, 31))))
    low, high = (int(bound[0]) for bound in people.ranks_of_ages(sex, youngest, oldest, day))
    inside = person(sex, np.array([low, high - 1]))
    ages = completed_years(people.date_of_birth(inside), day)
    assert (ages >= youngest).all()
    assert (ages <= oldest).all()
    outside = person(sex, np.array([max(low - 1, 0), high]))
    ages = completed_years(people.date_of_birth(outside), day)
    assert ages[0] > oldest or low == 0
    assert ages[1] < youngest or people.date_of_birth(outside)[1] >= day


@given(ranks=st.lists(st.integers(0, 2 * MILLION), min_size=1, max_size=20, unique=True))
@settings(max_examples=50, deadline=None)
def test_dates_of_birth_rise_with_the_rank(ranks: list[int], people: Population) -> None:
    persons = person(0, np.sort(ranks))
    assert (np.diff(people.date_of_birth(persons)) >= 0).all()
    assert np.array_equal(rank_of(persons), np.sort(ranks))


@given(born=st.dates(date(1920, 1, 1), date(2024, 12, 31)), later=st.integers(0, 40_000))
def test_ages_are_those_of_the_calendar(born: date, later: int) -> None:
    """Somebody born on 29 February is a year older on 1 March in other years."""
    day = born + timedelta(days=later)
    had_birthday = (day.month, day.day) >= (born.month, born.day)
    expected = day.year - born.year - (not had_birthday)
    assert completed_years([day_number(born)], [day_number(day)]).tolist() == [expected]
