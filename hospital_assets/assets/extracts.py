"""Daily files: how any record of the lake is made, written and checked."""

import time
from collections.abc import Sequence

import dagster as dg
import polars as pl

from hospital_assets.assets.failures import fails_in_a_sentence
from hospital_assets.assets.metadata import markdown_preview, table_schema
from hospital_assets.assets.partitions import BATCH_BACKFILLS, days_of
from hospital_assets.assets.run_progress import RunProgress
from hospital_assets.calendar.period import Period, by_month
from hospital_assets.configuration.hospital_files import fingerprint
from hospital_assets.contracts.record_type import RecordType
from hospital_assets.law_checks import broken_laws, earlier_days
from hospital_assets.registry import Origin, Registration, registration
from hospital_assets.resource_definitions import OpenHospital
from hospital_assets.resources.lake.resource import DayManifest, Lake
from hospital_assets.resources.warehouse.resource import Warehouse
from hospital_assets.simulation import Frames, Hospital

OWNERS = ["team:health-records"]
GROUPS = {Origin.EXTRACT: "lake", Origin.STREAM: "stream", Origin.MART: "mart"}


def daily_extract(record: RecordType, daily: dg.PartitionsDefinition) -> dg.AssetsDefinition:
    """Return the asset that makes a record's days, writes them into the lake and checks them."""
    row = registration(record)

    @dg.asset(
        name=record.name,
        partitions_def=daily,
        backfill_policy=BATCH_BACKFILLS,
        deps=[one.name for one in row.reads],
        group_name=GROUPS[row.origin],
        owners=OWNERS,
        kinds={"polars", "csv", "parquet"},
        description=record.grain,
        metadata={"dagster/column_schema": table_schema(record)},
        check_specs=[
            dg.AssetCheckSpec(
                law.name, asset=record.name, description=law.description, blocking=True
            )
            for law in row.laws
        ],
    )
    @fails_in_a_sentence
    def extract(
        context: dg.AssetExecutionContext,
        hospital: dg.ResourceParam[OpenHospital],
        lake: dg.ResourceParam[Lake],
        warehouse: dg.ResourceParam[Warehouse],
    ) -> dg.MaterializeResult:
        simulated = hospital()
        broken: dict[str, list[pl.DataFrame]] = {law.name: [] for law in row.laws}
        progress = RunProgress(len(days_of(context)))
        for days in by_month(days_of(context)):
            started = time.perf_counter()
            frames = {one.name: _read(one, days, lake, warehouse) for one in row.reads}
            frames[record.name] = row.rows(simulated, days, frames)
            manifests = lake.write(record, frames[record.name], fingerprint(simulated))
            seconds = time.perf_counter() - started
            _describe(context, record, lake, frames[record.name], manifests, seconds)
            for name, found in _broken(row, lake, frames, days, simulated).items():
                broken[name] += [found] if len(found) else []
            context.log.info(
                f"{record.name} {days}: {len(frames[record.name]):,} rows"
                f"{progress.after(days.length)}"
            )
        return dg.MaterializeResult(
            check_results=[_verdict(name, found) for name, found in broken.items()]
        )

    return extract


def _read(record: RecordType, days: Period, lake: Lake, warehouse: Warehouse) -> pl.DataFrame:
    """Return the rows of some days from where they lie whole: a day of a stream is its table's."""
    if registration(record).origin is Origin.STREAM:
        return warehouse.read(record, days.days)
    return lake.read(record, days.days)


def _describe(
    context: dg.AssetExecutionContext,
    record: RecordType,
    lake: Lake,
    frame: pl.DataFrame,
    manifests: Sequence[DayManifest],
    seconds: float,
) -> None:
    """Attach to each day's materialization what the UI shows of it."""
    offset = 0
    for manifest in manifests:
        rows = manifest.csv.rows
        context.add_asset_metadata(
            {
                "dagster/partition_row_count": rows,
                "dagster/uri": lake.path(record, "parquet", manifest.day),
                "csv": dg.MetadataValue.path(lake.path(record, "csv", manifest.day)),
                "sha256": manifest.csv.sha256,
                "megabytes": round((manifest.csv.bytes + manifest.parquet.bytes) / 1e6, 3),
                "seconds": round(seconds / len(manifests), 4),
                "preview": dg.MetadataValue.md(markdown_preview(frame.slice(offset, 5))),
            },
            partition_key=manifest.day.isoformat(),
        )
        offset += rows


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


def _verdict(name: str, found: list[pl.DataFrame]) -> dg.AssetCheckResult:
    if not found:
        return dg.AssetCheckResult(check_name=name, passed=True, metadata={"violations": 0})
    return dg.AssetCheckResult(
        check_name=name,
        passed=False,
        metadata={
            "violations": sum(len(one) for one in found),
            "first": dg.MetadataValue.md(markdown_preview(found[0])),
        },
    )
