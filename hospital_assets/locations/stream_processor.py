"""The stream processor: lands what the topics hold, once there is something."""

import dagster as dg

from hospital_assets.assets.event_streams import landed_events
from hospital_assets.assets.outside import dead_letter_spec
from hospital_assets.assets.partitions import daily_partitions
from hospital_assets.configuration.hospital_files import load_hospital
from hospital_assets.configuration.settings import load_settings
from hospital_assets.from_settings import campaign_plan
from hospital_assets.jobs import landing_job
from hospital_assets.registry import STREAM_TYPES
from hospital_assets.resource_definitions import EXECUTOR, resources
from hospital_assets.sensors.slots import landing_sensor


@dg.definitions
def stream_processor() -> dg.Definitions:
    """Return the landed records, their job and their sensor."""
    settings, hospital = load_settings(), load_hospital()
    daily = daily_partitions(hospital.period)
    return dg.Definitions(
        assets=[
            *(landed_events(kind, daily) for kind in STREAM_TYPES),
            dead_letter_spec(STREAM_TYPES),
        ],
        jobs=[landing_job],
        sensors=[landing_sensor(campaign_plan(settings, hospital))],
        resources=resources(settings),
        executor=EXECUTOR,
    )
