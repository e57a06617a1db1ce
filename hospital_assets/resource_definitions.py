"""The resources that Dagster gives to assets, sensors and schedules, by the names they call."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import dagster as dg

from hospital_assets.campaign import ensure_campaign
from hospital_assets.configuration.settings import Settings, load_settings
from hospital_assets.from_settings import (
    campaign_plan,
    open_hospital,
    open_lake,
    open_stream,
    open_warehouse,
)
from hospital_assets.simulation import Hospital

# One process a run: a day is done in less time than another process takes to start.
EXECUTOR = dg.in_process_executor


# Called by the asset, not made before it: what stops it is then told as the asset's own failure.
OpenHospital = Callable[[], Hospital]


def own_hospital() -> Hospital:
    """Return the hospital of the settings, once the database is known to be about it.

    Raises OtherHospitalError where the database differs.
    """
    settings, hospital = load_settings(), open_hospital()
    plan = campaign_plan(settings, hospital)
    ensure_campaign(open_warehouse(settings), plan, datetime.now(UTC))
    return hospital


def resources(settings: Settings) -> dict[str, Any]:
    """Return every resource by its name; none is opened before it is used."""
    return {
        "hospital": own_hospital,
        "lake": open_lake(settings),
        "warehouse": open_warehouse(settings),
        "stream": open_stream(settings),
    }
