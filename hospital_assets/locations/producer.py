"""The producer: publishes transfers to Kafka as they fall due."""

import dagster as dg

from hospital_assets.assets.transfers import transfer_events
from hospital_assets.jobs import publishing_job
from hospital_assets.sensors.transfers import publishing_sensor
from hospital_assets.settings import load_settings
from hospital_assets.wiring import EXECUTOR, resources


@dg.definitions
def producer() -> dg.Definitions:
    """Return the topic's asset, its job and its sensor."""
    settings = load_settings()
    return dg.Definitions(
        assets=[transfer_events],
        jobs=[publishing_job],
        sensors=[publishing_sensor(settings)],
        resources=resources(settings),
        executor=EXECUTOR,
    )
