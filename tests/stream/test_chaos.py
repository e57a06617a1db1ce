"""A short campaign of kills, and that a campaign finds a fault. `make chaos` runs a long one."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KILLS = 12
# A minute or two on an idle machine; the time must not decide on a loaded one.
LONGEST_SECONDS = 1200

pytestmark = pytest.mark.timeout(LONGEST_SECONDS + 60)


def campaign(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a campaign in a process of its own."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("HOSPITAL_")
    }
    return subprocess.run(
        [sys.executable, "-m", "tests.stream.chaos", "--kills", str(KILLS), *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
        check=False,
    )


def test_kills_lose_nothing_and_double_nothing() -> None:
    result = campaign()

    assert result.returncode == 0, result.stdout + result.stderr
    survived = re.search(r"(\d+) kills survived", result.stdout)
    assert survived
    assert int(survived[1]) >= KILLS


def test_a_campaign_finds_an_offset_that_is_committed_before_its_rows() -> None:
    result = campaign("--plant-fault", "--seed", "1")

    assert result.returncode == 1, result.stdout + result.stderr
    assert "FAILED with --seed 1" in result.stdout
    assert "were published" in result.stdout
