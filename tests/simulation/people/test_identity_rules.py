"""Rules of identities that can't be are refused, with the key and what is expected of it."""

import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from hospital_assets.configuration.settings import ROOT
from hospital_assets.simulation.parameters.identities import (
    IdentityRules,
    require_traditions_for,
)
from hospital_assets.simulation.population.population import Population
from tests.simulation.people.given import identity_rules

REFUSED: list[tuple[Callable[[dict[str, Any]], None], str]] = [
    (
        lambda rules: rules["names"].update(generations=[1985, 1957, 2008]),
        "generations must be rising years of birth",
    ),
    (lambda rules: rules["names"].update(second=[[1930, 2.0], [2020, 1]]), "second must be points"),
    (
        lambda rules: rules["traditions"][12].update(passport="N######"),
        "passport of zimbabwe_shona must have room for 16.8 million numbers",
    ),
    (
        lambda rules: rules["traditions"][0].update(name="xh"),
        "traditions must have different names",
    ),
    (
        lambda rules: rules["community_traditions"][0].update(traditions=["elvish"], weights=[1.0]),
        "traditions of nguni names no ['elvish']",
    ),
    (
        lambda rules: rules["documents"].update(passports=0.9),
        "permanent_residents + passports must be between 0 and 1",
    ),
    (lambda rules: rules["phones"].update(weights=[1.0]), "weights must have 20 numbers, not 1"),
    (lambda rules: rules["phones"].update(prefixes=["82"]), "prefixes must be three digits"),
    (
        lambda rules: rules["payers"].update(income_bounds=[0.9, 0.5, 0.95]),
        "income_bounds must rise from H0 on",
    ),
    (
        lambda rules: rules["payers"].update(free_below_age=70),
        "free_from_age must lie above free_below_age",
    ),
]


@pytest.mark.parametrize(("change", "expected"), REFUSED, ids=[text for _, text in REFUSED])
def test_what_nobody_is_called_or_pays_is_refused(
    change: Callable[[dict[str, Any]], None], expected: str
) -> None:
    rules = tomllib.loads((ROOT / "configs" / "identities.toml").read_text(encoding="utf-8"))
    change(rules)
    with pytest.raises(ValidationError, match=re.escape(expected)):
        TypeAdapter(IdentityRules).validate_json(json.dumps(rules))


def test_communities_without_traditions_and_foreigners_without_passports_are_refused(
    city: Population,
) -> None:
    communities, rules = city.rules.communities, identity_rules()
    require_traditions_for(communities, rules)
    with pytest.raises(ValueError, match="community_traditions must be of"):
        require_traditions_for(communities[::-1], rules)
    strange = (*communities[:-1], replace(communities[-1], name="indian"))
    with pytest.raises(ValueError, match="community_traditions must be of"):
        require_traditions_for(strange, rules)
    foreign = (replace(communities[0], foreign=True), *communities[1:])
    with pytest.raises(ValueError, match="traditions of nguni must have a passport"):
        require_traditions_for(foreign, rules)
