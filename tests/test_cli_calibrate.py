"""The command `hospital calibrate`, run as a user runs it: it writes nothing, no server runs."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.commands import hospital_in

DAYS = ("2023-05-30", "2023-06-02")


def calibrated(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Return the outcome of a calibration of some days around the end of a month."""
    return hospital_in(folder)("calibrate", *DAYS, *options)


def test_the_scorecard_is_printed_as_a_table(tmp_path: Path) -> None:
    result = calibrated(tmp_path)
    assert result.returncode == 0, result.stderr
    for text in (
        "beds taken at midnight",
        "85 to 91 %",
        "Nuffield Trust",
        "too few days",
    ):
        assert text in result.stdout
    assert result.stdout.splitlines()[-1].startswith("2023-05-30 to 2023-06-02: ")
    assert list(tmp_path.iterdir()) == []


def test_the_scorecard_is_printed_as_json(tmp_path: Path) -> None:
    result = calibrated(tmp_path, "--json")
    assert result.returncode == 0, result.stderr
    content = json.loads(result.stdout)
    assert content["days"] == "2023-05-30 to 2023-06-02"
    by_name = {line["name"]: line for line in content["lines"]}
    assert by_name["whole_slots"]["value"] == 100
    assert by_name["whole_slots"]["verdict"] == "met"
    assert by_name["christmas_census"]["verdict"] == "too few days"
    assert by_name["christmas_census"]["value"] is None


def test_strict_fails_where_a_target_is_missed(tmp_path: Path) -> None:
    assert calibrated(tmp_path, "--strict").returncode == 1


@pytest.mark.parametrize(
    ("arguments", "expectation"),
    [
        (["2023-06-02", "2023-05-30"], "the range is reversed"),
        (["2019-01-01"], "outside the period"),
        (["yesterday"], "'yesterday' is not a day"),
    ],
)
def test_bad_days_are_refused_in_one_line(
    arguments: list[str], expectation: str, tmp_path: Path
) -> None:
    result = hospital_in(tmp_path)("calibrate", *arguments)
    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
    assert expectation in result.stderr
