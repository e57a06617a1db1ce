"""Doctors: one row is a doctor in post on the day, with the name that `people` has."""

import dagster as dg

from hospital_assets.assets.extracts import daily_extract
from hospital_assets.assets.tables import warehouse_table
from hospital_assets.contracts.doctors import DOCTORS


def assets(daily: dg.PartitionsDefinition) -> list[dg.AssetsDefinition]:
    """Return the extract in the lake, and its table."""
    return [daily_extract(DOCTORS, daily), warehouse_table(DOCTORS, daily)]
