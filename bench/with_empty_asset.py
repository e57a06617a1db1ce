"""The hospital's code location with one more asset, which does nothing."""

import dagster as dg

from hospital_assets import definitions as hospital
from hospital_assets.partitions import BACKFILLS, DAILY

EMPTY_JOB = "empty_job"


@dg.asset(partitions_def=DAILY, backfill_policy=BACKFILLS)
def nothing() -> None:
    """Do nothing."""


@dg.definitions
def hospital_with_empty_asset() -> dg.Definitions:
    """Return all of the hospital, and the asset with a job of its own."""
    job = dg.define_asset_job(EMPTY_JOB, selection=dg.AssetSelection.assets(nothing))
    return dg.Definitions.merge(
        hospital.hospital_definitions(), dg.Definitions(assets=[nothing], jobs=[job])
    )
