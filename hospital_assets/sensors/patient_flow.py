"""The flow sensor: once batch and stream have a day, it is counted, and again when one changed."""

from collections.abc import Iterator
from datetime import date

import dagster as dg

from hospital_assets.assets.event_streams import slots_per_day
from hospital_assets.assets.patient_flow import BATCH, batch_digest
from hospital_assets.calendar.planning import missing_ranges
from hospital_assets.contracts.patient_flow import PATIENT_FLOW
from hospital_assets.contracts.transfers import TRANSFERS
from hospital_assets.history.days import (
    asked_for,
    days_under_way,
    materialized_after,
    request,
)
from hospital_assets.jobs import FLOW_ASSETS, patient_flow_job
from hospital_assets.presence import whole_days
from hospital_assets.registry import MARTS
from hospital_assets.resource_definitions import OpenHospital, OpenLake
from hospital_assets.resources.lake.resource import Lake
from hospital_assets.resources.stream.resource import Streams
from hospital_assets.resources.warehouse.resource import Warehouse
from hospital_assets.sensors.status import sensor_status

_MART = dg.AssetKey(PATIENT_FLOW.name)


def patient_flow_sensor(*, unattended: bool = False) -> dg.SensorDefinition:
    """Return the sensor that asks for the days that both sides have and the mart has not so."""

    @dg.sensor(
        name="patient_flow_sensor",
        job=patient_flow_job,
        minimum_interval_seconds=15,
        description="Days whose patients, bed movements and slots of transfers are all there.",
        default_status=sensor_status(unattended=unattended),
    )
    def sensor(
        context: dg.SensorEvaluationContext,
        lake: dg.ResourceParam[OpenLake],
        warehouse: dg.ResourceParam[Warehouse],
        streams: dg.ResourceParam[Streams],
        hospital: dg.ResourceParam[OpenHospital],
    ) -> Iterator[dg.RunRequest | dg.SkipReason]:
        instance, own_lake = context.instance, lake()
        complete = streams[TRANSFERS.name].complete_days(slots_per_day(hospital()))
        ready = sorted(complete.intersection(*(own_lake.complete_days(record) for record in BATCH)))
        settled = _settled(instance, own_lake, warehouse)
        under_way = days_under_way(instance, patient_flow_job.name, FLOW_ASSETS)
        ranges = missing_ranges(ready, settled, under_way)
        if not ranges:
            yield dg.SkipReason(f"all {len(ready)} days that batch and stream have are counted")
        for days in ranges:
            context.log.info(asked_for(days, "patients and all slots are there", "counted"))
            yield request(days)

    return sensor


def _settled(instance: dg.DagsterInstance, lake: Lake, warehouse: Warehouse) -> set[date]:
    """Return the days that were counted from what lies there now, as far as they can be loaded."""
    counted = warehouse.counted_days(PATIENT_FLOW)
    landed = warehouse.digests(TRANSFERS)
    # The history says where to look: to read the manifest of every day would take too long.
    made_again = set().union(
        *(materialized_after(instance, dg.AssetKey(record.name), _MART) for record in BATCH)
    )
    loaded = whole_days(MARTS, lake, warehouse)
    return {
        day
        for day, one in counted.items()
        if one.sources[TRANSFERS.name] == landed.get(day, "")
        if day not in made_again
        or all(one.sources.get(each.name) == batch_digest(lake, each, day) for each in BATCH)
        # Where batch and stream disagree, nothing is loaded before one of them changes.
        if day in loaded or not one.agrees
    }
