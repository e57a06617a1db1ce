"""The PostgreSQL table of a record type, as an asset of its own."""

import time
from collections.abc import Mapping
from datetime import date

import dagster as dg

from hospital_assets.assets import code_references, descriptions
from hospital_assets.assets.failures import fails_in_a_sentence
from hospital_assets.assets.groups import GROUPS, OWNERS
from hospital_assets.assets.groups import WAREHOUSE as WAREHOUSE_GROUP
from hospital_assets.assets.metadata import warehouse_schema
from hospital_assets.assets.partitions import BATCH_BACKFILLS, days_of, days_text
from hospital_assets.assets.run_progress import RunProgress
from hospital_assets.assets.versions import sha256, version_of
from hospital_assets.calendar.period import by_month
from hospital_assets.contracts.record_type import RecordType
from hospital_assets.history.day_versions import SHA256
from hospital_assets.registry import Origin, registration
from hospital_assets.resource_definitions import OpenLake
from hospital_assets.resources.warehouse.resource import Warehouse
from hospital_assets.resources.warehouse.schema import SCHEMA

WAREHOUSE = "warehouse"
AS_THE_FILE = "rows_as_in_the_file"
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
            "dagster/column_schema": warehouse_schema(record),
            "dagster/table_name": f"{SCHEMA}.{record.name}",
            **code_references.of_record(record),
        },
        check_specs=[
            dg.AssetCheckSpec(
                AS_THE_FILE,
                asset=table_key(record.name),
                description="The table has as many rows of the day as the day's file. PostgreSQL"
                " itself refuses rows that break a rule, or refer to a row that is not there.",
            )
        ],
    )
    @fails_in_a_sentence
    def table(
        context: dg.AssetExecutionContext,
        lake: dg.ResourceParam[OpenLake],
        warehouse: dg.ResourceParam[Warehouse],
    ) -> dg.MaterializeResult:
        own_lake = lake()
        progress = RunProgress(len(days_of(context)))
        digests: list[str] = []
        differing: list[str] = []
        for days in by_month(days_of(context)):
            started = time.perf_counter()
            files = {day: own_lake.csv(record, day) for day in days.days}
            rows = warehouse.load(record, files)
            seconds = time.perf_counter() - started
            wanted = {day: content.count(b"\n") - 1 for day, content in files.items()}
            differing += _differing(record, warehouse, wanted, rows)
            for day, content in files.items():
                digests.append(sha256(content))
                context.add_asset_metadata(
                    {
                        "dagster/row_count": wanted[day],
                        "seconds": round(seconds / days.length, 4),
                        SHA256: digests[-1],
                    },
                    partition_key=day.isoformat(),
                )
            context.log.info(
                f"{SCHEMA}.{record.name} {days}: {rows:,} rows{progress.after(days.length)}"
            )
        return dg.MaterializeResult(
            data_version=version_of(digests),
            check_results=[
                dg.AssetCheckResult(
                    check_name=AS_THE_FILE,
                    passed=not differing,
                    description="; ".join(differing) or None,
                    metadata={"days": days_text(context)},
                )
            ],
        )

    return table


def _differing(
    record: RecordType, warehouse: Warehouse, wanted: Mapping[date, int], loaded: int
) -> list[str]:
    """Return in words where a table has not the rows that the days' files have.

    What keeps each person once has rows of other days: there, what was loaded is counted.
    """
    if not record.is_daily:
        read = sum(wanted.values())
        return [] if loaded == read else [f"{loaded} rows were loaded of {read} in the files"]
    found = warehouse.rows_by_day(record, list(wanted))
    return [
        f"{day}: {found.get(day, 0)} rows in the table, {rows} in the file"
        for day, rows in wanted.items()
        if found.get(day, 0) != rows
    ]
