"""The transfer sensor: every stream tick asks for the slots that are due and not landed."""

from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg

from hospital_assets.assets.transfers import due_slots
from hospital_assets.contracts import TRANSFERS
from hospital_assets.installation import prepare
from hospital_assets.jobs import STREAM_ASSETS, transfer_stream_job
from hospital_assets.planning import missing_ranges
from hospital_assets.profile import fingerprint
from hospital_assets.progress import days_under_way, request
from hospital_assets.resources.warehouse import Warehouse
from hospital_assets.settings import Settings
from hospital_assets.simulation import Hospital

_SHORTEST_SECONDS, _LONGEST_SECONDS = 5, 30


def transfer_sensor(settings: Settings) -> dg.SensorDefinition:
    """Return the sensor for the settings' pace; it looks several times a stream tick."""

    @dg.sensor(
        name="transfer_sensor",
        job=transfer_stream_job,
        minimum_interval_seconds=interval(settings.tick_seconds),
        description="Three transfers a stream tick; missed slots are made up, oldest first.",
    )
    def sensor(
        context: dg.SensorEvaluationContext,
        warehouse: Warehouse,
        hospital: dg.ResourceParam[Hospital],
    ) -> Iterator[dg.RunRequest | dg.SkipReason]:
        instant = datetime.now(UTC)
        prepare(warehouse, fingerprint(hospital), settings, instant)
        due = due_slots(hospital, warehouse, instant)
        landed = warehouse.counts_by(TRANSFERS, ("transfer_date", "slot"))
        per_slot = hospital.parameters.transfers.per_slot
        missing = {day for day, slot in due if landed.get((day, slot), 0) < per_slot}
        under_way = days_under_way(context.instance, transfer_stream_job.name, STREAM_ASSETS)
        ranges = missing_ranges(sorted(missing), set(), under_way)
        if not ranges:
            yield dg.SkipReason(
                f"{len(missing)} days are under way"
                if missing
                else f"all {len(due)} slots that are due have landed"
            )
        for days in ranges:
            yield request(days)

    return sensor


def interval(tick_seconds: float) -> int:
    """Return the seconds between two looks: a tenth of a tick, within bounds."""
    return round(min(max(tick_seconds / 10, _SHORTEST_SECONDS), _LONGEST_SECONDS))
