"""The producer: publishes transfers to Kafka as they fall due."""

import dagster as dg

from hospital_assets.assets.partitions import daily_partitions
from hospital_assets.assets.transfers import transfer_events
from hospital_assets.configuration.hospital_files import load_hospital
from hospital_assets.configuration.settings import load_settings
from hospital_assets.from_settings import campaign_plan
from hospital_assets.jobs import publishing_job
from hospital_assets.resource_definitions import EXECUTOR, resources
from hospital_assets.sensors.transfers import publishing_sensor


@dg.definitions
def producer() -> dg.Definitions:
    """Return the topic's asset, its job and its sensor."""
    settings, hospital = load_settings(), load_hospital()
    return dg.Definitions(
        assets=[transfer_events(daily_partitions(hospital.period))],
        jobs=[publishing_job],
        sensors=[publishing_sensor(campaign_plan(settings, hospital))],
        resources=resources(settings),
        executor=EXECUTOR,
    )
