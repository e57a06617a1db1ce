"""Rules and words as they ship."""

import json
import tomllib
from importlib import resources

from pydantic import TypeAdapter

from hospital_assets.configuration.settings import ROOT
from hospital_assets.simulation.parameters.identities import IdentityRules
from hospital_assets.simulation.people.words import Words


def identity_rules() -> IdentityRules:
    """Return the rules of the file that ships."""
    given = tomllib.loads((ROOT / "configs" / "identities.toml").read_text(encoding="utf-8"))
    return TypeAdapter(IdentityRules).validate_json(json.dumps(given))


def words() -> Words:
    """Return the words that ship with the package."""
    file = resources.files("hospital_assets.data") / "words.json"
    return TypeAdapter(Words).validate_json(file.read_text(encoding="utf-8"))
