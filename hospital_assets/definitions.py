"""Everything, for `dagster dev`: one code location."""

import dagster as dg

from hospital_assets.assets import (
    doctors,
    patient_flow,
    patients,
    people,
    staff_assignments,
    transfers,
)
from hospital_assets.jobs import batch_job, patient_flow_job, transfer_stream_job
from hospital_assets.schedules import batch_schedule
from hospital_assets.sensors.patient_flow import patient_flow_sensor
from hospital_assets.sensors.transfers import transfer_sensor
from hospital_assets.settings import load_settings
from hospital_assets.wiring import EXECUTOR, resources


@dg.definitions
def hospital_definitions() -> dg.Definitions:
    """Return assets, job, schedule and resources for this process's settings."""
    settings = load_settings()
    return dg.Definitions(
        assets=dg.load_assets_from_modules(
            [people, doctors, staff_assignments, patients, transfers, patient_flow]
        ),
        jobs=[batch_job, transfer_stream_job, patient_flow_job],
        schedules=[batch_schedule(settings)],
        sensors=[transfer_sensor(settings), patient_flow_sensor()],
        resources=resources(settings),
        executor=EXECUTOR,
    )
