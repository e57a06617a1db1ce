"""A checkout of one's own with a week of the hospital, as a newcomer has it after `make up`."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from hospital_assets.configuration.settings import ROOT
from tests.patience import PATIENCE_SECONDS

# A later end changes no earlier day, and the skeleton of two weeks is soon made.
LAST_DAY = "2020-12-14"
WEEK = 7
PYTHON = ROOT / ".venv-examples" / "bin" / "python"
OWN_LOCATION = """
  - python_file:
      relative_path: examples/code_location/long_stays.py
      location_name: mine
"""
_PARTS = ("hospital_assets", "configs", "examples", "docs/reading-the-lake.md",
          "dagster.yaml", "pyproject.toml", "workspace.yaml", ".env")  # fmt: skip


@dataclass(frozen=True)
class Checkout:
    """A copy of this checkout in which the hospital runs."""

    root: Path

    @property
    def examples(self) -> Path:
        """The examples in it."""
        return self.root / "examples"

    @property
    def environment(self) -> dict[str, str]:
        """What a terminal in it has."""
        kept = {name: one for name, one in os.environ.items() if not name.startswith("HOSPITAL_")}
        kept.pop("DAGSTER_HOME", None)
        # The installed command finds the package of this checkout otherwise.
        return {**kept, "PYTHONPATH": str(self.root)}

    def hospital(self, *words: str) -> str:
        """Return what a command of the hospital says."""
        return self._run([sys.executable, "-m", "hospital_assets", *words], self.root, {})

    def python(self, *words: str, folder: Path | None = None, **variables: str) -> str:
        """Return what a program says that runs with the packages of the examples."""
        return self._run([str(PYTHON), *words], folder or self.examples, variables)

    def tool(self, name: str, *words: str, folder: Path, **variables: str) -> str:
        """Return what a program of the examples' environment says."""
        return self._run([str(PYTHON.with_name(name)), *words], folder, variables)

    def ask(self, query: str) -> list[tuple[object, ...]]:
        """Return what the hospital's database answers."""
        with psycopg.connect(self.hospital("connect", "--dsn").strip()) as connection:
            return connection.execute(query.encode()).fetchall()

    def _run(self, command: list[str], folder: Path, variables: dict[str, str]) -> str:
        found = subprocess.run(
            command,
            cwd=folder,
            env={**self.environment, **variables},
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        assert found.returncode == 0, found.stdout + found.stderr
        return found.stdout


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    """A hospital that runs, with a location of one's own and the first week of everything."""
    assert PYTHON.exists(), "`make test-examples` installs what the examples need"
    checkout = Checkout(tmp_path_factory.mktemp("checkout"))
    _copy(checkout.root)
    output = checkout.root / "output"
    with output.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "hospital_assets", "up"],
            cwd=checkout.root,
            env=checkout.environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(process, output, lambda: "Stop " in output.read_text())
        _wait(process, output, lambda: _counted(checkout) == WEEK)
        yield checkout
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=PATIENCE_SECONDS)


def _copy(root: Path) -> None:
    for part in _PARTS:
        (root / part).parent.mkdir(exist_ok=True)
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, root / part)
    (root / ".venv").symlink_to(Path(sys.executable).parents[1])
    workspace = root / "workspace.yaml"
    workspace.write_text(workspace.read_text() + OWN_LOCATION)
    hospital = root / "configs" / "hospital.toml"
    hospital.write_text(
        re.sub(r"(?m)^last_day = .*$", f"last_day = {LAST_DAY}", hospital.read_text())
    )


def _counted(checkout: Checkout) -> object:
    """Return how many days of the week batch and stream are whole of."""
    query = (
        "SELECT count(DISTINCT flow_date) FROM hospital.patient_flow"
        " WHERE flow_date <= '2020-12-07'"
    )
    return checkout.ask(query)[0][0]


def _wait(process: subprocess.Popen[bytes], output: Path, is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert process.poll() is None, output.read_text()
        assert time.monotonic() < deadline, output.read_text()
        time.sleep(2)
