"""The command `hospital`, run as users do, with state and lake in a folder of the test's own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from hospital_assets.local import embedded_postgres
from hospital_assets.local.kafka import embedded_kafka
from hospital_assets.settings import ROOT, Settings

COMMAND = [sys.executable, "-m", "hospital_assets.cli"]

Hospital = Callable[..., subprocess.CompletedProcess[str]]


def environment_in(folder: Path, **settings: str) -> dict[str, str]:
    """Return the environment of a small hospital in a folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOSPITAL_")}
    kept.pop("DAGSTER_HOME", None)
    return {
        **kept,
        "HOSPITAL_STATE": str(folder / "state"),
        "HOSPITAL_LAKE": str(folder / "lake"),
        "HOSPITAL_PROFILE": "small",
        "COLUMNS": "200",
        **settings,
    }


def hospital_in(folder: Path, **settings: str) -> Hospital:
    """Return the command `hospital` of a small hospital in a folder."""

    def hospital(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *arguments],
            env=environment_in(folder, **settings),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return hospital


def stop_servers(folder: Path) -> None:
    """Stop the servers that commands have started in a folder."""
    settings = Settings(state=folder / "state")
    embedded_kafka(settings).stop()
    embedded_postgres(settings).stop()
