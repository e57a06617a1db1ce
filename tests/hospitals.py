"""The hospitals that tests look at: made once a process, since a skeleton takes its time."""

from functools import cache

from hospital_assets.configuration.hospital_files import load_parameters, load_words
from hospital_assets.configuration.settings import ROOT, Settings
from hospital_assets.simulation import Hospital

SEED: int = Settings.model_fields["seed"].default


@cache
def hospital_of(profile: str) -> Hospital:
    """Return the hospital of a profile, of the seed that commands have by default."""
    return Hospital(SEED, load_parameters(ROOT / "configs", profile), load_words())


def full_hospital() -> Hospital:
    """Return the whole hospital, as settings that nobody changed describe it."""
    return hospital_of("full")


def small_hospital() -> Hospital:
    """Return a quarter of the hospital."""
    return hospital_of("small")
