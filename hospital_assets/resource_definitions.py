"""The resources that Dagster gives to assets, sensors and schedules, by the names they call."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import dagster as dg

from hospital_assets.campaign import ensure_campaign, ensure_lake
from hospital_assets.configuration.hospital_files import load_hospital
from hospital_assets.configuration.settings import Settings, load_settings
from hospital_assets.from_settings import (
    campaign_plan,
    open_hospital,
    open_lake,
    open_streams,
    open_warehouse,
)
from hospital_assets.resources.lake.resource import Lake
from hospital_assets.simulation import Hospital

# One process a run: a day is done in less time than another process takes to start.
EXECUTOR = dg.in_process_executor


# Called by the asset, not made before it: what stops it is then told as the asset's own failure.
OpenHospital = Callable[[], Hospital]
OpenLake = Callable[[], Lake]


def own_hospital() -> Hospital:
    """Return the hospital of the settings, once the database is known to be about it.

    Raises OtherHospitalError where the database differs.
    """
    settings, hospital = load_settings(), open_hospital()
    plan = campaign_plan(settings, hospital)
    ensure_campaign(open_warehouse(settings), plan, datetime.now(UTC))
    return hospital


def own_lake() -> Lake:
    """Return the lake of the settings, once it is known to be about the same simulation.

    Raises OtherHospitalError where the lake or the database differs.
    """
    settings, hospital = load_settings(), load_hospital()
    lake, warehouse = open_lake(settings), open_warehouse(settings)
    plan = campaign_plan(settings, hospital)
    ensure_campaign(warehouse, plan, datetime.now(UTC))
    ensure_lake(lake, warehouse, plan.fingerprint)
    return lake


def resources(settings: Settings) -> dict[str, Any]:
    """Return every resource by its name; none is opened before it is used."""
    return {
        "hospital": own_hospital,
        "lake": own_lake,
        "warehouse": open_warehouse(settings),
        "streams": open_streams(settings),
    }
