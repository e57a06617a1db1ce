"""Streams: how events of any type are published to their topic, and landed from it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import dagster as dg
import polars as pl
from pydantic import Field

from hospital_assets.assets import code_references, descriptions
from hospital_assets.assets.failures import fails_in_a_sentence
from hospital_assets.assets.figures import figures_of
from hospital_assets.assets.groups import OWNERS, STREAM
from hospital_assets.assets.metadata import markdown_preview, table_schema
from hospital_assets.assets.outside import SIMULATED
from hospital_assets.assets.own_topic import refuse_others
from hospital_assets.assets.partitions import STREAM_BACKFILLS, days_of, days_text
from hospital_assets.assets.versions import sha256, version_of
from hospital_assets.calendar.clock import slot, slots_due
from hospital_assets.calendar.period import by_month
from hospital_assets.configuration.hospital_files import fingerprint
from hospital_assets.contracts.stream_type import StreamType
from hospital_assets.history.day_versions import SHA256
from hospital_assets.history.days import BACKFILL
from hospital_assets.registry import registration
from hospital_assets.resource_definitions import OpenHospital
from hospital_assets.resources.lake.csv_form import csv_bytes
from hospital_assets.resources.stream.published_slots import Slot
from hospital_assets.resources.stream.resource import Streams
from hospital_assets.resources.warehouse.resource import Warehouse
from hospital_assets.resources.warehouse.schema import SCHEMA
from hospital_assets.simulation import Hospital

LANDED = "published_events_are_landed"


class Publishing(dg.Config):
    """How much of a day is published."""

    ahead_of_clock: bool = Field(
        default=False,
        description="Publish slots too that the clock has not come to, as every backfill does.",
    )


def published_events(kind: StreamType, daily: dg.PartitionsDefinition) -> dg.AssetsDefinition:
    """Return the asset that publishes the events of a stream type to Kafka."""

    @dg.asset(
        name=kind.events_asset,
        deps=[SIMULATED],
        partitions_def=daily,
        backfill_policy=STREAM_BACKFILLS,
        group_name=STREAM,
        owners=OWNERS,
        kinds={"kafka", "json"},
        description=descriptions.of_events(kind, daily),
        metadata=code_references.of_record(kind.record),
    )
    @fails_in_a_sentence
    def events(
        context: dg.AssetExecutionContext,
        config: Publishing,
        hospital: dg.ResourceParam[OpenHospital],
        streams: dg.ResourceParam[Streams],
        warehouse: dg.ResourceParam[Warehouse],
    ) -> dg.MaterializeResult:
        simulated, stream = hospital(), streams[kind.name]
        refuse_others(simulated, stream)
        ahead = config.ahead_of_clock or BACKFILL in context.run.tags
        digests: list[str] = []
        due = set(due_slots(simulated, warehouse, datetime.now(UTC)))
        for days in by_month(days_of(context)):
            slots = _slots(simulated, days.days)
            wanted = [one for one in slots if ahead or one in due]
            unpublished = set(stream.unpublished(slots))
            missing = [one for one in wanted if one in unpublished]
            if missing:
                rows = registration(kind.record).rows(simulated, days, {})
                report = stream.publish(missing, rows)
                context.log.info(f"published {report.events} events of {report.slots} slots")
            unpublished -= set(missing)
            for day in days.days:
                out = [
                    number
                    for one, number in slots
                    if (one, number) not in unpublished and one == day
                ]
                digests.append(sha256(f"{fingerprint(simulated)} {day} {out}".encode()))
                context.add_asset_metadata(
                    {
                        "slots_wanted": sum(one[0] == day for one in wanted),
                        "slots_published_now": sum(one[0] == day for one in missing),
                        "slots_published": len(out),
                        SHA256: digests[-1],
                    },
                    partition_key=day.isoformat(),
                )
        return dg.MaterializeResult(data_version=version_of(digests))

    return events


def landed_events(kind: StreamType, daily: dg.PartitionsDefinition) -> dg.AssetsDefinition:
    """Return the asset that lands what the topic of a stream type holds."""
    record = kind.record

    @dg.asset(
        name=record.name,
        deps=[kind.events_asset],
        partitions_def=daily,
        backfill_policy=STREAM_BACKFILLS,
        group_name=STREAM,
        owners=OWNERS,
        kinds={"kafka", "postgres", "json"},
        description=descriptions.of_landed(kind, daily),
        metadata={
            "dagster/column_schema": table_schema(record),
            "dagster/table_name": f"{SCHEMA}.{record.name}",
            **code_references.of_record(record),
        },
        check_specs=[
            dg.AssetCheckSpec(
                LANDED,
                asset=record.name,
                description="Every event that is recorded for the day's published slots is a row.",
            )
        ],
    )
    @fails_in_a_sentence
    def landed(
        context: dg.AssetExecutionContext,
        hospital: dg.ResourceParam[OpenHospital],
        streams: dg.ResourceParam[Streams],
        warehouse: dg.ResourceParam[Warehouse],
    ) -> dg.MaterializeResult:
        stream = streams[kind.name]
        refuse_others(hospital(), stream)
        report = stream.land()
        context.log.info(
            f"landed {report.rows} rows of {report.messages} messages,"
            f" {report.duplicates} duplicates, {report.dead_letters} dead letters"
        )
        day_column, slot_column = kind.slot_columns
        digests: list[str] = []
        missing: list[str] = []
        for days in by_month(days_of(context)):
            rows = warehouse.read(record, days.days)
            figures = figures_of(record, rows)
            missing += sorted(stream.recorded_ids(days.days) - set(rows[kind.id_column]))
            for day in days.days:
                of_day = rows.filter(pl.col(day_column) == day)
                digests.append(sha256(csv_bytes(of_day)))
                context.add_asset_metadata(
                    {
                        "dagster/row_count": len(of_day),
                        "slots_landed": of_day[slot_column].n_unique(),
                        **figures.get(day, {}),
                        SHA256: digests[-1],
                        "preview": dg.MetadataValue.md(markdown_preview(of_day)),
                    },
                    partition_key=day.isoformat(),
                )
        return dg.MaterializeResult(
            data_version=version_of(digests),
            check_results=[
                dg.AssetCheckResult(
                    check_name=LANDED,
                    passed=not missing,
                    description=_not_landed(missing),
                    metadata={"days": days_text(context), "missing_events": len(missing)},
                )
            ],
        )

    return landed


def _not_landed(missing: Sequence[str]) -> str | None:
    if not missing:
        return None
    return (
        f"{len(missing)} published events are no rows, the first of them {missing[0]}:"
        " see `hospital status` and `hospital dead-letters list`"
    )


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
