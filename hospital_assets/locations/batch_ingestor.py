"""The batch ingestor: the daily extracts, their tables, the mart of both sides, pictures."""

import dagster as dg

from hospital_assets.assets.graph import assets_of
from hospital_assets.assets.outside import simulation_specs
from hospital_assets.configuration.hospital_files import load_hospital
from hospital_assets.configuration.settings import load_settings
from hospital_assets.from_settings import campaign_plan
from hospital_assets.jobs import batch_job, patient_flow_job
from hospital_assets.picture_definitions import picture_definitions
from hospital_assets.registry import EXTRACTS, MARTS
from hospital_assets.resource_definitions import EXECUTOR, resources
from hospital_assets.schedules import batch_schedule
from hospital_assets.sensors.patient_flow import patient_flow_sensor


@dg.definitions
def batch_ingestor() -> dg.Definitions:
    """Return the batch assets and the mart, their jobs, the schedule and the sensor."""
    settings, hospital = load_settings(), load_hospital()
    return dg.Definitions.merge(
        dg.Definitions(
            assets=[
                *simulation_specs(),
                *assets_of((*EXTRACTS, *MARTS), hospital.period),
            ],
            jobs=[batch_job, patient_flow_job],
            schedules=[batch_schedule(campaign_plan(settings, hospital), unattended=True)],
            sensors=[patient_flow_sensor(unattended=True)],
            resources=resources(settings),
            executor=EXECUTOR,
        ),
        picture_definitions(hospital.period, unattended=True),
    )
