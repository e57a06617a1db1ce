"""Absences: one row is a planned shift that its holder does not work, and who covers it."""

import dagster as dg

from hospital_assets.assets.extracts import daily_extract
from hospital_assets.assets.tables import warehouse_table
from hospital_assets.contracts.absences import ABSENCES


def assets(daily: dg.PartitionsDefinition) -> list[dg.AssetsDefinition]:
    """Return the extract in the lake, and its table."""
    return [daily_extract(ABSENCES, daily), warehouse_table(ABSENCES, daily)]
