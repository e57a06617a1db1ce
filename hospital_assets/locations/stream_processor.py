"""The stream processor: lands what the topic holds, once there is something."""

import dagster as dg

from hospital_assets.assets.partitions import daily_partitions
from hospital_assets.assets.transfers import transfers
from hospital_assets.configuration.hospital_files import load_hospital
from hospital_assets.configuration.settings import load_settings
from hospital_assets.from_settings import campaign_plan
from hospital_assets.jobs import landing_job
from hospital_assets.resource_definitions import EXECUTOR, resources
from hospital_assets.sensors.transfers import landing_sensor


@dg.definitions
def stream_processor() -> dg.Definitions:
    """Return the landed transfers, their job and their sensor."""
    settings, hospital = load_settings(), load_hospital()
    return dg.Definitions(
        assets=[transfers(daily_partitions(hospital.period))],
        jobs=[landing_job],
        sensors=[landing_sensor(campaign_plan(settings, hospital))],
        resources=resources(settings),
        executor=EXECUTOR,
    )
