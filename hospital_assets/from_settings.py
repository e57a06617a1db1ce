"""What the settings describe, ready for use: the hospital, and where its records lie.

Nothing is opened before it is used.
"""

from functools import cache, partial

from hospital_assets.calendar.clock import Pace
from hospital_assets.campaign import CampaignPlan
from hospital_assets.configuration.hospital_files import fingerprint, load_hospital
from hospital_assets.configuration.settings import Settings, load_settings
from hospital_assets.contracts.stream_type import StreamType
from hospital_assets.registry import RECORD_TYPES, STREAM_TYPES
from hospital_assets.resources.lake.resource import Lake
from hospital_assets.resources.stream.resource import Stream, Streams
from hospital_assets.resources.warehouse.resource import Warehouse
from hospital_assets.services.databases import Databases
from hospital_assets.services.kafka.cluster import KafkaCluster
from hospital_assets.simulation import Hospital
from hospital_assets.state.folder import StateFolder
from hospital_assets.state.kept_skeleton import kept_skeleton


@cache
def open_hospital() -> Hospital:
    """Return the hospital of this process's settings, with the skeleton that was kept."""
    known = load_hospital()
    skeleton_of = partial(kept_skeleton, StateFolder(load_settings().state))
    return Hospital(known.seed, known.parameters, known.words, skeleton_of)


def campaign_plan(settings: Settings, hospital: Hospital) -> CampaignPlan:
    """Return the campaign that the settings ask for."""
    return CampaignPlan(
        fingerprint(hospital),
        hospital.period,
        Pace(settings.tick_seconds, settings.campaign_days),
        settings.first_start_days,
    )


def open_lake(settings: Settings) -> Lake:
    """Return the lake."""
    return Lake(settings.lake)


def open_warehouse(settings: Settings) -> Warehouse:
    """Return the hospital's database, with a table for each record type."""
    return Warehouse(Databases.of(settings).hospital_url, RECORD_TYPES)


def open_streams(settings: Settings) -> Streams:
    """Return every stream, by the name of its record."""
    return {kind.name: open_stream(settings, kind) for kind in STREAM_TYPES}


def open_stream(settings: Settings, kind: StreamType) -> Stream:
    """Return the stream of a type."""
    return Stream(
        kind,
        settings.lake,
        settings.kafka,
        load_hospital().period,
        Databases.of(settings).hospital_url,
        KafkaCluster.of(settings).bootstrap,
    )
