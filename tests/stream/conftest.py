"""A real broker and a real PostgreSQL, and a stream that a test has to itself.

It is one of transfers, unless a module names other types: `pytestmark = STREAM_TYPES`.
"""

import secrets
from pathlib import Path

import polars as pl
import pytest

from hospital_assets.configuration.settings import Settings
from hospital_assets.contracts.stream_type import StreamType
from hospital_assets.contracts.transfers import TRANSFER_STREAM
from hospital_assets.registry import RECORD_TYPES
from hospital_assets.resources.stream.connections import persist
from hospital_assets.services.kafka.cluster import KafkaCluster
from tests.connected import stream_at, warehouse_at
from tests.stream.sites import Site, week_of


@pytest.fixture
def kind(request: pytest.FixtureRequest) -> StreamType:
    """The type of the events."""
    chosen: StreamType = getattr(request, "param", TRANSFER_STREAM)
    return chosen


@pytest.fixture
def site(kafka_settings: Settings, database: str, tmp_path: Path, kind: StreamType) -> Site:
    others = () if kind.record in RECORD_TYPES else (kind.record,)
    warehouse_at(database, others).create_schema()
    bootstrap = KafkaCluster.of(kafka_settings).bootstrap()
    topic = f"test.{secrets.token_hex(6)}"
    made = Site(stream_at(str(tmp_path / "lake"), database, bootstrap, topic, kind))
    persist(made.connections.topics, "make the topics")
    return made


@pytest.fixture
def week(kind: StreamType) -> pl.DataFrame:
    """A week of events."""
    return week_of(kind)
