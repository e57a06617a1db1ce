"""Rules of the people that can't be are refused, with the key and what was expected."""

import copy
from typing import Any

import pytest
from pydantic import ValidationError

from tests.simulation.population.people_files import content, rules_of

INFINITE = float("inf")
Path = tuple[str | int, ...]


def changed(values: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    result = copy.deepcopy(values)
    place: Any = result
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return result


def test_the_files_describe_possible_people() -> None:
    assert rules_of(content()).population.size == 5_000_000


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("population", "size"), 20_000, "population.size must lie between"),
        (("population", "size"), 9_000_000, "population.size must lie between"),
        (("population", "ages"), [{"age": 0, "female": 1, "male": 1}], "band from 60"),
        (("population", "ages", 3, "female"), INFINITE, "above zero, at 1,000,000"),
        (("population", "ages", 3, "female"), 0.0, "above zero"),
        (("births", "last_year"), 2025, "last_year must lie between"),
        (("births", "by_month"), [1.0] * 11, "by_month must have 12 numbers"),
        (("births", "by_month", 3), 0.0, "above zero in every month"),
        (("births", "by_weekday", 3), -1.0, "deviations between"),
        (("births", "institutional"), [[1960, 0.0]], "two points at least"),
        (("births", "institutional"), [[1960, 0.0], [1950, 1.0]], "rising x"),
        (("births", "on_1_january", 0, 1), 2**62, "y between"),
        (("communities", 2, "share"), 0.0, "share of tsonga_venda"),
        (("communities", 2, "name"), "nguni", "different names"),
        (("communities", 2, "name"), "zulu", "settlement_patterns must name each"),
        (("mortality", "neonatal"), 1.0, "neonatal must lie between 0 and 0.5"),
        (("mortality", "months_from_year"), 2021, "months_from_year must lie at the year"),
        (("mortality", "neonatal_days"), [3, 28], "days between 0 and 27"),
        (("mortality", "first_day"), "2020-12-01", "before population.campaign_first_day"),
        (("mortality", "female", "old"), INFINITE, "old must lie above 0"),
        (("mortality", "male", "humps", 0, "width"), 0.0, "width of a hump"),
        (("mortality", "covid", "full_age"), 12, "full_age must lie above from_age"),
        (("families", "youngest_mother"), 50, "oldest_mother must lie above"),
        (("families", "twins"), -0.1, "twins must be between 0 and 1"),
        (("families", "twins_from"), 1950, "twins_from must lie 15 years"),
        (("families", "classes", 17, "gap"), 9.0, "beyond oldest_mother"),
        (("families", "classes", 4, "gap"), 1.0, "gap of a class"),
        (("partners", "married"), [0.5], "partners.married must have a number for each"),
        (("partners", "older_most"), -6, "older_most must lie above"),
        (("households", "stay_other"), 2.0, "stay_other must be between 0 and 1"),
        (("households", "relative_from"), 1990, "relative_from must lie between"),
        (("suburbs", 0, "weights"), [1.0], "weights of Diepkloof"),
        (("suburbs", 0, "thousands"), INFINITE, "thousands of Diepkloof"),
        (("suburbs", 1, "name"), "Diepkloof", "suburbs must have different names"),
        (("settlement", "city"), "Cape Town", "settlement.city must be the city"),
        (("catchment", "city_weight"), 0.5, "city_weight must lie between"),
        (("conditions", 0, "female", 3, 1), 1.2, "female of HIV"),
        (("conditions", 0, "before_death"), INFINITE, "before_death of HIV"),
        (("conditions", 0, "registered_every"), 0, "registered_every of HIV"),
        (("conditions", 1, "name"), "HIV", "conditions must have different names"),
        (("condition_rules", "dying_until"), "2040-01-01", "dying_until must lie"),
    ],
)
def test_people_that_cannot_be_are_refused(path: Path, value: Any, expected: str) -> None:
    with pytest.raises(ValidationError) as caught:
        rules_of(changed(content(), path, value))
    assert expected in caught.value.errors()[0]["msg"]


def test_several_wrong_values_are_reported_at_once() -> None:
    values = changed(content(), ("births", "last_year"), 3000)
    values = changed(values, ("families", "twins"), 2)
    with pytest.raises(ValidationError) as caught:
        rules_of(values)
    assert {error["loc"][0] for error in caught.value.errors()} == {"births", "families"}


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(ValidationError, match="twinz"):
        rules_of(changed(content(), ("families", "twinz"), 0.1))
