"""Everything, for `dagster dev`: one code location."""

import dagster as dg

from hospital_assets.assets.graph import assets_of
from hospital_assets.assets.outside import dead_letter_spec, simulation_specs
from hospital_assets.configuration.hospital_files import load_hospital
from hospital_assets.configuration.settings import load_settings
from hospital_assets.from_settings import campaign_plan
from hospital_assets.jobs import batch_job, patient_flow_job, transfer_stream_job
from hospital_assets.picture_definitions import picture_definitions
from hospital_assets.registry import REGISTRY, STREAM_TYPES
from hospital_assets.resource_definitions import EXECUTOR, resources
from hospital_assets.schedules import batch_schedule
from hospital_assets.sensors.patient_flow import patient_flow_sensor
from hospital_assets.sensors.slots import transfer_sensor


@dg.definitions
def hospital_definitions() -> dg.Definitions:
    """Return every asset with its partitions, the jobs, and what launches them."""
    settings, hospital = load_settings(), load_hospital()
    plan = campaign_plan(settings, hospital)
    return dg.Definitions.merge(
        dg.Definitions(
            assets=[
                *simulation_specs(),
                *assets_of(REGISTRY, hospital.period),
                dead_letter_spec(STREAM_TYPES),
            ],
            jobs=[batch_job, transfer_stream_job, patient_flow_job],
            schedules=[batch_schedule(plan)],
            sensors=[transfer_sensor(plan), patient_flow_sensor()],
            resources=resources(settings),
            executor=EXECUTOR,
        ),
        picture_definitions(hospital.period),
    )
