"""A checkout of a test's own, as somebody has it who has called `hospital init`."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from hospital_assets.configuration.settings import ROOT
from tests.commands import init
from tests.stack.composefile import Compose, read_compose

# What compose and the build of the image read.
_ENTRIES = (
    ".env", "Dockerfile", "LICENSE", "README.md", "configs", "dagster.yaml", "deploy",
    "docker-compose.yml", "hospital_assets", "pyproject.toml",
    "requirements.txt",
)  # fmt: skip

_IGNORED = shutil.ignore_patterns("__pycache__", "secrets")


def make_checkout(folder: Path) -> None:
    """Copy what matters to containers, without anybody's secrets, and make secrets for it."""
    for name in _ENTRIES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=_IGNORED)
        else:
            shutil.copy(source, folder / name)
    init(folder)


def compose_of(checkout: Path, variables: Mapping[str, str]) -> Compose:
    """Return what `docker compose` would read there."""
    names = ("docker-compose.yml", "docker-compose.override.yml")
    return read_compose([checkout / name for name in names], variables)
