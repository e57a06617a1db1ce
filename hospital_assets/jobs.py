"""The jobs: what a tick runs."""

import dagster as dg

from hospital_assets.assets.tables import table_key
from hospital_assets.contracts import RECORD_TYPES

BATCH_ASSETS = [
    *(dg.AssetKey(record.name) for record in RECORD_TYPES),
    *(table_key(record.name) for record in RECORD_TYPES),
]

# One process a run: a day is done in less time than another process takes to start.
batch_job = dg.define_asset_job(
    "batch_job",
    selection=dg.AssetSelection.assets(*BATCH_ASSETS),
    executor_def=dg.in_process_executor,
    description="Digitise one day, or a range of days: the four extracts and their tables.",
)
