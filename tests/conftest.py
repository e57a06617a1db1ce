"""Fixtures that every test may use: a real embedded PostgreSQL and a fresh database in it."""

import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from hospital_assets.local import embedded_postgres, hospital_dsn
from hospital_assets.settings import Settings, load_settings
from tests.object_store import make_bucket, object_store


@pytest.fixture(autouse=True)
def _fresh_settings() -> Iterator[None]:
    """Let no test see the settings of another."""
    load_settings.cache_clear()
    yield
    load_settings.cache_clear()


@pytest.fixture(scope="session")
def postgres_settings() -> Iterator[Settings]:
    """Settings whose state folder holds an embedded server, stopped after the last test."""
    # Not below pytest's own folder: another session that starts would close it to the server.
    with tempfile.TemporaryDirectory(prefix="hospital-") as folder:
        settings = Settings(state=Path(folder, "state"), lake=Path(folder, "lake"))
        yield settings
        embedded_postgres(settings).stop()


@pytest.fixture(scope="session")
def postgres_dsn(postgres_settings: Settings) -> str:
    """URL of the hospital database in the embedded server of this test session."""
    return hospital_dsn(postgres_settings)


@pytest.fixture
def database(postgres_dsn: str) -> Iterator[str]:
    """URL of an empty database that this test has to itself."""
    name = f"test_{secrets.token_hex(8)}"
    with psycopg.connect(postgres_dsn, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    yield urlunsplit(urlsplit(postgres_dsn)._replace(path=f"/{name}"))
    with psycopg.connect(postgres_dsn, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def object_store_address() -> Iterator[str]:
    """Address of an S3-compatible object store."""
    with object_store() as address:
        yield address


@pytest.fixture
def bucket(object_store_address: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """URL of an empty bucket that this test has to itself, with the environment for it."""
    for name, value in {
        "AWS_ENDPOINT_URL": object_store_address,
        "AWS_ALLOW_HTTP": "true",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "tests",
        "AWS_SECRET_ACCESS_KEY": "tests",
    }.items():
        monkeypatch.setenv(name, value)
    name = f"test-{secrets.token_hex(8)}"
    make_bucket(object_store_address, name)
    return f"s3://{name}"
