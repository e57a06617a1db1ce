"""Daily files: how any record of the lake is made, written and checked."""

import time
from collections.abc import Sequence
from typing import Any

import dagster as dg
import polars as pl

from hospital_assets.assets import code_references, descriptions
from hospital_assets.assets.checks import check_spec
from hospital_assets.assets.failures import fails_in_a_sentence
from hospital_assets.assets.figures import figures_of, with_occupancy
from hospital_assets.assets.groups import GROUPS, OWNERS
from hospital_assets.assets.metadata import markdown_preview, table_schema
from hospital_assets.assets.outside import SIMULATED
from hospital_assets.assets.partitions import BATCH_BACKFILLS, days_of
from hospital_assets.assets.run_progress import RunProgress
from hospital_assets.assets.versions import version_of
from hospital_assets.calendar.period import Period, by_month
from hospital_assets.configuration.hospital_files import fingerprint
from hospital_assets.configuration.settings import load_settings
from hospital_assets.contracts.record_type import RecordType
from hospital_assets.history.day_versions import SHA256
from hospital_assets.law_checks import broken_laws, earlier_days
from hospital_assets.registry import Origin, Registration, registration
from hospital_assets.resource_definitions import OpenHospital, OpenLake
from hospital_assets.resources.lake.resource import DayManifest, Lake
from hospital_assets.simulation import Frames, Hospital


def daily_extract(record: RecordType, daily: dg.PartitionsDefinition) -> dg.AssetsDefinition:
    """Return the asset that makes a record's days, writes them into the lake and checks them."""
    row = registration(record)

    @dg.asset(**options(row, daily))
    @fails_in_a_sentence
    def extract(
        context: dg.AssetExecutionContext,
        hospital: dg.ResourceParam[OpenHospital],
        lake: dg.ResourceParam[OpenLake],
    ) -> dg.MaterializeResult:
        own_lake = lake()
        making = Making(context, row, hospital(), own_lake)
        for days in by_month(days_of(context)):
            making.make(days, {one.name: own_lake.read(one, days.days) for one in row.reads})
        return making.result()

    asset: dg.AssetsDefinition = extract
    return asset


def options(
    row: Registration, daily: dg.PartitionsDefinition, checks: Sequence[dg.AssetCheckSpec] = ()
) -> dict[str, Any]:
    """Return what Dagster knows of the asset of a record in the lake; its laws are checks of it."""
    record = row.contract
    folder = Lake(load_settings().lake).folder(record, "parquet")
    simulated = [SIMULATED] if row.origin is Origin.EXTRACT else []
    laws = [
        check_spec(law.name, record.name, daily, law.description, blocking=True) for law in row.laws
    ]
    return {
        "name": record.name,
        "partitions_def": daily,
        "backfill_policy": BATCH_BACKFILLS,
        "deps": [*(one.name for one in row.reads), *simulated],
        "group_name": GROUPS[row.origin],
        "owners": OWNERS,
        "kinds": {"polars", "csv", "parquet"},
        "description": descriptions.of_files(record, daily, folder),
        "metadata": {
            "dagster/column_schema": table_schema(record),
            "dagster/uri": folder,
            **code_references.of_record(record),
        },
        "check_specs": [*laws, *checks],
    }


class Making:
    """The making of some days of a record in one run."""

    def __init__(
        self, context: dg.AssetExecutionContext, row: Registration, hospital: Hospital, lake: Lake
    ) -> None:
        self._context, self._row, self._hospital, self._lake = context, row, hospital, lake
        self._broken: dict[str, list[pl.DataFrame]] = {law.name: [] for law in row.laws}
        self._digests: list[str] = []
        self._progress = RunProgress(len(days_of(context)))

    def make(self, days: Period, frames: Frames) -> None:
        """Make days from what they read, write them into the lake and look at the laws."""
        row, name = self._row, self._row.name
        started = time.perf_counter()
        made = row.rows(self._hospital, days, frames)
        manifests = self._lake.write(row.contract, made, fingerprint(self._hospital))
        seconds = time.perf_counter() - started
        self._describe(made, manifests, seconds)
        self._digests += [manifest.csv.sha256 for manifest in manifests]
        broken = _broken(row, self._lake, {**frames, name: made}, days, self._hospital)
        for law, found in broken.items():
            self._broken[law] += [found] if len(found) else []
        self._context.log.info(
            f"{name} {days}: {len(made):,} rows{self._progress.after(days.length)}"
        )

    def _describe(
        self, frame: pl.DataFrame, manifests: Sequence[DayManifest], seconds: float
    ) -> None:
        """Attach to each day's materialization what the page shows of it."""
        record, lake, offset = self._row.contract, self._lake, 0
        figures = figures_of(record, frame)
        for manifest in manifests:
            rows = manifest.csv.rows
            of_day = with_occupancy(figures[manifest.day], self._hospital.parameters)
            self._context.add_asset_metadata(
                {
                    "dagster/row_count": rows,
                    "dagster/size_bytes": manifest.csv.bytes + manifest.parquet.bytes,
                    "dagster/uri": lake.path(record, "parquet", manifest.day),
                    **of_day,
                    "csv": dg.MetadataValue.path(lake.path(record, "csv", manifest.day)),
                    SHA256: manifest.csv.sha256,
                    "seconds": round(seconds / len(manifests), 4),
                    "preview": dg.MetadataValue.md(markdown_preview(frame.slice(offset, 5))),
                },
                partition_key=manifest.day.isoformat(),
            )
            offset += rows

    def result(self, *checks: dg.AssetCheckResult) -> dg.MaterializeResult:
        """Return what was made, and what came of the laws and of further checks."""
        laws = [verdict(name, found) for name, found in self._broken.items()]
        return dg.MaterializeResult(
            data_version=version_of(self._digests), check_results=[*laws, *checks]
        )


def _broken(
    row: Registration, lake: Lake, frames: Frames, days: Period, hospital: Hospital
) -> dict[str, pl.DataFrame]:
    """Return what breaks each law; of the days before, as far as the lake has them."""
    before = earlier_days([row], days.first_day)
    looked_at = {name for law in row.laws if law.days_before for name in law.reads}
    earlier = {
        record.name: lake.read(record, [day for day in before if lake.manifest(record, day)])
        for record in (row.contract, *row.reads)
        if record.name in looked_at
    }
    found = broken_laws(row, frames, earlier, days.first_day, hospital.parameters)
    return {law.name: rows for law, rows in found}


def verdict(name: str, found: Sequence[pl.DataFrame], text: str = "") -> dg.AssetCheckResult:
    """Return the result of a check, given the rows that break it, and in words where there are."""
    if not found:
        return dg.AssetCheckResult(check_name=name, passed=True, metadata={"violations": 0})
    return dg.AssetCheckResult(
        check_name=name,
        passed=False,
        description=text or None,
        metadata={
            "violations": sum(len(one) for one in found),
            "first": dg.MetadataValue.md(markdown_preview(found[0])),
        },
    )
