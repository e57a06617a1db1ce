"""A real broker and a real PostgreSQL, and a stream that a test has to itself."""

import secrets
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from hospital_assets.configuration.settings import Settings
from hospital_assets.resources.stream.connections import persist
from hospital_assets.services.kafka.cluster import KafkaCluster
from tests.connected import stream_at, warehouse_at
from tests.stream.sites import Site, transfers_of


@pytest.fixture
def site(kafka_settings: Settings, database: str, tmp_path: Path) -> Site:
    warehouse_at(database).create_schema()
    bootstrap = KafkaCluster.of(kafka_settings).bootstrap()
    topic = f"test.{secrets.token_hex(6)}"
    made = Site(stream_at(str(tmp_path / "lake"), database, bootstrap, topic))
    persist(made.connections.topics, "make the topics")
    return made


@pytest.fixture(scope="session")
def week() -> pl.DataFrame:
    """A week of transfers: 105 of them."""
    return transfers_of(date(2021, 3, 1), date(2021, 3, 7))
