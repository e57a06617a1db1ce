"""Transfers: published to Kafka as events, and landed from there in lake/stream and PostgreSQL."""

from datetime import UTC, date, datetime

import dagster as dg
import polars as pl
from pydantic import Field

from hospital_assets.assets.extracts import OWNERS
from hospital_assets.clock import PERIOD, slot, slots_due
from hospital_assets.contracts import TRANSFERS
from hospital_assets.partitions import BACKFILLS, DAILY, days_of
from hospital_assets.planning import by_month
from hospital_assets.progress import BACKFILL
from hospital_assets.resources.preview import markdown_preview, table_schema
from hospital_assets.resources.schema import SCHEMA
from hospital_assets.resources.stream.publisher import Slot
from hospital_assets.resources.stream.resource import Stream
from hospital_assets.resources.warehouse import Warehouse
from hospital_assets.simulation import Hospital

STREAM = "stream"


class Publishing(dg.Config):
    """How much of a day is published."""

    ahead_of_clock: bool = Field(
        default=False,
        description="Publish slots too that the clock has not come to, as every backfill does.",
    )


@dg.asset(
    partitions_def=DAILY,
    backfill_policy=BACKFILLS,
    group_name=STREAM,
    owners=OWNERS,
    kinds={"kafka", "json"},
)
def transfer_events(
    context: dg.AssetExecutionContext,
    config: Publishing,
    hospital: dg.ResourceParam[Hospital],
    stream: Stream,
    warehouse: Warehouse,
) -> dg.MaterializeResult:
    """One event is an inpatient transferred on the day; what is due and missing is published."""
    ahead = config.ahead_of_clock or BACKFILL in context.run.tags
    due = set(due_slots(hospital, warehouse, datetime.now(UTC)))
    for days in by_month(days_of(context)):
        wanted = [one for one in _slots(hospital, days) if ahead or one in due]
        missing = stream.unpublished(wanted)
        if missing:
            everything = TRANSFERS.schema.cast(hospital.transfers(days[0], days[-1]))
            chosen = pl.DataFrame(
                missing, schema={"transfer_date": pl.Date, "slot": pl.Int32}, orient="row"
            )
            report = stream.publish(
                everything.join(chosen, on=chosen.columns, how="semi", maintain_order="left")
            )
            context.log.info(f"published {report.events} events of {report.slots} slots")
        for day in days:
            context.add_asset_metadata(
                {
                    "slots_wanted": sum(one[0] == day for one in wanted),
                    "slots_published_now": sum(one[0] == day for one in missing),
                },
                partition_key=day.isoformat(),
            )
    return dg.MaterializeResult()


@dg.asset(
    deps=[transfer_events],
    partitions_def=DAILY,
    backfill_policy=BACKFILLS,
    group_name=STREAM,
    owners=OWNERS,
    kinds={"kafka", "postgres", "json"},
    metadata={
        "dagster/column_schema": table_schema(TRANSFERS),
        "dagster/table_name": f"{SCHEMA}.{TRANSFERS.name}",
    },
)
def transfers(
    context: dg.AssetExecutionContext, stream: Stream, warehouse: Warehouse
) -> dg.MaterializeResult:
    """One row is an inpatient transferred to another facility, landed from the topic once."""
    report = stream.land()
    context.log.info(
        f"landed {report.rows} rows of {report.messages} messages,"
        f" {report.duplicates} duplicates, {report.dead_letters} dead letters"
    )
    for days in by_month(days_of(context)):
        rows = warehouse.read(TRANSFERS, days)
        for day in days:
            landed = rows.filter(pl.col("transfer_date") == day)
            context.add_asset_metadata(
                {
                    "dagster/partition_row_count": len(landed),
                    "slots_landed": landed["slot"].n_unique(),
                    "preview": dg.MetadataValue.md(markdown_preview(landed)),
                },
                partition_key=day.isoformat(),
            )
    return dg.MaterializeResult()


def _slots(hospital: Hospital, days: list[date]) -> list[Slot]:
    a_day = hospital.parameters.transfers.slots_per_day
    return [(day, slot) for day in days for slot in range(1, a_day + 1)]


def due_slots(hospital: Hospital, warehouse: Warehouse, instant: datetime) -> list[Slot]:
    """Return the slots that are due at the instant, in order; none before the first start."""
    campaign = warehouse.campaign()
    if campaign is None:
        return []
    a_day = hospital.parameters.transfers.slots_per_day
    return [slot(PERIOD, one, a_day) for one in range(slots_due(campaign, PERIOD, instant, a_day))]
