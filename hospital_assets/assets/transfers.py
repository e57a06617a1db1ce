"""Transfers: one event, and then one row, is an inpatient transferred to another facility."""

import dagster as dg

from hospital_assets.assets.event_streams import landed_events, published_events
from hospital_assets.contracts.transfers import TRANSFER_STREAM


def assets(daily: dg.PartitionsDefinition) -> list[dg.AssetsDefinition]:
    """Return the topic with its events, and the rows landed from it."""
    return [published_events(TRANSFER_STREAM, daily), landed_events(TRANSFER_STREAM, daily)]
