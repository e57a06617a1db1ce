"""Secrets, and a real PostgreSQL set up with them as the composed stack's is."""

import secrets
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from hospital_assets.configuration.settings import DatabaseSettings, Settings
from hospital_assets.containers.postgres_setup import set_up_database
from hospital_assets.containers.roles import SECRETS
from hospital_assets.containers.secrets import SecretFolder
from hospital_assets.services.databases import server_url

Url = Callable[[str], str]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> SecretFolder:
    """A folder with every secret."""
    made = SecretFolder(tmp_path_factory.mktemp("deployment") / "secrets")
    assert list(made.make())
    return made


@pytest.fixture(scope="session")
def deployed(
    postgres_dsn: str, folder: SecretFolder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """Settings of a superuser on whose server the databases and roles have been set up."""
    place = urlsplit(postgres_dsn)
    password = tmp_path_factory.mktemp("superuser") / "password"
    password.write_text(place.password or "")
    name = f"deployed_{secrets.token_hex(4)}"
    settings = Settings(
        database=DatabaseSettings(
            mode="server",
            host=place.hostname or "",
            port=place.port or 0,
            user=place.username or "",
            password_file=password,
            hospital_database=name,
            dagster_database=f"{name}_dagster",
        ),
    )
    set_up_database(settings, folder)
    yield settings
    with psycopg.connect(postgres_dsn, autocommit=True) as connection:
        for database in (name, f"{name}_dagster"):
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database))
            )


@pytest.fixture(scope="session")
def url(deployed: Settings, folder: SecretFolder) -> Url:
    """The connection URL of a role, to the hospital's database."""
    return lambda role: server_url(deployed.database, role, folder.read(SECRETS[role]))
