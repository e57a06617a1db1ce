"""Lists of diagnoses: what stands where, and only what the person has."""

from dataclasses import replace

import numpy as np
import pytest

from hospital_assets.simulation.diagnoses.encounters import (
    AFTER_STAY,
    BEFORE_BIRTH,
    DiagnosedEncounters,
    stay_encounters,
    visit_encounters,
)
from hospital_assets.simulation.diagnoses.lists import (
    CAUSE,
    COMPLICATION,
    LASTING,
    MAIN,
    Diagnoses,
    DiagnosisLists,
)
from hospital_assets.simulation.parameters.secondary_diagnoses import SecondaryDiagnosisRules
from tests.simulation.stays import stay_files
from tests.simulation.stays.conftest import YEAR


@pytest.fixture(scope="module")
def diagnoses() -> Diagnoses:
    content = stay_files.content("full")["secondary_diagnoses"]
    rules = stay_files.validated(SecondaryDiagnosisRules, content)
    mix = stay_files.model("full", *YEAR).mix
    return Diagnoses(1, rules, mix, stay_files.population("full").conditions)


@pytest.fixture(scope="module")
def encounters() -> DiagnosedEncounters:
    stays = stay_files.stays("full", *YEAR)
    rows = np.flatnonzero((stays.admitted >= 0) & (stays.timelines.pool >= 0))
    return stay_encounters(stays, rows)


@pytest.fixture(scope="module")
def lists(diagnoses: Diagnoses, encounters: DiagnosedEncounters) -> DiagnosisLists:
    return diagnoses.of(encounters)


def text(diagnoses: Diagnoses, codes: np.ndarray) -> np.ndarray:
    return np.array(diagnoses.codes)[codes]


def test_every_list_counts_from_one_and_names_a_code_once(lists: DiagnosisLists) -> None:
    first = np.flatnonzero(np.diff(lists.encounter, prepend=-1))
    assert (lists.sequence[first] == 1).all()
    follows = np.diff(lists.sequence) == 1
    assert (follows | (np.diff(lists.encounter) > 0)).all()
    keys = (lists.encounter << 16) | lists.code
    assert len(np.unique(keys)) == len(keys)


def test_every_list_has_one_main_diagnosis_and_it_comes_first(
    encounters: DiagnosedEncounters, lists: DiagnosisLists
) -> None:
    main = lists.kind == MAIN
    assert np.array_equal(lists.encounter[main], np.arange(len(encounters)))
    assert np.array_equal(main, lists.sequence == 1)


def test_an_injury_comes_first_and_its_cause_after_it(
    diagnoses: Diagnoses, lists: DiagnosisLists
) -> None:
    codes = text(diagnoses, lists.code)
    chapter = np.array([code[0] for code in codes])
    first = np.flatnonzero(lists.sequence == 1)
    injuries = first[np.isin(chapter[first], ["S", "T"])]
    assert 0.08 < len(injuries) / len(first) < 0.2
    assert (lists.encounter[injuries + 1] == lists.encounter[injuries]).all()
    assert np.isin(chapter[injuries + 1], ["V", "W", "X", "Y"]).all()
    causes = np.isin(chapter, ["V", "W", "X", "Y"])
    assert (lists.sequence[causes] == 2).all()
    assert np.array_equal(causes, lists.kind == CAUSE)


def test_lasting_conditions_are_the_person_s(
    diagnoses: Diagnoses, encounters: DiagnosedEncounters, lists: DiagnosisLists
) -> None:
    conditions = stay_files.population("full").conditions
    codes = text(diagnoses, lists.code)
    for name, noted in (("HIV", ["B24", "O98.7"]), ("DM", ["E11.9"]), ("SCZ", ["F20.9"])):
        rows = np.flatnonzero((lists.kind == LASTING) & np.isin(codes, noted))
        assert conditions.has(name, encounters.person[lists.encounter[rows]]).all()
        assert lists.is_present[rows].all()
    has_hiv = conditions.has("HIV", encounters.person) & ~encounters.is_newborn
    noted_hiv = np.unique(lists.encounter[np.isin(codes, ["B24", "O98.7", "B20.0"])])
    assert 0.85 < np.isin(np.flatnonzero(has_hiv), noted_hiv).mean() < 0.97


def test_the_outcome_of_a_delivery_counts_its_children(
    diagnoses: Diagnoses, encounters: DiagnosedEncounters, lists: DiagnosisLists
) -> None:
    codes = text(diagnoses, lists.code)
    mix = stay_files.model("full", *YEAR).mix
    births = np.flatnonzero(mix.is_birth[encounters.diagnosis])
    for children, outcome in enumerate(("Z37.1", "Z37.0", "Z37.2")):
        noted = np.unique(lists.encounter[codes == outcome])
        assert np.array_equal(noted, births[encounters.children[births] == children])
        assert len(noted) > 0


def test_some_complications_come_in_the_hospital(lists: DiagnosisLists) -> None:
    present = lists.is_present[lists.kind == COMPLICATION]
    assert 0.5 < present.mean() < 0.95
    assert lists.is_present[lists.kind == MAIN].all()


def test_lists_are_as_long_as_published(
    encounters: DiagnosedEncounters, lists: DiagnosisLists
) -> None:
    length = np.bincount(lists.encounter)
    assert 2.2 < length.mean() < 2.9
    edges = stay_files.model("full", *YEAR).mix.band_edges
    old = edges[encounters.age_band] >= 65
    young = (edges[encounters.age_band] >= 13) & (edges[encounters.age_band] < 40)
    assert length[old].mean() > 1.15 * length[young].mean()


def test_an_encounter_has_the_same_list_in_any_company(
    diagnoses: Diagnoses, encounters: DiagnosedEncounters, lists: DiagnosisLists
) -> None:
    some = np.arange(0, len(encounters), 501)[::-1]
    alone = diagnoses.of(
        replace(encounters, **{name: column[some] for name, column in vars(encounters).items()})
    )
    for place, number in enumerate(some.tolist()):
        mine, theirs = alone.encounter == place, lists.encounter == number
        assert np.array_equal(alone.code[mine], lists.code[theirs])
        assert np.array_equal(alone.is_present[mine], lists.is_present[theirs])


def test_visits_note_less_and_registered_patients_come_for_their_condition(
    diagnoses: Diagnoses, encounters: DiagnosedEncounters, lists: DiagnosisLists
) -> None:
    conditions = stay_files.population("full").conditions
    count = 2_000
    hiv = conditions.names.index("HIV")
    members = conditions.members("HIV")[:count]
    none = np.full(len(members), -1)
    as_registered = diagnoses.of(
        visit_encounters(
            np.arange(len(members)),
            members,
            none,
            np.full(len(members), hiv),
            np.zeros_like(none),
            none,
        )
    )
    assert (text(diagnoses, as_registered.code[as_registered.sequence == 1]) == "B24").all()
    assert np.bincount(as_registered.encounter).mean() < np.bincount(lists.encounter).mean()
    assert not (as_registered.kind == COMPLICATION).any()


def test_a_follow_up_has_the_code_of_what_it_follows(
    diagnoses: Diagnoses, encounters: DiagnosedEncounters
) -> None:
    def followed(occasion: int) -> dict[str, set[str]]:
        visits = visit_encounters(
            encounters.serial,
            encounters.person,
            encounters.diagnosis,
            encounters.condition,
            np.full(len(encounters), occasion),
            encounters.age_band,
        )
        after = diagnoses.of(visits)
        codes = text(diagnoses, after.code)
        assert not np.isin([code[:3] for code in codes], ["O80", "O82", "Z37", "P07"]).any()
        stay_codes = np.array(stay_files.model("full", *YEAR).mix.codes)[encounters.diagnosis]
        return {
            code: set(codes[after.sequence == 1][stay_codes == code].tolist())
            for code in ("O80.9", "O82.9", "S82.2", "I50.0", "K40.9", "J45.9", "P07.3")
        }

    assert followed(AFTER_STAY) == {
        "O80.9": {"Z39.2"},
        "O82.9": {"Z39.2"},
        "S82.2": {"Z09.4"},
        "I50.0": {"I50.9"},
        "K40.9": {"Z09.0"},
        "J45.9": {"J45.9"},
        "P07.3": {"Z00.1"},
    }
    assert set.union(*followed(BEFORE_BIRTH).values()) == {"Z34.9"}
