"""Patient flow: one row is a department's flow on the day, counted from batch and stream."""

import dagster as dg

from hospital_assets.assets.extracts import daily_extract
from hospital_assets.assets.tables import warehouse_table
from hospital_assets.contracts.patient_flow import PATIENT_FLOW


def assets(daily: dg.PartitionsDefinition) -> list[dg.AssetsDefinition]:
    """Return the mart in the lake, and its table."""
    return [daily_extract(PATIENT_FLOW, daily), warehouse_table(PATIENT_FLOW, daily)]
