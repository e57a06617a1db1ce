"""The admissions of the period, kept in the state folder: to make them takes longer than a day."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from importlib import resources
from importlib.resources.abc import Traversable
from io import BytesIO

import numpy as np

from hospital_assets import simulation
from hospital_assets.simulation import Parameters
from hospital_assets.simulation.stays import admissions
from hospital_assets.simulation.stays.admissions import Admissions
from hospital_assets.state.errors import StateError
from hospital_assets.state.folder import StateFolder

_IDENTITY_LENGTH = 16
_UNUSABLE = (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile)


def kept_admissions(state: StateFolder, seed: int, parameters: Parameters) -> Admissions:
    """Return what `admissions.simulate` does, from the folder's file if there is one of the same.

    The same are seed, parameters, period, numpy and the simulation's own source. A file that is
    damaged or can't be kept costs the time to make them, nothing else.
    """
    name = f"admissions-{_identity(seed, parameters)}.npz"
    with suppress(*_UNUSABLE), np.load(state.path / name, allow_pickle=False) as columns:
        return Admissions.of(columns)
    made = admissions.simulate(seed, parameters)
    buffer = BytesIO()
    np.savez(buffer, **made.columns())  # type: ignore[arg-type]
    with suppress(OSError, StateError):
        state.write_bytes(name, buffer.getvalue())
        for file in state.path.glob("admissions-*.npz"):
            if file.name != name:
                file.unlink(missing_ok=True)
    return made


def _identity(seed: int, parameters: Parameters) -> str:
    parts = {
        "seed": seed,
        "parameters": asdict(parameters),
        "numpy": np.__version__,
        "source": dict(_source(resources.files(simulation))),
    }
    text = json.dumps(parts, default=str, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:_IDENTITY_LENGTH]


def _source(folder: Traversable, place: str = "") -> Iterator[tuple[str, str]]:
    """Give the place and the SHA-256 of every module below a folder."""
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.is_dir():
            yield from _source(file, f"{place}{file.name}/")
        elif file.name.endswith(".py"):
            yield f"{place}{file.name}", hashlib.sha256(file.read_bytes()).hexdigest()
