"""A real broker and a real PostgreSQL, and a stream that a test has to itself."""

import secrets
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from hospital_assets.local.kafka import embedded_kafka
from hospital_assets.profile import load_hospital
from hospital_assets.resources.stream.resource import Stream
from hospital_assets.resources.warehouse import Warehouse
from hospital_assets.settings import Settings
from tests.stream.sites import Site


@pytest.fixture(scope="session")
def broker_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    settings = Settings(state=tmp_path_factory.mktemp("stream"))
    yield settings
    embedded_kafka(settings).stop()


@pytest.fixture
def site(broker_settings: Settings, database: str, tmp_path: Path) -> Site:
    broker = embedded_kafka(broker_settings)
    Warehouse(dsn=database).create_schema()
    stream = Stream(
        root=str(tmp_path / "lake"),
        dsn=database,
        bootstrap=f"127.0.0.1:{broker.ensure_running()}",
        topic=f"test.{secrets.token_hex(6)}",
    )
    made = Site(stream, broker)
    made.connections.topics()
    return made


@pytest.fixture(scope="session")
def week() -> pl.DataFrame:
    """A week of transfers: 105 of them."""
    return load_hospital().transfers(date(2021, 3, 1), date(2021, 3, 7))
