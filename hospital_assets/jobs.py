"""The jobs: what a tick runs."""

from collections.abc import Iterable

import dagster as dg

from hospital_assets.assets.pictures import picture_key
from hospital_assets.assets.tables import table_key
from hospital_assets.pictures.themes import THEMES
from hospital_assets.registry import EXTRACTS, MARTS, STREAM_TYPES, Registration


def _files_and_tables(rows: Iterable[Registration]) -> list[dg.AssetKey]:
    names = [row.name for row in rows]
    return [*(dg.AssetKey(name) for name in names), *(table_key(name) for name in names)]


BATCH_ASSETS = _files_and_tables(EXTRACTS)
PUBLISHED_ASSETS = [dg.AssetKey(kind.events_asset) for kind in STREAM_TYPES]
LANDED_ASSETS = [dg.AssetKey(kind.name) for kind in STREAM_TYPES]
STREAM_ASSETS = [*PUBLISHED_ASSETS, *LANDED_ASSETS]
FLOW_ASSETS = _files_and_tables(MARTS)
# What days have; pictures are of months.
ALL_ASSETS = [*BATCH_ASSETS, *STREAM_ASSETS, *FLOW_ASSETS]
PICTURE_ASSETS = [picture_key(theme) for theme in THEMES]

batch_job = dg.define_asset_job(
    "batch_job",
    selection=dg.AssetSelection.assets(*BATCH_ASSETS),
    description="Digitise one day, or a range of days: every extract and its table.",
)

transfer_stream_job = dg.define_asset_job(
    "transfer_stream_job",
    selection=dg.AssetSelection.assets(*STREAM_ASSETS),
    description="Publish the events that are due to Kafka, and land what the topics hold.",
)

# The two halves of it, for a producer and a consumer that are strangers to each other.
publishing_job = dg.define_asset_job(
    "publishing_job",
    selection=dg.AssetSelection.assets(*PUBLISHED_ASSETS),
    description="Publish the events that are due to Kafka.",
)

landing_job = dg.define_asset_job(
    "landing_job",
    selection=dg.AssetSelection.assets(*LANDED_ASSETS),
    description="Land what the topics hold.",
)

patient_flow_job = dg.define_asset_job(
    "patient_flow_job",
    selection=dg.AssetSelection.assets(*FLOW_ASSETS),
    description="Count a day's flow of patients once batch and stream have it, and compare both.",
)

pictures_job = dg.define_asset_job(
    "pictures_job",
    selection=dg.AssetSelection.assets(*PICTURE_ASSETS),
    description="Draw the pictures of a month once all of its days are there.",
)
