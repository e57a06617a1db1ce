"""The hospital's code location with one more asset, which does nothing."""

import dagster as dg

from hospital_assets import definitions as hospital
from hospital_assets.assets.partitions import BATCH_BACKFILLS, daily_partitions
from hospital_assets.configuration.hospital_files import load_hospital

EMPTY_JOB = "empty_job"


@dg.definitions
def hospital_with_empty_asset() -> dg.Definitions:
    """Return all of the hospital, and the asset with a job of its own."""

    @dg.asset(
        partitions_def=daily_partitions(load_hospital().period), backfill_policy=BATCH_BACKFILLS
    )
    def nothing() -> None:
        """Do nothing."""

    job = dg.define_asset_job(EMPTY_JOB, selection=dg.AssetSelection.assets(nothing))
    return dg.Definitions.merge(
        hospital.hospital_definitions(), dg.Definitions(assets=[nothing], jobs=[job])
    )
