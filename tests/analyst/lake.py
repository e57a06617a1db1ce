"""A stretch of the lake as an analyst has it: Parquet files, and DuckDB over them."""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from hospital_assets.calendar.period import Period, by_month
from hospital_assets.configuration.hospital_files import (
    fingerprint,
)
from hospital_assets.configuration.scorecard_targets import load_targets
from hospital_assets.configuration.settings import ROOT
from hospital_assets.registry import RECORD_TYPES, REGISTRY, make_all
from hospital_assets.resources.lake.resource import Lake
from tests.hospitals import hospital_of

VIEWS = Path(__file__).parent / "views.sql"


@dataclass(frozen=True)
class Stretch:
    """Days of a profile that the checks are run over."""

    profile: str
    days: Period


def made(folder: Path, stretch: Stretch) -> duckdb.DuckDBPyConnection:
    """Make and write the records of a stretch, and open them as tables with their names."""
    hospital = hospital_of(stretch.profile)
    lake = Lake(str(folder))
    for month in by_month(stretch.days.days):
        frames = make_all(hospital, month)
        for row in REGISTRY:
            lake.write(row.contract, frames[row.name], fingerprint(hospital))
    connection = duckdb.connect()
    for record in RECORD_TYPES:
        files = lake.path(record, "parquet", stretch.days.first_day).replace(
            str(stretch.days.first_day), "*"
        )
        connection.read_parquet(files).create(record.name)
    return connection


def add_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Add what the checks look at beside the records: `views.sql`, holidays and codes.

    `coded` has a row an encounter and code, main and other.
    """
    holidays = pl.DataFrame({"day": load_targets(ROOT / "configs").public_holidays})
    connection.register("known_holidays", holidays.to_arrow())
    connection.execute("create or replace table public_holidays as from known_holidays")
    connection.execute(VIEWS.read_text(encoding="utf-8"))
    codes = "select distinct encounter_id, icd10_code as code from diagnoses"
    connection.sql(codes).create_view("codes", replace=True)
    connection.sql("from encounters join codes using (encounter_id)").create_view(
        "coded", replace=True
    )
