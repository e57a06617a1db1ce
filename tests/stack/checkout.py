"""A checkout of a test's own, as somebody has it who has called `hospital init`."""

from collections.abc import Mapping
from pathlib import Path

from tests.checkout import COMPOSE, OVERRIDE, copy_checkout
from tests.commands import init
from tests.stack.composefile import Compose, read_compose


def make_checkout(folder: Path) -> None:
    """Copy what matters to containers, and make secrets for it."""
    copy_checkout(folder)
    init(folder)


def compose_of(checkout: Path, variables: Mapping[str, str]) -> Compose:
    """Return what `docker compose` would read there."""
    names = (COMPOSE, OVERRIDE)
    return read_compose([checkout / name for name in names], variables)
