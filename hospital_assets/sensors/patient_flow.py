"""The flow sensor: once batch and stream have a day, it is counted and compared."""

from collections.abc import Iterator

import dagster as dg

from hospital_assets.calendar.planning import missing_ranges
from hospital_assets.contracts.patients import PATIENTS
from hospital_assets.history.days import days_under_way, request
from hospital_assets.jobs import FLOW_ASSETS, patient_flow_job
from hospital_assets.presence import landed_days, whole_days
from hospital_assets.registry import MARTS, registration
from hospital_assets.resources.lake.resource import Lake
from hospital_assets.resources.warehouse.resource import Warehouse
from hospital_assets.sensors.status import sensor_status
from hospital_assets.simulation import Hospital


def patient_flow_sensor(*, unattended: bool = False) -> dg.SensorDefinition:
    """Return the sensor that asks for the days that both sides have and the mart has not."""

    @dg.sensor(
        name="patient_flow_sensor",
        job=patient_flow_job,
        minimum_interval_seconds=15,
        description="Days whose patients and whose five slots of transfers are there.",
        default_status=sensor_status(unattended=unattended),
    )
    def sensor(
        context: dg.SensorEvaluationContext,
        warehouse: dg.ResourceParam[Warehouse],
        lake: dg.ResourceParam[Lake],
        hospital: dg.ResourceParam[Hospital],
    ) -> Iterator[dg.RunRequest | dg.SkipReason]:
        batch = whole_days([registration(PATIENTS)], lake, warehouse)
        ready = sorted(batch & landed_days(hospital, warehouse))
        counted = whole_days(MARTS, lake, warehouse)
        under_way = days_under_way(context.instance, patient_flow_job.name, FLOW_ASSETS)
        ranges = missing_ranges(ready, counted, under_way)
        if not ranges:
            yield dg.SkipReason(f"all {len(ready)} days that batch and stream have are counted")
        for days in ranges:
            yield request(days)

    return sensor
