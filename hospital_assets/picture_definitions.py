"""The pictures of a period's months, their job and sensor, as every code location has them."""

import dagster as dg

from hospital_assets.assets.pictures import picture_assets
from hospital_assets.calendar.period import Period
from hospital_assets.jobs import pictures_job
from hospital_assets.sensors.pictures import pictures_sensor


def picture_definitions(period: Period, *, unattended: bool = False) -> dg.Definitions:
    """Return what draws pictures: nothing in a period without a whole month.

    The sensor runs from the start on if nobody attends.
    """
    assets = picture_assets(period)
    if not assets:
        return dg.Definitions()
    return dg.Definitions(
        assets=assets, jobs=[pictures_job], sensors=[pictures_sensor(unattended=unattended)]
    )
