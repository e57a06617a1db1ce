"""The flow sensor: once batch and stream have a day, it is counted and compared."""

from collections.abc import Iterator

import dagster as dg

from hospital_assets.assets.event_streams import slots_per_day
from hospital_assets.calendar.planning import missing_ranges
from hospital_assets.contracts.patients import PATIENTS
from hospital_assets.contracts.transfers import TRANSFERS
from hospital_assets.history.days import days_under_way, materialized_days, request
from hospital_assets.jobs import FLOW_ASSETS, patient_flow_job
from hospital_assets.resources.stream.resource import Streams
from hospital_assets.sensors.status import sensor_status
from hospital_assets.simulation import Hospital


def patient_flow_sensor(*, unattended: bool = False) -> dg.SensorDefinition:
    """Return the sensor that asks for the days that both sides have and the mart has not."""

    @dg.sensor(
        name="patient_flow_sensor",
        job=patient_flow_job,
        minimum_interval_seconds=15,
        description="Days whose patients and whose slots of transfers are all there.",
        default_status=sensor_status(unattended=unattended),
    )
    def sensor(
        context: dg.SensorEvaluationContext,
        streams: dg.ResourceParam[Streams],
        hospital: dg.ResourceParam[Hospital],
    ) -> Iterator[dg.RunRequest | dg.SkipReason]:
        complete = streams[TRANSFERS.name].complete_days(slots_per_day(hospital))
        instance = context.instance
        batch = materialized_days(instance, [dg.AssetKey(PATIENTS.name)])
        ready = sorted(batch & complete)
        counted = materialized_days(instance, FLOW_ASSETS)
        under_way = days_under_way(instance, patient_flow_job.name, FLOW_ASSETS)
        ranges = missing_ranges(ready, counted, under_way)
        if not ranges:
            yield dg.SkipReason(f"all {len(ready)} days that batch and stream have are counted")
        for days in ranges:
            yield request(days)

    return sensor
