"""A checkout of a test's own, as somebody has it who is about to start the composed stack."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from hospital_assets.settings import ROOT

_ENTRIES = (
    ".env", "Dockerfile", ".dockerignore", "README.md", "LICENSE", "configs", "dagster.yaml", "deploy",
    "docker-compose.yml", "docker-compose.kraft.yml", "hospital_assets", "pyproject.toml",
    "requirements.txt", "workspace.yaml",
)  # fmt: skip


def make_checkout(folder: Path) -> Path:
    """Copy what is under version control here and matters to containers, and return the copy."""
    ignore = shutil.ignore_patterns("__pycache__")
    for name in _ENTRIES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=ignore)
        else:
            shutil.copy(source, folder / name)
    shutil.rmtree(folder / "deploy" / "secrets", ignore_errors=True)
    return folder


def hospital(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one of the commands in a checkout."""
    return subprocess.run(
        [sys.executable, "-m", "hospital_assets.cli", *arguments],
        cwd=checkout,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(checkout)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
