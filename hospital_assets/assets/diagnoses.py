"""Diagnoses: one row is a diagnosis of an encounter that `patients` has."""

import dagster as dg

from hospital_assets.assets.extracts import daily_extract
from hospital_assets.assets.tables import warehouse_table
from hospital_assets.contracts.diagnoses import DIAGNOSES


def assets(daily: dg.PartitionsDefinition) -> list[dg.AssetsDefinition]:
    """Return the extract in the lake, and its table."""
    return [daily_extract(DIAGNOSES, daily), warehouse_table(DIAGNOSES, daily)]
