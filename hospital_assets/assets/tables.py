"""The PostgreSQL table of a record type, as an asset of its own."""

import time

import dagster as dg

from hospital_assets.assets import code_references, descriptions
from hospital_assets.assets.failures import fails_in_a_sentence
from hospital_assets.assets.groups import GROUPS, OWNERS
from hospital_assets.assets.groups import WAREHOUSE as WAREHOUSE_GROUP
from hospital_assets.assets.metadata import table_schema
from hospital_assets.assets.partitions import BATCH_BACKFILLS, days_of
from hospital_assets.assets.run_progress import RunProgress
from hospital_assets.calendar.period import by_month
from hospital_assets.contracts.record_type import RecordType
from hospital_assets.registry import Origin, registration
from hospital_assets.resource_definitions import OpenLake
from hospital_assets.resources.warehouse.resource import Warehouse
from hospital_assets.resources.warehouse.schema import SCHEMA

WAREHOUSE = "warehouse"
_PATIENCE = dg.RetryPolicy(max_retries=3, delay=2, backoff=dg.Backoff.EXPONENTIAL)


def table_key(name: str) -> dg.AssetKey:
    """Return the asset key of a record's table."""
    return dg.AssetKey([WAREHOUSE, name])


def warehouse_table(record: RecordType, daily: dg.PartitionsDefinition) -> dg.AssetsDefinition:
    """Return the asset that loads a record's days from the lake into its table.

    It comes after the tables that its foreign keys refer to.
    """
    referenced = sorted({reference.table for reference in record.references})
    origin = registration(record).origin

    @dg.asset(
        key=table_key(record.name),
        deps=[record.name, *(table_key(name) for name in referenced)],
        partitions_def=daily,
        backfill_policy=BATCH_BACKFILLS,
        retry_policy=_PATIENCE,
        group_name=GROUPS[origin] if origin is Origin.MART else WAREHOUSE_GROUP,
        owners=OWNERS,
        kinds={"postgres", "table"},
        description=descriptions.of_table(record, daily),
        metadata={
            "dagster/column_schema": table_schema(record),
            "dagster/table_name": f"{SCHEMA}.{record.name}",
            **code_references.of_record(record),
        },
    )
    @fails_in_a_sentence
    def table(
        context: dg.AssetExecutionContext,
        lake: dg.ResourceParam[OpenLake],
        warehouse: dg.ResourceParam[Warehouse],
    ) -> dg.MaterializeResult:
        own_lake = lake()
        progress = RunProgress(len(days_of(context)))
        for days in by_month(days_of(context)):
            started = time.perf_counter()
            rows = warehouse.load(record, {day: own_lake.csv(record, day) for day in days.days})
            seconds = time.perf_counter() - started
            for day in days.days:
                manifest = own_lake.manifest(record, day)
                context.add_asset_metadata(
                    {
                        "dagster/row_count": manifest.csv.rows if manifest else 0,
                        "seconds": round(seconds / days.length, 4),
                    },
                    partition_key=day.isoformat(),
                )
            context.log.info(
                f"{SCHEMA}.{record.name} {days}: {rows:,} rows{progress.after(days.length)}"
            )
        return dg.MaterializeResult()

    return table
