"""Streams: how events of any type are published to their topic, and landed from it."""

from datetime import UTC, date, datetime

import dagster as dg
import polars as pl
from pydantic import Field

from hospital_assets.assets.extracts import GROUPS, OWNERS
from hospital_assets.assets.metadata import markdown_preview, table_schema
from hospital_assets.assets.own_topic import refuse_others
from hospital_assets.assets.partitions import STREAM_BACKFILLS, days_of
from hospital_assets.calendar.clock import slot, slots_due
from hospital_assets.calendar.period import by_month
from hospital_assets.contracts.stream_type import StreamType
from hospital_assets.history.days import BACKFILL
from hospital_assets.registry import Origin, registration
from hospital_assets.resources.stream.published_slots import Slot
from hospital_assets.resources.stream.resource import Streams
from hospital_assets.resources.warehouse.resource import Warehouse
from hospital_assets.resources.warehouse.schema import SCHEMA
from hospital_assets.simulation import Hospital

_GROUP = GROUPS[Origin.STREAM]


class Publishing(dg.Config):
    """How much of a day is published."""

    ahead_of_clock: bool = Field(
        default=False,
        description="Publish slots too that the clock has not come to, as every backfill does.",
    )


def published_events(kind: StreamType, daily: dg.PartitionsDefinition) -> dg.AssetsDefinition:
    """Return the asset that publishes the events of a stream type to Kafka."""
    grain = kind.record.grain.removeprefix("One row is ").rstrip(".")

    @dg.asset(
        name=kind.events_asset,
        partitions_def=daily,
        backfill_policy=STREAM_BACKFILLS,
        group_name=_GROUP,
        owners=OWNERS,
        kinds={"kafka", "json"},
        description=f"One event is {grain}; those of the day's slots that are due are sent.",
    )
    def events(
        context: dg.AssetExecutionContext,
        config: Publishing,
        hospital: dg.ResourceParam[Hospital],
        streams: dg.ResourceParam[Streams],
        warehouse: dg.ResourceParam[Warehouse],
    ) -> dg.MaterializeResult:
        stream = streams[kind.name]
        refuse_others(hospital, stream)
        ahead = config.ahead_of_clock or BACKFILL in context.run.tags
        due = set(due_slots(hospital, warehouse, datetime.now(UTC)))
        for days in by_month(days_of(context)):
            wanted = [one for one in _slots(hospital, days.days) if ahead or one in due]
            missing = stream.unpublished(wanted)
            if missing:
                rows = registration(kind.record).rows(hospital, days, {})
                report = stream.publish(missing, rows)
                context.log.info(f"published {report.events} events of {report.slots} slots")
            for day in days.days:
                context.add_asset_metadata(
                    {
                        "slots_wanted": sum(one[0] == day for one in wanted),
                        "slots_published_now": sum(one[0] == day for one in missing),
                    },
                    partition_key=day.isoformat(),
                )
        return dg.MaterializeResult()

    return events


def landed_events(kind: StreamType, daily: dg.PartitionsDefinition) -> dg.AssetsDefinition:
    """Return the asset that lands what the topic of a stream type holds."""
    record = kind.record

    @dg.asset(
        name=record.name,
        deps=[kind.events_asset],
        partitions_def=daily,
        backfill_policy=STREAM_BACKFILLS,
        group_name=_GROUP,
        owners=OWNERS,
        kinds={"kafka", "postgres", "json"},
        description=f"{record.grain.rstrip('.')}, landed from the topic once.",
        metadata={
            "dagster/column_schema": table_schema(record),
            "dagster/table_name": f"{SCHEMA}.{record.name}",
        },
    )
    def landed(
        context: dg.AssetExecutionContext,
        hospital: dg.ResourceParam[Hospital],
        streams: dg.ResourceParam[Streams],
        warehouse: dg.ResourceParam[Warehouse],
    ) -> dg.MaterializeResult:
        refuse_others(hospital, streams[kind.name])
        report = streams[kind.name].land()
        context.log.info(
            f"landed {report.rows} rows of {report.messages} messages,"
            f" {report.duplicates} duplicates, {report.dead_letters} dead letters"
        )
        day_column, slot_column = kind.slot_columns
        for days in by_month(days_of(context)):
            rows = warehouse.read(record, days.days)
            for day in days.days:
                of_day = rows.filter(pl.col(day_column) == day)
                context.add_asset_metadata(
                    {
                        "dagster/partition_row_count": len(of_day),
                        "slots_landed": of_day[slot_column].n_unique(),
                        "preview": dg.MetadataValue.md(markdown_preview(of_day)),
                    },
                    partition_key=day.isoformat(),
                )
        return dg.MaterializeResult()

    return landed


def slots_per_day(hospital: Hospital) -> int:
    """Return into how many slots the clock cuts a day, for streams of any type."""
    return hospital.parameters.slots_per_day


def due_slots(hospital: Hospital, warehouse: Warehouse, instant: datetime) -> list[Slot]:
    """Return the slots that are due at the instant, in order; none before the first start."""
    campaign = warehouse.campaign()
    if campaign is None:
        return []
    period, a_day = hospital.period, slots_per_day(hospital)
    return [slot(period, one, a_day) for one in range(slots_due(campaign, period, instant, a_day))]


def _slots(hospital: Hospital, days: list[date]) -> list[Slot]:
    return [(day, number) for day in days for number in range(1, slots_per_day(hospital) + 1)]
