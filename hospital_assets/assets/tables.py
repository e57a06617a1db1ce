"""The PostgreSQL table of a record type, as an asset of its own."""

import time
from datetime import date

import dagster as dg

from hospital_assets.assets.extracts import OWNERS
from hospital_assets.assets.pace import Pace
from hospital_assets.contracts import RecordType
from hospital_assets.partitions import BACKFILLS, DAILY, days_of
from hospital_assets.planning import by_month
from hospital_assets.resources.lake import Lake, LakeError
from hospital_assets.resources.preview import table_schema
from hospital_assets.resources.schema import SCHEMA
from hospital_assets.resources.storage import StorageAwayError, StorageError
from hospital_assets.resources.warehouse import Warehouse

WAREHOUSE = "warehouse"
_PATIENCE = dg.RetryPolicy(max_retries=3, delay=2, backoff=dg.Backoff.EXPONENTIAL)


def table_key(name: str) -> dg.AssetKey:
    """Return the asset key of a record's table."""
    return dg.AssetKey([WAREHOUSE, name])


def warehouse_table(record: RecordType, group: str = WAREHOUSE) -> dg.AssetsDefinition:
    """Return the asset that loads a record's days from the lake into its table.

    It comes after the tables that its foreign keys refer to.
    """
    referenced = sorted({reference.table for reference in record.references})
    grain = (record.schema.__doc__ or "").strip()
    kept = "" if record.is_daily else " The table keeps each person once, as last seen."

    @dg.asset(
        key=table_key(record.name),
        deps=[record.name, *(table_key(name) for name in referenced)],
        partitions_def=DAILY,
        backfill_policy=BACKFILLS,
        retry_policy=_PATIENCE,
        group_name=group,
        owners=OWNERS,
        kinds={"postgres", "table"},
        description=grain + kept,
        metadata={
            "dagster/column_schema": table_schema(record),
            "dagster/table_name": f"{SCHEMA}.{record.name}",
        },
    )
    def table(
        context: dg.AssetExecutionContext, lake: Lake, warehouse: Warehouse
    ) -> dg.MaterializeResult:
        pace = Pace(len(days_of(context)))
        for days in by_month(days_of(context)):
            started = time.perf_counter()
            rows = warehouse.load(record, _files(lake, record, days))
            seconds = time.perf_counter() - started
            for day in days:
                manifest = lake.manifest(record, day)
                context.add_asset_metadata(
                    {
                        "dagster/partition_row_count": manifest.csv.rows if manifest else 0,
                        "seconds": round(seconds / len(days), 4),
                    },
                    partition_key=day.isoformat(),
                )
            context.log.info(
                f"{SCHEMA}.{record.name} {days[0]} to {days[-1]}: {rows:,} rows;"
                f" {pace.after(len(days))}"
            )
        return dg.MaterializeResult()

    return table


def _files(lake: Lake, record: RecordType, days: list[date]) -> dict[date, bytes]:
    """Return the days' CSV files; what the lake lacks now it will lack at a further try."""
    try:
        return {day: lake.csv(record, day) for day in days}
    except StorageAwayError:
        raise
    except (LakeError, StorageError) as error:
        raise dg.Failure(str(error), allow_retries=False) from error
