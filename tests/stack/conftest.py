"""The whole composed stack, started once for all tests of it."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.patience import PATIENCE_SECONDS
from tests.stack.checkout import compose_of, make_checkout
from tests.stack.project import Project
from tests.stack.stack import Stack

# A tick a minute is the fastest that the schedule goes.
FAST = {"HOSPITAL_PROFILE": "small", "HOSPITAL_TICK_SECONDS": "60"}


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A folder whose name is short enough for PostgreSQL's socket."""
    with tempfile.TemporaryDirectory(prefix="stack-") as name:
        path = Path(name)
        # PostgreSQL runs as somebody else if we are root.
        path.chmod(0o711)
        yield path


@pytest.fixture(scope="session")
def checkout(folder: Path) -> Path:
    """A checkout with secrets of its own."""
    path = folder / "checkout"
    path.mkdir()
    make_checkout(path)
    return path


@pytest.fixture(scope="session")
def stack(folder: Path, checkout: Path) -> Iterator[Stack]:
    """The stack, up and healthy. Nothing in it needs pgAdmin."""
    project = Project(compose_of(checkout, FAST).without("pgadmin"), folder / "up")
    try:
        project.up(PATIENCE_SECONDS)
        project.wait_until(project.is_healthy, PATIENCE_SECONDS, "not healthy")
        yield Stack(project, checkout)
    finally:
        project.down()
