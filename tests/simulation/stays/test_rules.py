"""Impossible hospitals are refused, with the key and what is expected."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from hospital_assets.simulation.parameters.inpatients import InpatientRules
from tests.simulation.stays import stay_files

Content = dict[str, Any]


def refusal(change: Callable[[Content], None]) -> str:
    """Return what is said of the files with this change."""
    given = stay_files.content("full")
    change(given)
    with pytest.raises(ValidationError) as refused:
        stay_files.validated(InpatientRules, given)
    return str(refused.value)


def put(*path: str | int, value: Any) -> Callable[[Content], None]:
    """Return the change that puts a value at a path of keys and places."""

    def change(given: Content) -> None:
        part: Any = given
        for key in path[:-1]:
            part = part[key]
        part[path[-1]] = value

    return change


def test_the_files_that_ship_are_accepted_in_both_profiles() -> None:
    beds = [
        sum(pool.beds for pool in stay_files.rules(one).beds.pools) for one in ("full", "small")
    ]
    assert beds == [1180, 298]


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("beds", "pools", 0, "beds"), 0, "beds of Medicine must lie between 1 and 5,000"),
        (("beds", "pools", 0, "mean_days"), 1000, "mean_days of Medicine must lie between"),
        (("beds", "pools", 0, "kind"), "clinic", "kind of Medicine must be one of"),
        (("beds", "pools", 0, "kind"), "ward", "must have one whose kind is 'general'"),
        (("beds", "pools", 3, "name"), "Medicine", "pools must have different names"),
        (("beds", "pools", 0, "women_share"), 1.0, "women_share of Medicine must leave a bed"),
        (("beds", "pools", 0, "alternatives"), ["Surgry"], "names ['Surgry'], pools has not"),
        (("beds", "pools", 0, "ward_moves"), [1, 2], "ward_moves of Medicine must have 4 numbers"),
        (("beds", "longest_gap_minutes"), 100_000, "longest_gap_minutes must rise"),
        (("beds", "warm_up_days"), 3_000_000, "warm_up_days must lie between 30 and 365"),
        (("beds", "pools"), [], "must have one whose kind is 'general'"),
        (("timelines", "warm_up_days"), 3_000_000, "warm_up_days must lie between 90 and 730"),
        (("timelines", "chain_days"), 10**9, "chain_days must lie between 60 and 1500"),
        (("timelines", "hours", "labour"), [1] * 23, "labour must have 24 numbers, not 23"),
        (("timelines", "hours", "move"), [float("inf")] * 24, "move must be weights"),
        (("timelines", "length", "by_age"), [[0, 1]], "by_age must have two points"),
        (("timelines", "death", "early_share"), 1.5, "early_share must be between 0 and 1"),
        (("timelines", "death", "age_slope"), float("inf"), "age_slope must lie between"),
        (("timelines", "units", "shortest_hours"), 0, "shortest_hours must lie between 1 and 48"),
        (("timelines", "returns", "longest_chain"), 2**62, "longest_chain must lie between"),
        (("pressure", "memory"), 1.0, "memory must lie between 0 and 1, not 1.0"),
        (("pressure", "families", 0, "rhythm"), "tidal", "rhythm of acute_surgery must be one of"),
        (("pressure", "families", 0, "base"), float("nan"), "base of acute_surgery must lie"),
        (("pressure", "covid_waves", 0, "height"), float("inf"), "must lie between 0 and 10"),
        (("pressure", "families", 2, "name"), "birth", "must have one named 'delivery'"),
        (("case_mix", "age_bands"), [0, 5, 3], "age_bands must rise from 0"),
        (("case_mix", "adult_age"), 14, "adult_age must be an edge of age_bands"),
        (("case_mix", "diagnoses", 0, "female_share"), -0.1, "female_share of U07.1 must be"),
        (("case_mix", "diagnoses", 0, "length"), 1e9, "length of U07.1 must lie between"),
        (("case_mix", "diagnoses", 0, "ages"), "wise", "ages of U07.1 must be one of"),
        (("case_mix", "diagnoses", 0, "family"), "plague", "family of U07.1 must be one of"),
        (("case_mix", "diagnoses", 0, "admissions"), {"Spa": 1}, "name ['Spa'], beds.pools has"),
        (("case_mix", "return_groups", "cancer"), {"Z99": 1}, "names ['Z99'], diagnoses has not"),
        (("calibration", "pools", 0, "admissions"), 1e9, "admissions of Medicine must lie between"),
        (("calibration", "pools", 0, "name"), "Spa", "calibration.pools must have exactly"),
        (("holidays", "proclaimed"), ["2021-13-01"], "proclaimed"),
        (("beds", "beds"), 3, "beds"),
    ],
)
def test_an_impossible_value_is_refused_with_its_key(
    path: tuple[str | int, ...], value: Any, expected: str
) -> None:
    assert expected in refusal(put(*path, value=value))


def test_wrong_values_of_several_parts_are_all_named() -> None:
    def change(given: Content) -> None:
        put("beds", "pools", 0, "beds", value=0)(given)
        put("beds", "pools", 1, "mean_days", value=1000)(given)
        put("pressure", "memory", value=2)(given)

    said = refusal(change)
    assert "beds of Medicine" in said
    assert "mean_days of Surgery" in said
    assert "memory must lie" in said


def test_a_pool_to_which_no_disease_brings_anybody_is_refused() -> None:
    def change(given: Content) -> None:
        for one in given["case_mix"]["diagnoses"]:
            one["admissions"].pop("Psychiatry", None)

    assert "must have one with admissions to Psychiatry" in refusal(change)
