"""Impossible births, persons, visits and diagnoses are refused, with key and expectation."""

from typing import Any

import pytest
from pydantic import ValidationError

from hospital_assets.simulation.parameters.clinics import ClinicRules
from hospital_assets.simulation.parameters.emergency import EmergencyRules
from hospital_assets.simulation.parameters.fitting import (
    require_fitting_stays,
    require_fitting_visits,
)
from hospital_assets.simulation.parameters.inpatients import InpatientRules
from hospital_assets.simulation.parameters.secondary_diagnoses import SecondaryDiagnosisRules
from tests.simulation.stays import stay_files

KINDS = {
    "clinics": ClinicRules,
    "emergency": EmergencyRules,
    "secondary_diagnoses": SecondaryDiagnosisRules,
}
INFINITE = float("inf")


def changed(path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """Return the files' content with another value at a path."""
    given = stay_files.content("full")
    part: Any = given
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    return given


def fit(given: dict[str, Any]) -> None:
    """Make all rules of the content, and look at how they fit."""
    stays = stay_files.validated(InpatientRules, given)
    conditions = tuple(one["name"] for one in given["conditions"])
    rules = {name: stay_files.validated(kind, given[name]) for name, kind in KINDS.items()}
    require_fitting_stays(stays, conditions)
    require_fitting_visits(stays, conditions, *rules.values())


def test_the_files_that_ship_are_accepted_in_both_profiles() -> None:
    for profile in ("full", "small"):
        fit(stay_files.content(profile))


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("maternity", "stillborn_share"), 1.5, "stillborn_share must be between 0 and 1"),
        (("maternity", "hiv_referral_factor"), INFINITE, "hiv_referral_factor must lie between"),
        (("maternity", "earliest_birth_minutes"), 5000, "earliest_birth_minutes must lie between"),
        (("maternity", "before_delivery", "tries"), 10**9, "tries must lie between 1 and 20"),
        (("maternity", "before_delivery", "diagnosis"), "O99", "there is no O99 among"),
        (("newborns", "births_by_week"), [0.1] * 5, "births_by_week must have 21 numbers, not 5"),
        (("newborns", "weight_sigma"), float("nan"), "weight_sigma must lie between 0 and 0.5"),
        (("newborns", "well_diagnosis"), "P99", "newborns: there is no P99 among"),
        (("newborns", "term_illnesses", 0, "unit_share"), 0.99, "must add up to 1 at most"),
        (("newborns", "term_illnesses", 0, "shortest_days"), 90, "must lie between 0 and 28"),
        (("persons", "tries"), 2**62, "the last to between 20 and 1000"),
        (("persons", "hiv_base_of_adults"), 0.0, "hiv_base_of_adults must lie between 0.001"),
        (("persons", "dying", "wait_days"), 400, "wait_days must lie between 0 and"),
        (("persons", "instead", "any"), ["Q1"], "persons.instead: there is no Q1 among"),
        (("persons", "pregnancy_families"), ["love"], "there is no love among"),
        (("transfer_choice", "per_slot"), 2**62, "per_slot must lie between 0 and 1000"),
        (("transfer_choice", "per_slot"), 40, "200 transfers a day are more than 35% of"),
        (("transfer_choice", "brought_forward_days"), [1], "to between 6 and 60"),
        (("transfer_choice", "slots_per_day"), 7, "divide the 1,440 minutes"),
        (("transfer_choice", "urgent_weight_at_night"), INFINITE, "must lie between 0.001"),
        (("transfer_choice", "urgent_pools"), ["Spa"], "there is no Spa among"),
        (("clinics", "by_hour"), [1] * 23, "by_hour must have 24 numbers, not 23"),
        (("clinics", "follow_up", "share", "Spa"), 0.5, "follow_up.share: there is no Spa"),
        (("clinics", "follow_up", "first_spread_days"), 0, "first_spread_days must lie between"),
        (("clinics", "antenatal", "days_before"), [200], "not lead more than 90 days back"),
        (("clinics", "new", "most_a_day"), 10**6, "least_a_day must lie between 0 and most_a_day"),
        (("clinics", "registered", "every_working_days", "HIV"), 2, "of HIV must lie above twice"),
        (("emergency", "home_visits_a_day"), 2.0**62, "home_visits_a_day must lie between 0 and"),
        (("emergency", "candidates"), 0, "candidates must lie between 1 and 20"),
        (("emergency", "all_ages_profile"), "wise", "there is no wise among"),
        (("triage", "admitted", 0), [1, 1, 1, 1], "admitted must add up to 1, not 4"),
        (("triage", "admitted"), [[1, 0, 0, 0]], "admitted must have 5 rows, not 1"),
        (("emergency", "waiting", "usual_arrivals_a_day"), 0, "usual_arrivals_a_day must lie"),
        (("emergency", "waiting", "most_load"), INFINITE, "least_load must lie between"),
        (("emergency", "frequent", "places_of_each_sex"), 0, "places_of_each_sex must lie between"),
        (("secondary_diagnoses", "noted_on_visits"), -1, "noted_on_visits must be between 0 and 1"),
        (("secondary_diagnoses", "general", 0, "share_a_year"), 1, "at 100 must be between 0"),
        (("secondary_diagnoses", "complications", "spleen"), [], "there is no spleen among"),
        (("secondary_diagnoses", "outcomes_of_delivery"), [], "must be three codes"),
        (("case_mix", "diagnoses", 5, "condition"), "Gout", "there is no Gout among"),
    ],
)
def test_an_impossible_value_is_refused_with_its_key(
    path: tuple[str | int, ...], value: Any, expected: str
) -> None:
    with pytest.raises((ValidationError, ValueError)) as refused:
        fit(changed(path, value))
    assert expected in str(refused.value)
