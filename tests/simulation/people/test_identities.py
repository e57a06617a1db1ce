"""Names, papers, phones, addresses and payers of the full city's people."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from hospital_assets.simulation.dates import completed_years, day_number
from hospital_assets.simulation.parameters.identities import PAYERS
from hospital_assets.simulation.people.documents import NEVER
from hospital_assets.simulation.people.identities import Identities
from hospital_assets.simulation.people.next_of_kin import (
    CHILD,
    MOTHER,
    NONE,
    PARTNER,
    RELATIONS,
    next_of_kin,
)
from hospital_assets.simulation.population.person_numbers import MALE, NOBODY, sex_of
from hospital_assets.simulation.population.population import Population

DAY = day_number(date(2023, 3, 1))


def share(frame: pl.DataFrame, condition: pl.Expr) -> float:
    return frame.select(condition.mean()).item()


def is_luhn_valid(number: str) -> bool:
    digits = [int(one) for one in reversed(number)]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def test_people_are_the_same_in_any_order_and_company(
    identities: Identities, persons: np.ndarray, frame: pl.DataFrame
) -> None:
    few = persons[::997][::-1]
    assert identities.frame(identities.of(few)).equals(frame[::997].reverse())


def test_columns_have_no_gaps_but_second_names_and_papers(frame: pl.DataFrame) -> None:
    gaps = {name for name in frame.columns if frame[name].null_count()}
    assert gaps == {"second_name", "id_number", "passport_number"}


def test_the_common_surnames_lead_as_often_as_they_do(frame: pl.DataFrame) -> None:
    common = frame["last_name"].value_counts(sort=True)
    assert set(common["last_name"][:5].to_list()) & {"Dlamini", "Nkosi", "Ndlovu", "Mokoena"}
    assert 0.01 < common["count"][0] / len(frame) < 0.03
    assert common.height > 2_000


def test_first_names_follow_the_generation(frame: pl.DataFrame) -> None:
    men = frame.filter(pl.col("sex") == "male")
    elders = men.filter(pl.col("date_of_birth").dt.year().is_between(1966, 1985))
    children = men.filter(pl.col("date_of_birth").dt.year() >= 2016)
    leading = [
        set(one["first_name"].value_counts(sort=True)["first_name"][:15].to_list())
        for one in (elders, children)
    ]
    assert {"David", "Sipho"} <= leading[0]
    assert {"Lethabo", "Melokuhle"} <= leading[1]
    assert frame["first_name"].is_in(["Thabo"]).sum() > 200


def test_no_second_name_is_the_first(frame: pl.DataFrame) -> None:
    assert not frame["first_name"].eq(frame["second_name"]).any()
    assert 0.5 < frame["second_name"].is_not_null().mean() < 0.75


def test_languages_are_spoken_as_in_the_census(frame: pl.DataFrame) -> None:
    """Within some points of the Census of 2022 for Gauteng (see identities.toml)."""
    spoken = dict(frame["language"].value_counts(normalize=True).iter_rows())
    for language, census in (
        ("isiZulu", 0.231),
        ("Sesotho", 0.131),
        ("Sepedi", 0.126),
        ("Setswana", 0.104),
        ("English", 0.092),
        ("Afrikaans", 0.077),
    ):
        assert abs(spoken[language] - census) < 0.05


def test_newborns_bear_the_mothers_or_the_fathers_surname_and_have_her_address(
    city: Population, identities: Identities, persons: np.ndarray
) -> None:
    babies = persons[city.births.of(persons)[0] >= day_number(date(2020, 1, 1))]
    mothers = city.families.mothers(babies)
    babies, mothers = babies[mothers != NOBODY], mothers[mothers != NOBODY]
    child, mother = identities.of(babies), identities.of(mothers)
    assert (child.household == mother.household).all()
    assert (child.suburb == mother.suburb).all()
    assert (child.address == mother.address).all()
    assert 0.9 < (child.names.last == mother.names.last).mean() < 1


def test_id_numbers_are_valid_unique_and_say_birth_sex_and_citizenship(
    frame: pl.DataFrame,
) -> None:
    known = frame.filter(pl.col("id_number").is_not_null())
    number = pl.col("id_number")
    assert known["id_number"].is_unique().all()
    assert (
        share(known, number.str.slice(0, 6) == pl.col("date_of_birth").dt.strftime("%y%m%d")) == 1
    )
    man = number.str.slice(6, 4).cast(pl.Int32) >= 5000
    assert share(known, man == (pl.col("sex") == "male")) == 1
    resident = pl.col("citizenship") == "permanent_resident"
    assert share(known, (number.str.slice(10, 1) == "1") == resident) == 1
    assert all(is_luhn_valid(one) for one in known["id_number"][:5_000])
    residents = known.filter(resident)["id_number"]
    assert len(residents) > 500
    assert all(is_luhn_valid(one) for one in residents)


def test_foreigners_have_papers_of_their_country_or_none(frame: pl.DataFrame) -> None:
    foreign = frame.filter(pl.col("nationality") != "ZAF")
    assert 0.07 < len(foreign) / len(frame) < 0.10
    papers = dict(foreign["citizenship"].value_counts(normalize=True).iter_rows())
    assert papers["permanent_resident"] == pytest.approx(0.20, abs=0.02)
    assert papers["foreign_national"] == pytest.approx(0.55, abs=0.02)
    assert papers["undocumented"] == pytest.approx(0.25, abs=0.02)
    has = pl.col("passport_number").is_not_null()
    with_passport = pl.col("citizenship") == "foreign_national"
    assert share(frame, ~has | with_passport) == 1
    assert share(frame.filter(with_passport), has) == pytest.approx(0.88, abs=0.02)
    assert (
        share(frame.filter(pl.col("nationality") == "ZAF"), pl.col("citizenship") == "citizen") == 1
    )
    passports = foreign.filter(has).select("nationality", "passport_number")
    assert passports.is_unique().all()
    zimbabwe = passports.filter(pl.col("nationality") == "ZWE")["passport_number"]
    assert zimbabwe.str.contains(r"^[A-Z]N\d{6}$").all()


def test_id_numbers_are_known_some_time_after_birth_and_of_some_never(
    identities: Identities, persons: np.ndarray
) -> None:
    one = identities.of(persons)
    after = one.id_known_from - one.born
    assert after.min() > 0
    assert (after <= 30).mean() == pytest.approx(0.70, abs=0.01)
    assert (after <= 365).mean() == pytest.approx(0.93, abs=0.01)
    assert (one.id_known_from == NEVER).mean() == pytest.approx(0.035, abs=0.005)


def test_phones_are_distinct_and_of_prefixes_in_use(
    identities: Identities, persons: np.ndarray
) -> None:
    phones = identities.phones.numbers(persons)
    assert phones.is_unique().all()
    assert phones.str.contains(r"^0(6[0-8]|7[1-46-9]|8[1-4])[1-9]\d{6}$").all()
    assert not phones.str.contains(r"^075|^077").any()


def test_children_and_some_others_are_reached_by_the_next_of_kin(
    city: Population, identities: Identities, persons: np.ndarray
) -> None:
    chosen = persons[::5]
    born = city.births.of(chosen)[0]
    chosen, born = chosen[born <= DAY], born[born <= DAY]
    kin, relation = next_of_kin(city, chosen, np.full(len(chosen), DAY))
    ages = completed_years(born, DAY)
    holders = identities.phones.holders(chosen, ages, kin, relation)
    shares = holders != chosen
    assert (holders[shares] == kin[shares]).all()
    known = kin != NOBODY
    assert shares[known & (ages < 14) & (relation != PARTNER)].all()
    assert 0.02 < shares[ages >= 14].mean() < 0.06
    assert 0.05 < shares[ages >= 75].mean() < 0.4
    of_couples = (relation == PARTNER) & shares
    assert of_couples.any()
    assert (sex_of(chosen[of_couples]) == MALE).all()


def test_a_household_has_one_address_and_one_payer(
    identities: Identities, persons: np.ndarray
) -> None:
    one = identities.of(persons)
    columns = pl.DataFrame(
        {
            "household": one.household,
            "suburb": one.suburb,
            "address": one.address,
            "payer": one.household_payer,
        }
    )
    assert columns.unique().height == columns["household"].n_unique()


def test_care_is_free_for_the_young_and_the_old_on_that_day(
    identities: Identities, persons: np.ndarray
) -> None:
    one = identities.of(persons)
    payer = identities.payers(one, np.arange(len(persons)), np.full(len(persons), DAY))
    age = (DAY - one.born) / 365.25
    free = (age < 5.9) | (age > 60.1)
    assert set(payer.filter(pl.Series(free)).unique()) == {"H0", "medical_aid"}
    others = payer.filter(pl.Series((age > 6.1) & (age < 59.9)))
    assert set(others.unique()) == set(PAYERS)
    assert 0.10 < (payer == "medical_aid").mean() < 0.20
    later = identities.payers(one, np.arange(len(persons)), np.full(len(persons), DAY + 7 * 366))
    grown = (age > -1) & (age < 5.9) & (one.household_payer == 1)
    assert set(later.filter(pl.Series(grown)).unique()) == {"H1"}


def test_next_of_kin_live_and_are_of_age(city: Population, persons: np.ndarray) -> None:
    chosen = persons[::5]
    chosen = chosen[city.births.of(chosen)[0] <= DAY]
    days = np.full(len(chosen), DAY)
    kin, relation = next_of_kin(city, chosen, days)
    assert ((kin == NOBODY) == (relation == NONE)).all()
    known = kin != NOBODY
    assert (kin[known] != chosen[known]).all()
    assert (city.births.of(kin[known])[0] <= DAY - 18 * 365).all()
    assert (city.deaths.days(kin[known]) > DAY).all()
    assert (city.families.mothers(chosen[relation == MOTHER]) == kin[relation == MOTHER]).all()
    assert (city.partners.partners(kin[relation == PARTNER]) == chosen[relation == PARTNER]).all()
    assert (city.families.mothers(kin[relation == CHILD]) == chosen[relation == CHILD]).all()
    shares = np.bincount(relation, minlength=len(RELATIONS)) / len(relation)
    assert 0.4 < shares[MOTHER] < 0.6
    assert shares[NONE] < 0.12
