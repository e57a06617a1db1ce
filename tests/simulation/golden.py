"""The hashes of some days of the full hospital, so that an accidental change is noticed.

`python -m tests.simulation.golden` writes them anew; with a profile and a day it prints a day's.
"""

import hashlib
import json
import sys
from datetime import date
from pathlib import Path

from hospital_assets.contracts import RECORD_TYPES
from hospital_assets.profile import load_parameters, load_vocabulary
from hospital_assets.resources.csv_form import csv_bytes
from hospital_assets.settings import ROOT
from hospital_assets.simulation import Hospital, Records

SEED = 20201201
FILE = Path(__file__).with_name("golden.json")
# The first and the last day, a leap day, New Year, and a Monday in the season of flu.
DAYS = ("2020-12-01", "2021-01-01", "2022-07-04", "2024-02-29", "2025-03-31")

Hashes = dict[str, str]


def hashes(records: Records) -> Hashes:
    """Return the SHA-256 of each record's CSV form."""
    return {
        name: hashlib.sha256(csv_bytes(getattr(records, name))).hexdigest()
        for name in (record.name for record in RECORD_TYPES)
    }


def hashes_by_day(records: Records, days: list[date]) -> dict[date, Hashes]:
    """Return the hashes of each day of a range."""
    return {day: hashes(of_day(records, day)) for day in days}


def of_day(records: Records, day: date) -> Records:
    """Return one day's rows of records of many days."""
    return Records(
        **{
            record.name: getattr(records, record.name).filter(
                getattr(records, record.name)[record.partition_column] == day
            )
            for record in RECORD_TYPES
        }
    )


def hospital(profile: str) -> Hospital:
    """Return the hospital of a profile that ships."""
    return Hospital(SEED, load_parameters(ROOT / "configs", profile), load_vocabulary())


def main() -> None:
    """Write the golden file, or print one day's hashes."""
    if sys.argv[1:]:
        profile, day = sys.argv[1:]
        print(json.dumps(hashes(hospital(profile).day(date.fromisoformat(day)))))
        return
    full = hospital("full")
    found = {day: hashes(full.day(date.fromisoformat(day))) for day in DAYS}
    FILE.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
