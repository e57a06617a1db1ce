"""The workforces that tests look at, made from the files that ship."""

import json
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from hospital_assets.configuration import hospital_files
from hospital_assets.configuration.settings import ROOT
from hospital_assets.simulation.holidays import holidays
from hospital_assets.simulation.parameters import Staffing
from hospital_assets.simulation.parameters.holidays import HolidayRules
from hospital_assets.simulation.parameters.people import PeopleRules
from hospital_assets.simulation.parameters.workforce import WorkforceRules
from hospital_assets.simulation.population.population import Population
from hospital_assets.simulation.workforce.workforce import Workforce, workforce

SEED = 42
FILES = (
    "population.toml",
    "places.toml",
    "conditions.toml",
    "holidays.toml",
    "hospital_shift_config.json",
    "workforce.toml",
)


@cache
def content(profile: str) -> dict[str, Any]:
    """Return what the files say, with the profile's keys above it."""
    merged: dict[str, Any] = {}
    for name in (*FILES, f"profiles/{profile}.toml"):
        merged = hospital_files._merge(merged, hospital_files._read(ROOT / "configs" / name))
    return merged


def parameters(kind: type, given: Any) -> Any:
    """Return validated parameters of a kind."""
    return TypeAdapter(kind).validate_json(json.dumps(given, default=str))


@cache
def population(seed: int, profile: str) -> Population:
    """Return the people of a profile's city."""
    given = content(profile)
    rules = {name: given[name] for name in PeopleRules.__dataclass_fields__}
    return Population(seed, parameters(PeopleRules, rules))


def staffing(profile: str) -> Staffing:
    """Return posts, shifts and cycles."""
    chosen: Staffing = parameters(Staffing, content(profile)["staffing"])
    return chosen


def workforce_rules(profile: str) -> WorkforceRules:
    """Return the rules of the workforce."""
    chosen: WorkforceRules = parameters(WorkforceRules, content(profile)["workforce"])
    return chosen


@cache
def a_workforce(seed: int, profile: str) -> Workforce:
    """Return the workforce of a seed and profile."""
    people = population(seed, profile)
    closed = holidays(parameters(HolidayRules, content(profile)["holidays"]), 18_000, 21_000)
    waves = people.rules.mortality.covid.waves
    return workforce(seed, staffing(profile), workforce_rules(profile), closed, waves, people)
