"""The jobs: what a tick runs."""

import dagster as dg

from hospital_assets.assets.tables import table_key
from hospital_assets.contracts import PATIENT_FLOW, RECORD_TYPES, TRANSFERS

BATCH_ASSETS = [
    *(dg.AssetKey(record.name) for record in RECORD_TYPES),
    *(table_key(record.name) for record in RECORD_TYPES),
]

STREAM_ASSETS = [dg.AssetKey("transfer_events"), dg.AssetKey(TRANSFERS.name)]
PUBLISHED_ASSETS, LANDED_ASSETS = STREAM_ASSETS[:1], STREAM_ASSETS[1:]
FLOW_ASSETS = [dg.AssetKey(PATIENT_FLOW.name), table_key(PATIENT_FLOW.name)]
ALL_ASSETS = [*BATCH_ASSETS, *STREAM_ASSETS, *FLOW_ASSETS]

batch_job = dg.define_asset_job(
    "batch_job",
    selection=dg.AssetSelection.assets(*BATCH_ASSETS),
    description="Digitise one day, or a range of days: the four extracts and their tables.",
)

transfer_stream_job = dg.define_asset_job(
    "transfer_stream_job",
    selection=dg.AssetSelection.assets(*STREAM_ASSETS),
    description="Publish the transfers that are due to Kafka, and land what the topic holds.",
)

# The two halves of it, for a producer and a consumer that are strangers to each other.
publishing_job = dg.define_asset_job(
    "publishing_job",
    selection=dg.AssetSelection.assets(*PUBLISHED_ASSETS),
    description="Publish the transfers that are due to Kafka.",
)

landing_job = dg.define_asset_job(
    "landing_job",
    selection=dg.AssetSelection.assets(*LANDED_ASSETS),
    description="Land what the topic holds.",
)

patient_flow_job = dg.define_asset_job(
    "patient_flow_job",
    selection=dg.AssetSelection.assets(*FLOW_ASSETS),
    description="Count a day's flow of patients once batch and stream have it, and compare both.",
)
