"""Transfers: one event, and then one row, is an inpatient transferred to another facility."""

from datetime import UTC, date, datetime

import dagster as dg
import polars as pl
from pydantic import Field

from hospital_assets.assets.extracts import GROUPS, OWNERS
from hospital_assets.assets.failures import fails_in_a_sentence
from hospital_assets.assets.metadata import markdown_preview, table_schema
from hospital_assets.assets.partitions import STREAM_BACKFILLS, days_of
from hospital_assets.calendar.clock import slot, slots_due
from hospital_assets.calendar.period import by_month
from hospital_assets.contracts.transfers import TRANSFERS
from hospital_assets.history.days import BACKFILL
from hospital_assets.registry import Origin, registration
from hospital_assets.resource_definitions import OpenHospital
from hospital_assets.resources.stream.publisher import Slot
from hospital_assets.resources.stream.resource import Stream
from hospital_assets.resources.warehouse.resource import Warehouse
from hospital_assets.resources.warehouse.schema import SCHEMA
from hospital_assets.simulation import Hospital

EVENTS = "transfer_events"
_GROUP = GROUPS[Origin.STREAM]


class Publishing(dg.Config):
    """How much of a day is published."""

    ahead_of_clock: bool = Field(
        default=False,
        description="Publish slots too that the clock has not come to, as every backfill does.",
    )


def assets(daily: dg.PartitionsDefinition) -> list[dg.AssetsDefinition]:
    """Return the topic with its events, and the rows landed from it."""
    return [transfer_events(daily), transfers(daily)]


def transfer_events(daily: dg.PartitionsDefinition) -> dg.AssetsDefinition:
    """Return the asset that publishes to Kafka."""

    @dg.asset(
        name=EVENTS,
        partitions_def=daily,
        backfill_policy=STREAM_BACKFILLS,
        group_name=_GROUP,
        owners=OWNERS,
        kinds={"kafka", "json"},
    )
    @fails_in_a_sentence
    def events(
        context: dg.AssetExecutionContext,
        config: Publishing,
        hospital: dg.ResourceParam[OpenHospital],
        stream: dg.ResourceParam[Stream],
        warehouse: dg.ResourceParam[Warehouse],
    ) -> dg.MaterializeResult:
        """One event is an inpatient transferred on the day; missing ones that are due are sent."""
        ahead = config.ahead_of_clock or BACKFILL in context.run.tags
        simulated = hospital()
        due = set(due_slots(simulated, warehouse, datetime.now(UTC)))
        for days in by_month(days_of(context)):
            wanted = [one for one in _slots(simulated, days.days) if ahead or one in due]
            missing = stream.unpublished(wanted)
            if missing:
                everything = registration(TRANSFERS).rows(simulated, days, {})
                chosen = pl.DataFrame(
                    missing, schema={"transfer_date": pl.Date, "slot": pl.Int32}, orient="row"
                )
                report = stream.publish(
                    everything.join(chosen, on=chosen.columns, how="semi", maintain_order="left")
                )
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


def transfers(daily: dg.PartitionsDefinition) -> dg.AssetsDefinition:
    """Return the asset that lands what the topic holds."""

    @dg.asset(
        name=TRANSFERS.name,
        deps=[EVENTS],
        partitions_def=daily,
        backfill_policy=STREAM_BACKFILLS,
        group_name=_GROUP,
        owners=OWNERS,
        kinds={"kafka", "postgres", "json"},
        metadata={
            "dagster/column_schema": table_schema(TRANSFERS),
            "dagster/table_name": f"{SCHEMA}.{TRANSFERS.name}",
        },
    )
    @fails_in_a_sentence
    def landed(
        context: dg.AssetExecutionContext,
        stream: dg.ResourceParam[Stream],
        warehouse: dg.ResourceParam[Warehouse],
    ) -> dg.MaterializeResult:
        """One row is an inpatient transferred to another facility, landed from the topic once."""
        report = stream.land()
        context.log.info(
            f"landed {report.rows} rows of {report.messages} messages,"
            f" {report.duplicates} duplicates, {report.dead_letters} dead letters"
        )
        for days in by_month(days_of(context)):
            rows = warehouse.read(TRANSFERS, days.days)
            for day in days.days:
                of_day = rows.filter(pl.col("transfer_date") == day)
                context.add_asset_metadata(
                    {
                        "dagster/partition_row_count": len(of_day),
                        "slots_landed": of_day["slot"].n_unique(),
                        "preview": dg.MetadataValue.md(markdown_preview(of_day)),
                    },
                    partition_key=day.isoformat(),
                )
        return dg.MaterializeResult()

    return landed


def _slots(hospital: Hospital, days: list[date]) -> list[Slot]:
    a_day = hospital.parameters.transfers.slots_per_day
    return [(day, number) for day in days for number in range(1, a_day + 1)]


def due_slots(hospital: Hospital, warehouse: Warehouse, instant: datetime) -> list[Slot]:
    """Return the slots that are due at the instant, in order; none before the first start."""
    campaign = warehouse.campaign()
    if campaign is None:
        return []
    period, a_day = hospital.period, hospital.parameters.transfers.slots_per_day
    return [slot(period, one, a_day) for one in range(slots_due(campaign, period, instant, a_day))]
