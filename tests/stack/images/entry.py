"""What the entry points have in common: where the container's files are, and how one fails."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from tests.stack.images.image import ADDRESS_VARIABLE, ROOT_VARIABLE


class EntryError(Exception):
    """The container can't start; the message is what its image would say."""


def inside(path: str) -> Path:
    """Return where a path of the container is on this machine."""
    return Path(os.environ[ROOT_VARIABLE] + path)


def address() -> str:
    """Return the address that stands for all addresses of the container."""
    return os.environ[ADDRESS_VARIABLE]


def needed(variable: str) -> str:
    """Return a variable that the image requires."""
    if not os.environ.get(variable):
        raise EntryError(f"{variable} is required")
    return os.environ[variable]


def text_of(variable: str, default: str = "") -> str:
    """Return a variable, or what is in the file that its twin `..._FILE` names."""
    value, file = os.environ.get(variable), os.environ.get(f"{variable}_FILE")
    if value and file:
        raise EntryError(f"both {variable} and {variable}_FILE are set (but are exclusive)")
    if file:
        try:
            return Path(file).read_text(encoding="utf-8").rstrip("\n")
        except OSError as error:
            raise EntryError(f"{variable}_FILE: {file}: {error.strerror}") from error
    return value or default


def run(main: Callable[[], None]) -> None:
    """Run an entry point, with one line and exit code 1 if it can't start."""
    # Only for finding this module.
    os.environ.pop("PYTHONPATH", None)
    try:
        main()
    except EntryError as error:
        sys.exit(f"{Path(sys.argv[0]).stem}: {error}")
