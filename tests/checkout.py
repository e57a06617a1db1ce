"""A checkout of a test's own: what compose and the build of the image read, without secrets."""

import shutil
from pathlib import Path

from hospital_assets.configuration.settings import ROOT

COMPOSE, KRAFT = "docker-compose.yml", "docker-compose.kraft.yml"
# `hospital init` makes it.
OVERRIDE = "docker-compose.override.yml"
_ENTRIES = (
    ".dockerignore", ".env", "Dockerfile", "LICENSE", "README.md", "configs", "dagster.yaml",
    "deploy", KRAFT, COMPOSE, "hospital_assets", "pyproject.toml", "requirements.txt",
)  # fmt: skip
_IGNORED = shutil.ignore_patterns("__pycache__", "secrets")


def copy_checkout(folder: Path) -> None:
    """Copy what matters to containers into a folder, without anybody's secrets."""
    for name in _ENTRIES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=_IGNORED)
        else:
            shutil.copy(ROOT / name, folder / name)
