"""The rules of the people as the config files have them, and changes of them for tests."""

import json
import tomllib
from typing import Any

from pydantic import TypeAdapter

from hospital_assets.configuration.settings import ROOT
from hospital_assets.simulation.parameters.people import PeopleRules

FILES = ("population.toml", "places.toml", "conditions.toml")


def content(size: int | None = None) -> dict[str, Any]:
    """Return the keys and values of the files, for a population of `size`."""
    merged: dict[str, Any] = {}
    for name in FILES:
        merged |= tomllib.loads((ROOT / "configs" / name).read_text(encoding="utf-8"))
    if size is not None:
        merged["population"]["size"] = size
    return merged


def rules_of(values: dict[str, Any]) -> PeopleRules:
    """Return the rules that keys and values describe; raises pydantic's ValidationError."""
    return TypeAdapter(PeopleRules).validate_json(json.dumps(values, default=str))
