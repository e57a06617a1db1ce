"""The producer: publishes events to Kafka as they fall due."""

import dagster as dg

from hospital_assets.assets.event_streams import published_events
from hospital_assets.assets.partitions import daily_partitions
from hospital_assets.configuration.hospital_files import load_hospital
from hospital_assets.configuration.settings import load_settings
from hospital_assets.from_settings import campaign_plan
from hospital_assets.jobs import publishing_job
from hospital_assets.registry import STREAM_TYPES
from hospital_assets.resource_definitions import EXECUTOR, resources
from hospital_assets.sensors.slots import publishing_sensor


@dg.definitions
def producer() -> dg.Definitions:
    """Return the topics' assets, their job and their sensor."""
    settings, hospital = load_settings(), load_hospital()
    daily = daily_partitions(hospital.period)
    return dg.Definitions(
        assets=[published_events(kind, daily) for kind in STREAM_TYPES],
        jobs=[publishing_job],
        sensors=[publishing_sensor(campaign_plan(settings, hospital))],
        resources=resources(settings),
        executor=EXECUTOR,
    )
