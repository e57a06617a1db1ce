"""What takes the place of an image: its programs, its folders and what it sets."""

import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hospital_assets.configuration.settings import ROOT

# How a program that runs in a container finds its files and the address to listen on.
ROOT_VARIABLE = "CONTAINER_ROOT"
ADDRESS_VARIABLE = "CONTAINER_ADDRESS"


@dataclass(frozen=True)
class Image:
    """A stand-in for an image. `programs` are shell scripts by their path in the container.

    `folders` are those that the image writes to: a container with a read-only root needs
    something mounted there. `made` are further folders that are known by their paths, and
    `copies` what a build copies from where to where.
    """

    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    folders: tuple[str, ...] = ()
    programs: Mapping[str, str] = field(default_factory=dict)
    made: tuple[str, ...] = ()
    copies: tuple[tuple[Path, str], ...] = ()
    working_folder: str = "/"
    stop_signal: str = "SIGTERM"


def module(name: str, **variables: str) -> str:
    """Return the script that runs one of the modules beside this one, with its arguments."""
    settings = {"PYTHONPATH": str(ROOT), **variables}
    words = [f"{variable}={shlex.quote(value)}" for variable, value in settings.items()]
    words += [shlex.quote(sys.executable), "-m", f"{__package__}.{name}"]
    return f'exec env {" ".join(words)} "$@"\n'
