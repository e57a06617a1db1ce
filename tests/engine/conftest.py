"""The composed stack in a real container engine, built and started once for all tests of it."""

import secrets
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.checkout import IMAGE, make_checkout
from tests.engine.docker import ended
from tests.engine.stack import Stack, stack_of

# A tick a minute is the fastest that the schedule goes.
FAST = {"HOSPITAL_PROFILE": "small", "HOSPITAL_TICK_SECONDS": "60", "HOSPITAL_WEB_NAMES": "ward"}

_FIGURES: list[str] = []


@pytest.fixture(scope="session")
def figures() -> list[str]:
    """Lines of what was measured, shown at the end."""
    return _FIGURES


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what was measured."""
    if _FIGURES:
        terminalreporter.section("measured")
        for line in _FIGURES:
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with secrets of its own, which its owner alone can read."""
    path = tmp_path_factory.mktemp("engine") / "checkout"
    path.mkdir()
    make_checkout(path)
    return path


@pytest.fixture(scope="session")
def project(checkout: Path) -> Iterator[Stack]:
    """The stack with its image built, not up; nothing of it is left at the end."""
    made = stack_of(checkout, f"hospital-{secrets.token_hex(4)}", **FAST)
    try:
        made.compose("build")
        yield made
    finally:
        made.compose("--profile", "backup", "down", "--volumes", "--timeout", "30")
        ended("image", "rm", IMAGE)


@pytest.fixture(scope="session")
def stack(project: Stack, figures: list[str]) -> Stack:
    """The stack, up and healthy."""
    begun = time.monotonic()
    project.compose("up", "--detach")
    figures.append(f"`up` on empty volumes: {time.monotonic() - begun:.0f} s")
    project.wait_until(project.is_healthy, "not healthy")
    figures.append(f"all of it healthy: {time.monotonic() - begun:.0f} s")
    return project
