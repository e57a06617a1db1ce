"""The package outside of a checkout: installed from its wheel, in a folder of the user's."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from hospital_assets.configuration.checkout import ROOT
from tests.commands import stop_servers
from tests.patience import PATIENCE_SECONDS


def run(*command: str | Path, cwd: Path, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment that has the wheel, and the locked packages by a reference to ours."""
    folder = tmp_path_factory.mktemp("package")
    options = ("--no-build-isolation", "--no-deps", "--no-index", "--quiet")
    run(sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", folder, ROOT, cwd=folder)
    run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    binaries = folder / "venv" / "bin"
    wheel = next(folder.glob("hospital_assets-*.whl"))
    run(binaries / "python", "-m", "pip", "install", *options[1:], wheel, cwd=folder)
    packages = run(
        binaries / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))",
        cwd=folder,
    )  # fmt: skip
    # Not a .pth of ours: it would bring the checkout in as well.
    reference = Path(packages.strip()) / "dependencies.pth"
    reference.write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return binaries


@pytest.fixture
def environment() -> dict[str, str]:
    """Our environment without what points to the checkout."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("HOSPITAL_") and name not in ("PYTHONPATH", "DAGSTER_HOME")
    }


def test_records_are_made_where_the_user_stands(
    installed: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    where = run(
        installed / "python", "-c", "import hospital_assets; print(hospital_assets.__file__)",
        cwd=tmp_path, env=environment,
    )  # fmt: skip
    assert not Path(where.strip()).is_relative_to(ROOT)
    run(
        installed / "hospital", "generate", "2021-03-01", "2021-03-01", "--out", "records",
        cwd=tmp_path, env={**environment, "HOSPITAL_PROFILE": "small"},
    )  # fmt: skip
    assert (tmp_path / "records" / "patients" / "patients-2021-03-01.csv").stat().st_size > 0


def test_state_and_lake_lie_where_the_user_stands(
    installed: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    try:
        run(
            installed / "hospital", "materialize", "people", "2021-03-01",
            cwd=tmp_path, env={**environment, "HOSPITAL_PROFILE": "small"},
        )  # fmt: skip
    finally:
        (tmp_path / "state").symlink_to(tmp_path / ".hospital")
        stop_servers(tmp_path)
    lake = tmp_path / "lake" / "batch" / "people" / "csv"
    assert (lake / "people-2021-03-01.csv").stat().st_size > 0
