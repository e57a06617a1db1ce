"""Patients: one row is an encounter active on the day, attended by a doctor on its roster."""

import dagster as dg

from hospital_assets.assets.extracts import daily_extract
from hospital_assets.assets.tables import warehouse_table
from hospital_assets.contracts.patients import PATIENTS


def assets(daily: dg.PartitionsDefinition) -> list[dg.AssetsDefinition]:
    """Return the extract in the lake, and its table."""
    return [daily_extract(PATIENTS, daily), warehouse_table(PATIENTS, daily)]
