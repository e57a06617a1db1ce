"""People: one row is a person touched on the day, digitised then or referred to by its records."""

import dagster as dg

from hospital_assets.assets.extracts import daily_extract
from hospital_assets.assets.tables import warehouse_table
from hospital_assets.contracts.people import PEOPLE


def assets(daily: dg.PartitionsDefinition) -> list[dg.AssetsDefinition]:
    """Return the extract in the lake, and its table."""
    return [daily_extract(PEOPLE, daily), warehouse_table(PEOPLE, daily)]
