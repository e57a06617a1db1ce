"""The flow sensor: once batch and stream have a day, it is counted and compared."""

from collections.abc import Iterator

import dagster as dg

from hospital_assets.calendar.planning import missing_ranges
from hospital_assets.contracts.patients import PATIENTS
from hospital_assets.contracts.transfers import TRANSFERS
from hospital_assets.history.days import asked_for, days_under_way, materialized_days, request
from hospital_assets.jobs import FLOW_ASSETS, patient_flow_job
from hospital_assets.resource_definitions import OpenHospital
from hospital_assets.resources.warehouse.resource import Warehouse
from hospital_assets.sensors.status import sensor_status


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
        hospital: dg.ResourceParam[OpenHospital],
    ) -> Iterator[dg.RunRequest | dg.SkipReason]:
        rules = hospital().parameters.transfers
        landed = warehouse.counts_by(TRANSFERS, ("transfer_date",))
        complete = rules.slots_per_day * rules.per_slot
        instance = context.instance
        batch = materialized_days(instance, [dg.AssetKey(PATIENTS.name)])
        ready = sorted(day for day in batch if landed.get((day,), 0) >= complete)
        counted = materialized_days(instance, FLOW_ASSETS)
        under_way = days_under_way(instance, patient_flow_job.name, FLOW_ASSETS)
        ranges = missing_ranges(ready, counted, under_way)
        if not ranges:
            yield dg.SkipReason(f"all {len(ready)} days that batch and stream have are counted")
        for days in ranges:
            context.log.info(asked_for(days, "patients and all slots are there", "counted"))
            yield request(days)

    return sensor
