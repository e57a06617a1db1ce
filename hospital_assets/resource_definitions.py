"""The resources that Dagster gives to assets, sensors and schedules, by the names they call."""

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


@dg.resource(description="The simulation, once the database is known to be about it.")
def simulated_hospital(_: dg.InitResourceContext) -> Hospital:
    """Return the hospital of the settings; raises OtherHospitalError where the database differs."""
    settings, hospital = load_settings(), open_hospital()
    plan = campaign_plan(settings, hospital)
    ensure_campaign(open_warehouse(settings), plan, datetime.now(UTC))
    return hospital


@dg.resource(description="The lake, once it is known to be about that simulation.")
def lake_of_the_simulation(_: dg.InitResourceContext) -> Lake:
    """Return the lake of the settings; raises OtherHospitalError where it differs."""
    settings, hospital = load_settings(), load_hospital()
    lake, warehouse = open_lake(settings), open_warehouse(settings)
    plan = campaign_plan(settings, hospital)
    ensure_campaign(warehouse, plan, datetime.now(UTC))
    ensure_lake(lake, warehouse, plan.fingerprint)
    return lake


def resources(settings: Settings) -> dict[str, Any]:
    """Return every resource by its name; none is opened before it is used."""
    return {
        "hospital": simulated_hospital,
        "lake": lake_of_the_simulation,
        "warehouse": open_warehouse(settings),
        "streams": open_streams(settings),
    }
