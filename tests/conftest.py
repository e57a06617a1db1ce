"""Fixtures that every test may use: a real embedded PostgreSQL and a fresh database in it."""

import secrets
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import hypothesis
import psycopg
import pytest

from hospital_assets.configuration.hospital_files import load_hospital
from hospital_assets.configuration.settings import Settings, load_settings
from hospital_assets.from_settings import open_hospital
from hospital_assets.services.databases import Databases
from hospital_assets.services.kafka.cluster import KafkaCluster
from tests.connected import database_like
from tests.object_store import make_bucket, object_store

# Those that take longest, the longest first.
LONGEST = (
    "tests/stream/test_chaos.py",
    "tests/stream/test_outages.py",
    "tests/backup/test_backup.py",
    "tests/test_end_to_end.py",
    "tests/operations/test_backfill.py",
    "tests/stream/test_failpoints.py",
    "tests/operations/test_verification.py",
    "tests/containers/test_postgres_setup.py",
    "tests/test_cli_records.py",
    "tests/test_one_period.py",
    "tests/simulation/test_year.py",
    "tests/local/test_reset.py",
    "tests/services/test_leases.py",
)
Listener = Callable[[int], AbstractContextManager[None]]

# How fast inputs are made says something of the machine and nothing of the product.
hypothesis.settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")


def pytest_configure(config: pytest.Config) -> None:
    """Give this session a folder of its own for all that tests write.

    pytest's common one is closed by any other session that starts, to servers with an account of
    their own too.
    """
    if config.option.basetemp is None and not hasattr(config, "workerinput"):
        config.option.basetemp = tempfile.mkdtemp(prefix="hospital-tests-")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest first, and leave the others as they were collected.

    A worker takes a whole file; a long one that is taken last would leave the other workers idle.
    xdist sorts the files by their number of tests, unless it has `--no-loadscope-reorder`.
    """
    places = {file: place for place, file in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(LONGEST)))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Remove the folder, unless a test failed whose files somebody may want to see."""
    if exitstatus == pytest.ExitCode.OK and not hasattr(session.config, "workerinput"):
        shutil.rmtree(session.config.option.basetemp, ignore_errors=True)


@pytest.fixture(autouse=True)
def _fresh_settings() -> Iterator[None]:
    """Let no test see the settings of another, nor the hospital that they describe."""
    _forget_settings()
    yield
    _forget_settings()


def _forget_settings() -> None:
    for known in (load_settings, load_hospital, open_hospital):
        known.cache_clear()


@pytest.fixture(scope="session")
def postgres_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings whose state folder holds an embedded server, stopped after the last test."""
    folder = tmp_path_factory.mktemp("postgres")
    settings = Settings(state=folder / "state", lake=folder / "lake")
    with psycopg.connect(Databases.of(settings).hospital_url(), autocommit=True) as connection:
        # Nothing in this server has to survive a power cut; to make and drop a database for a test
        # would wait for the disk otherwise. Kills are tested on servers of their own.
        for option in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"ALTER SYSTEM SET {option} = off".encode())
        connection.execute("SELECT pg_reload_conf()")
    yield settings
    Databases.of(settings).embedded().stop()


@pytest.fixture(scope="session")
def kafka_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings whose state folder holds an embedded broker, stopped after the last test."""
    settings = Settings(state=tmp_path_factory.mktemp("kafka") / "state")
    yield settings
    KafkaCluster.of(settings).embedded().stop()


@pytest.fixture(scope="session")
def postgres_dsn(postgres_settings: Settings) -> str:
    """URL of the hospital database in the embedded server of this test session."""
    return Databases.of(postgres_settings).hospital_url()


@pytest.fixture
def database(postgres_dsn: str) -> Iterator[str]:
    """URL of an empty database that this test has to itself."""
    with database_like(postgres_dsn, "template1") as url:
        yield url


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


@pytest.fixture
def occupy() -> Listener:
    """A context manager that occupies a port of the loopback address."""

    @contextmanager
    def listen(port: int) -> Iterator[None]:
        with socket.socket() as occupant:
            occupant.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            occupant.bind(("127.0.0.1", port))
            occupant.listen()
            yield

    return listen
