"""The batch ingestor: the daily extracts and their tables, and the mart that joins both sides."""

import dagster as dg

from hospital_assets.assets import doctors, patient_flow, patients, people, staff_assignments
from hospital_assets.jobs import batch_job, patient_flow_job
from hospital_assets.schedules import batch_schedule
from hospital_assets.sensors.patient_flow import patient_flow_sensor
from hospital_assets.settings import load_settings
from hospital_assets.wiring import EXECUTOR, resources


@dg.definitions
def batch_ingestor() -> dg.Definitions:
    """Return the batch assets and the mart, their jobs, the schedule and the sensor."""
    settings = load_settings()
    return dg.Definitions(
        assets=dg.load_assets_from_modules(
            [people, doctors, staff_assignments, patients, patient_flow]
        ),
        jobs=[batch_job, patient_flow_job],
        schedules=[batch_schedule(settings, unattended=True)],
        sensors=[patient_flow_sensor(unattended=True)],
        resources=resources(settings),
        executor=EXECUTOR,
    )
