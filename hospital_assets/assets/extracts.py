"""Daily extracts: how any record type is made, checked and written into the lake."""

import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import dagster as dg
import polars as pl

from hospital_assets.assets.pace import Pace
from hospital_assets.contracts import RecordType
from hospital_assets.partitions import BACKFILLS, DAILY, days_of
from hospital_assets.planning import by_month
from hospital_assets.profile import fingerprint
from hospital_assets.resources.lake import Lake, Manifest
from hospital_assets.resources.preview import markdown_preview, table_schema
from hospital_assets.simulation import Hospital
from hospital_assets.simulation.laws import LAWS, Frames, Law

OWNERS = ["team:health-records"]

Make = Callable[[date, date, Frames], pl.DataFrame]


def extract(record: RecordType, reads: Sequence[RecordType] = ()) -> dict[str, Any]:
    """Return the arguments of `@dg.asset` for a record's daily extract."""
    return {
        "partitions_def": DAILY,
        "backfill_policy": BACKFILLS,
        "deps": [one.name for one in reads],
        "group_name": "lake",
        "owners": OWNERS,
        "kinds": {"polars", "csv", "parquet"},
        "metadata": {"dagster/column_schema": table_schema(record)},
        "check_specs": [
            dg.AssetCheckSpec(
                law.name, asset=record.name, description=law.description, blocking=True
            )
            for law in laws_of(record)
        ],
    }


def laws_of(record: RecordType) -> list[Law]:
    """Return the laws that a record is checked by."""
    return [law for law in LAWS if law.record == record.name]


def write(
    context: dg.AssetExecutionContext,
    record: RecordType,
    hospital: Hospital,
    lake: Lake,
    make: Make,
    reads: Sequence[RecordType] = (),
) -> dg.MaterializeResult:
    """Make, write and check the run's days of a record, a month at a time.

    `make(first, last, frames)` returns the rows of the days from first to last; `frames` holds what
    the lake has of the records in `reads`.
    """
    identity = fingerprint(hospital)
    broken: dict[str, list[pl.DataFrame]] = {law.name: [] for law in laws_of(record)}
    pace = Pace(len(days_of(context)))
    for days in by_month(days_of(context)):
        started = time.perf_counter()
        frames = {one.name: lake.read(one, days) for one in reads}
        frame = record.schema.cast(make(days[0], days[-1], frames))
        manifests = lake.write(record, frame, identity)
        seconds = time.perf_counter() - started
        _describe(context, record, lake, frame, manifests, seconds)
        frames[record.name] = frame
        for law in laws_of(record):
            before = _days_before(lake, record, days[0], law.days_before)
            found = law.violations(_with_days_before(frames, record, before), hospital.parameters)
            broken[law.name] += [found] if len(found) else []
        context.log.info(
            f"{record.name} {days[0]} to {days[-1]}: {len(frame):,} rows; {pace.after(len(days))}"
        )
    return dg.MaterializeResult(
        check_results=[_verdict(name, found) for name, found in broken.items()]
    )


def _describe(
    context: dg.AssetExecutionContext,
    record: RecordType,
    lake: Lake,
    frame: pl.DataFrame,
    manifests: list[Manifest],
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


def _days_before(lake: Lake, record: RecordType, first: date, count: int) -> pl.DataFrame:
    """Return the rows of up to `count` days before the first one, as far as the lake has them."""
    days = [first - timedelta(days=back) for back in range(count, 0, -1)]
    return lake.read(record, [day for day in days if lake.manifest(record, day) is not None])


def _with_days_before(frames: Frames, record: RecordType, before: pl.DataFrame) -> Frames:
    if before.is_empty():
        return frames
    return frames | {record.name: pl.concat([before, frames[record.name]])}


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
