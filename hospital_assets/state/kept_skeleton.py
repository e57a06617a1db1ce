"""The skeleton of the period, kept in the state folder: to make it takes longer than a day."""

import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, fields, is_dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from io import BytesIO
from typing import Any, get_type_hints

import numpy as np
from numpy.typing import NDArray

from hospital_assets import simulation
from hospital_assets.simulation import Parameters, skeleton
from hospital_assets.simulation.skeleton import Skeleton
from hospital_assets.state.errors import StateError
from hospital_assets.state.folder import StateFolder

_IDENTITY_LENGTH = 16
_UNUSABLE = (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile)


def kept_skeleton(state: StateFolder, seed: int, parameters: Parameters) -> Skeleton:
    """Return what `make_skeleton` does, from the folder's file if there is one of the same.

    The same are seed, parameters, period, numpy and the simulation's own source. A file that is
    damaged or can't be kept costs the time to make it, nothing else.
    """
    name = f"skeleton-{_identity(seed, parameters)}.npz"
    with suppress(*_UNUSABLE), np.load(state.path / name, allow_pickle=False) as columns:
        found: Skeleton = _built(Skeleton, columns)
        return found
    made = skeleton.make_skeleton(seed, parameters)
    buffer = BytesIO()
    np.savez(buffer, **dict(columns_of(made)))  # type: ignore[arg-type]
    with suppress(OSError, StateError):
        state.write_bytes(name, buffer.getvalue())
        for file in state.path.glob("skeleton-*.npz"):
            if file.name != name:
                file.unlink(missing_ok=True)
    return made


def columns_of(part: Any, place: str = "") -> Iterator[tuple[str, NDArray[Any]]]:
    """Give every array of nested dataclasses, under the names of the fields that lead to it.

    Numbers are stored as narrow as their values allow.
    """
    for field in fields(part):
        value = getattr(part, field.name)
        if is_dataclass(value):
            yield from columns_of(value, f"{place}{field.name}.")
        else:
            yield f"{place}{field.name}", _narrow(value)


def _narrow(column: NDArray[Any]) -> NDArray[Any]:
    if column.dtype == np.int64 and len(column):
        kind = np.promote_types(np.min_scalar_type(column.min()), np.min_scalar_type(column.max()))
        if kind.kind == "i" or (kind.kind == "u" and column.max() < np.iinfo(np.int64).max):
            return column.astype(kind)
    return column


def _built(kind: type, columns: Mapping[str, NDArray[Any]], place: str = "") -> Any:
    hints = get_type_hints(kind)
    parts = {}
    for field in fields(kind):
        inner = hints[field.name]
        name = f"{place}{field.name}"
        if is_dataclass(inner):
            parts[field.name] = _built(inner, columns, f"{name}.")  # type: ignore[arg-type]
        else:
            parts[field.name] = _widened(columns[name], inner)
    return kind(**parts)


def _widened(column: NDArray[Any], hint: Any) -> NDArray[Any]:
    """Return the column with the type that its field says."""
    (wanted,) = hint.__args__[1].__args__
    return column if column.dtype == wanted else column.astype(wanted)


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
