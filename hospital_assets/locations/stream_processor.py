"""The stream processor: lands what the topic holds, once there is something."""

import dagster as dg

from hospital_assets.assets.transfers import transfers
from hospital_assets.jobs import landing_job
from hospital_assets.sensors.transfers import landing_sensor
from hospital_assets.settings import load_settings
from hospital_assets.wiring import EXECUTOR, resources


@dg.definitions
def stream_processor() -> dg.Definitions:
    """Return the landed transfers, their job and their sensor."""
    settings = load_settings()
    return dg.Definitions(
        assets=[transfers],
        jobs=[landing_job],
        sensors=[landing_sensor(settings)],
        resources=resources(settings),
        executor=EXECUTOR,
    )
