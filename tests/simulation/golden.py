"""The hashes of some days of the full hospital, so that an accidental change is noticed.

`make generate` writes them anew; `python -m tests.simulation.golden PROFILE DAY` prints a day's.
"""

import hashlib
import json
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import polars as pl

from hospital_assets.calendar.period import Period
from hospital_assets.registry import EXTRACTS, make_extracts
from hospital_assets.resources.lake.csv_form import csv_bytes
from hospital_assets.simulation import Frames, Hospital
from tests.hospitals import hospital_of

FILE = Path(__file__).with_name("golden.json")
# The first and the last day, a leap day, New Year, and a Monday in the season of flu.
DAYS = ("2020-12-01", "2021-01-01", "2022-07-04", "2024-02-29", "2025-03-31")

Hashes = dict[str, str]


def hashes(frames: Frames) -> Hashes:
    """Return the SHA-256 of each extract's CSV form."""
    return {row.name: hashlib.sha256(csv_bytes(frames[row.name])).hexdigest() for row in EXTRACTS}


def hashes_by_day(frames: Frames, days: Iterable[date]) -> dict[date, Hashes]:
    """Return the hashes of each day of a range."""
    return {day: hashes(_of_day(frames, day)) for day in days}


def extracts_of(hospital: Hospital, day: date) -> Frames:
    """Return the extracts of one day."""
    return make_extracts(hospital, Period(day, day))


def golden_text() -> str:
    """Return the file's content, made anew."""
    full = hospital_of("full")
    found = {day: hashes(extracts_of(full, date.fromisoformat(day))) for day in DAYS}
    return json.dumps(found, indent=2) + "\n"


def main() -> None:
    """Print one day's hashes."""
    profile, day = sys.argv[1:]
    print(json.dumps(hashes(extracts_of(hospital_of(profile), date.fromisoformat(day)))))


def _of_day(frames: Frames, day: date) -> Frames:
    """Return one day's rows of extracts of many days."""
    return {
        row.name: frames[row.name].filter(pl.col(row.contract.partition_column) == day)
        for row in EXTRACTS
    }


if __name__ == "__main__":
    main()
