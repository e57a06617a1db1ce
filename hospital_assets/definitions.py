"""Everything, for `dagster dev`: one code location."""

from datetime import UTC, datetime

import dagster as dg

from hospital_assets.assets import (
    doctors,
    patient_flow,
    patients,
    people,
    staff_assignments,
    transfers,
)
from hospital_assets.installation import prepare
from hospital_assets.jobs import batch_job, patient_flow_job, transfer_stream_job
from hospital_assets.profile import fingerprint, load_hospital
from hospital_assets.resources.lake import Lake
from hospital_assets.resources.stream.resource import Stream
from hospital_assets.resources.warehouse import Warehouse
from hospital_assets.schedules import batch_schedule
from hospital_assets.sensors.patient_flow import patient_flow_sensor
from hospital_assets.sensors.transfers import transfer_sensor
from hospital_assets.settings import load_settings
from hospital_assets.simulation import Hospital


@dg.resource(description="The simulation, once the database is known to be about it.")
def simulated_hospital(_: dg.InitResourceContext) -> Hospital:
    """Return the hospital of the settings; raises OtherHospitalError where the database differs."""
    hospital = load_hospital()
    prepare(Warehouse(), fingerprint(hospital), load_settings(), datetime.now(UTC))
    return hospital


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
        sensors=[transfer_sensor(settings), patient_flow_sensor],
        resources={
            "hospital": simulated_hospital,
            "lake": Lake(root=settings.lake),
            "warehouse": Warehouse(),
            "stream": Stream(root=settings.lake),
        },
        # One process a run: a day is done in less time than another process takes to start.
        executor=dg.in_process_executor,
    )
