"""Staff assignments: one row is a shift worked by one member of staff, starting on the day."""

import dagster as dg

from hospital_assets.assets.extracts import daily_extract
from hospital_assets.assets.tables import warehouse_table
from hospital_assets.contracts.staff_assignments import STAFF_ASSIGNMENTS


def assets(daily: dg.PartitionsDefinition) -> list[dg.AssetsDefinition]:
    """Return the extract in the lake, and its table."""
    return [daily_extract(STAFF_ASSIGNMENTS, daily), warehouse_table(STAFF_ASSIGNMENTS, daily)]
