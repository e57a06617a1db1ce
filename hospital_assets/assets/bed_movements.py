"""Bed movements: one row is a time in one bed, of the stays that `patients` has."""

import dagster as dg

from hospital_assets.assets.extracts import daily_extract
from hospital_assets.assets.tables import warehouse_table
from hospital_assets.contracts.bed_movements import BED_MOVEMENTS


def assets(daily: dg.PartitionsDefinition) -> list[dg.AssetsDefinition]:
    """Return the extract in the lake, and its table."""
    return [daily_extract(BED_MOVEMENTS, daily), warehouse_table(BED_MOVEMENTS, daily)]
