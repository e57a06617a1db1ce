"""The hospital that the config files describe: read, merged with the profile, and validated."""

import hashlib
import json
import re
import tomllib
from dataclasses import asdict, fields
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from hospital_assets.configuration.settings import SettingsError, load_settings
from hospital_assets.simulation import Hospital, Parameters, Words
from hospital_assets.simulation.parameters.identities import IdentityRules
from hospital_assets.simulation.parameters.inpatients import InpatientRules
from hospital_assets.simulation.parameters.people import PeopleRules

PARAMETER_FILES = (
    "hospital.toml",
    "population.toml",
    "places.toml",
    "conditions.toml",
    "identities.toml",
    "beds.toml",
    "case_mix.toml",
    "pressure.toml",
    "holidays.toml",
    "timelines.toml",
    "maternity.toml",
    "transfer_choice.toml",
    "persons.toml",
    "calibration.toml",
    "clinics.toml",
    "emergency.toml",
    "secondary_diagnoses.toml",
    "icd10.toml",
    "transfers.toml",
    "hospital_shift_config.json",
    "workforce.toml",
)
# Parts of the parameters whose keys stand at the top of the files.
_GROUPS: dict[str, type] = {
    "people": PeopleRules,
    "identities": IdentityRules,
    "inpatients": InpatientRules,
}
_NAMING_KEYS = ("name", "department")
_KEY = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")


@cache
def load_hospital() -> Hospital:
    """Return the hospital of this process's settings, the same object each time.

    Raises SettingsError, in one line with file, key and expectation, if a file is unusable.
    """
    settings = load_settings()
    parameters = load_parameters(settings.configs, settings.profile)
    return Hospital(settings.seed, parameters, load_words())


def load_parameters(configs: Path, profile: str) -> Parameters:
    """Return the parameters of the files in `configs`, with a profile's keys above them.

    Raises SettingsError, in one line with file, key and expectation, if a file is unusable.
    """
    _refuse_unknown(configs, profile)
    merged: dict[str, Any] = {}
    origin: dict[str, str] = {}
    for name in (*PARAMETER_FILES, f"profiles/{profile}.toml"):
        content = _read(configs / name)
        for key in content:
            origin[key] = f"{origin[key]} with {name}" if key in origin else name
        merged = _merge(merged, content)
    try:
        # JSON, since strict types know its lists as tuples and its texts as dates.
        text = json.dumps(_grouped(merged), default=str)
        parameters: Parameters = TypeAdapter(Parameters).validate_json(text)
    except ValidationError as error:
        refusals = "; ".join(_refusal(one, origin, profile) for one in error.errors())
        raise SettingsError(f"{configs}: {refusals}") from None
    words = load_words()
    known = words.first_names.keys() & words.surnames.keys()
    if lacking := sorted(set(parameters.identities.words_of_traditions()) - known):
        raise SettingsError(
            f"{configs}: {origin['traditions']}: traditions: there are no words of"
            f" {', '.join(lacking)}; expected some of {', '.join(sorted(known))}"
        )
    return parameters


def load_words() -> Words:
    """Return the words of names and streets that ship with the package."""
    file = resources.files("hospital_assets.data") / "words.json"
    return TypeAdapter(Words).validate_json(file.read_text(encoding="utf-8"))


def _grouped(content: dict[str, Any]) -> dict[str, Any]:
    """Return the content with the keys of each group below the group's name."""
    groups = {
        group: {one.name: content[one.name] for one in fields(kind) if one.name in content}
        for group, kind in _GROUPS.items()
    }
    taken = {key for group in groups.values() for key in group}
    return {key: value for key, value in content.items() if key not in taken} | groups


def _refusal(error: ErrorDetails, origin: dict[str, str], profile: str) -> str:
    """Return file, key and what was expected."""
    path = [str(part) for part in error["loc"]]
    if path and path[0] in _GROUPS:
        path = path[1:]
    expected = error["msg"].removeprefix("Value error, ")
    if not path and (key := _KEY.match(expected)):
        # Of parts that don't fit each other, the expectation begins with the key.
        path = key[0].split(".")
        expected = expected.removeprefix(key[0]).lstrip(": ")
    everything = (*PARAMETER_FILES, f"profiles/{profile}.toml")
    file = origin.get(path[0], ", ".join(everything)) if path else ", ".join(everything)
    return f"{file}: {'.'.join(path)}: {expected}"


@lru_cache(maxsize=1)
def fingerprint(hospital: Hospital) -> str:
    """Return the identity of a simulation: equal for equal seed, parameters and words.

    The period is left out: a longer one changes no day.
    """
    parts = asdict(hospital.parameters) | {"period": None}
    text = json.dumps([hospital.seed, parts, asdict(hospital.words)], default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _refuse_unknown(configs: Path, profile: str) -> None:
    if not configs.is_dir():
        raise SettingsError(f"HOSPITAL_CONFIGS: {configs} is no folder")
    profiles = sorted(file.stem for file in configs.glob("profiles/*.toml"))
    if profiles and profile not in profiles:
        file = configs / "profiles" / f"{profile}.toml"
        raise SettingsError(
            f"HOSPITAL_PROFILE: {file}: there is no such file; choose from {', '.join(profiles)}"
        )


def _read(file: Path) -> dict[str, Any]:
    try:
        text = file.read_text(encoding="utf-8")
        content = tomllib.loads(text) if file.suffix == ".toml" else json.loads(text)
    except FileNotFoundError:
        raise SettingsError(
            f"{file}: there is no such file; expected it beside the others"
        ) from None
    except (OSError, ValueError) as error:
        raise SettingsError(f"{file}: not readable as {file.suffix[1:]}: {error}") from None
    if not isinstance(content, dict):
        raise SettingsError(f"{file}: expected keys and values at the top")
    return content


def _merge(below: Any, above: Any) -> Any:
    """Lay one file's content over another's: tables by key, lists of named tables by name."""
    if isinstance(below, dict) and isinstance(above, dict):
        return below | {
            key: _merge(below[key], value) if key in below else value
            for key, value in above.items()
        }
    names = _names(above)
    if names and _names(below):
        changes = dict(zip(names, above, strict=True))
        known = dict(zip(_names(below), below, strict=True))
        return [_merge(known.get(name, {}), changes.get(name, {})) for name in known | changes]
    return above


def _names(items: Any) -> list[str]:
    """Return the names of a list of named tables, nothing for anything else."""
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        return []
    for key in _NAMING_KEYS:
        if all(key in item for item in items):
            return [item[key] for item in items]
    return []
