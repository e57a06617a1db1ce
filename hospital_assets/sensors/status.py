"""Whether a sensor runs from the start or waits until it is turned on."""

import dagster as dg


def sensor_status(*, unattended: bool) -> dg.DefaultSensorStatus:
    """Return the status of a sensor that nobody turns on, or of one that somebody does."""
    return dg.DefaultSensorStatus.RUNNING if unattended else dg.DefaultSensorStatus.STOPPED
