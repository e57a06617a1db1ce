"""The rules of stays as the config files have them, and models made from them."""

import json
from copy import deepcopy
from datetime import date
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from hospital_assets.configuration import hospital_files
from hospital_assets.configuration.settings import ROOT
from hospital_assets.simulation.dates import day_number
from hospital_assets.simulation.parameters.inpatients import InpatientRules
from hospital_assets.simulation.parameters.people import PeopleRules
from hospital_assets.simulation.population.population import Population
from hospital_assets.simulation.stays.hospital_stays import HospitalStays, hospital_stays
from hospital_assets.simulation.stays.model import StayModel, stay_model

SEED = 1
FILES = (
    "beds.toml",
    "calibration.toml",
    "case_mix.toml",
    "clinics.toml",
    "conditions.toml",
    "emergency.toml",
    "holidays.toml",
    "maternity.toml",
    "persons.toml",
    "places.toml",
    "population.toml",
    "pressure.toml",
    "secondary_diagnoses.toml",
    "timelines.toml",
    "transfer_choice.toml",
)
PROFILES = {
    "full": (),
    "small": ("profiles/small.toml",),
}


@cache
def _content(profile: str) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for name in (*FILES, *PROFILES[profile]):
        merged = hospital_files._merge(merged, hospital_files._read(ROOT / "configs" / name))
    return merged


def content(profile: str) -> dict[str, Any]:
    """Return what the files say, to be changed by a test."""
    return deepcopy(_content(profile))


def validated(kind: Any, given: dict[str, Any]) -> Any:
    """Return parameters of a kind from the content of files."""
    chosen = {name: given[name] for name in kind.__dataclass_fields__}
    return TypeAdapter(kind).validate_json(json.dumps(chosen, default=str))


@cache
def rules(profile: str) -> InpatientRules:
    """Return the rules of a profile's stays."""
    chosen: InpatientRules = validated(InpatientRules, content(profile))
    return chosen


@cache
def population(profile: str, seed: int = SEED) -> Population:
    """Return the people of a profile's city."""
    return Population(seed, validated(PeopleRules, content(profile)))


@cache
def model(profile: str, first: date, last: date, seed: int = SEED) -> StayModel:
    """Return the model of a profile's stays in a period."""
    return stay_model(seed, rules(profile), day_number(first), day_number(last))


@cache
def stays(profile: str, first: date, last: date, seed: int = SEED) -> HospitalStays:
    """Return a profile's stays in a period."""
    return hospital_stays(model(profile, first, last, seed), population(profile, seed))
