"""How other programs reach the hospital: PostgreSQL, Kafka and the lake."""

import os
from dataclasses import dataclass, field
from urllib.parse import quote

import psycopg

from hospital_assets.configuration.settings import Settings
from hospital_assets.errors import ServiceAwayError, one_line
from hospital_assets.from_settings import open_warehouse
from hospital_assets.registry import STREAM_TYPES
from hospital_assets.resources.stream.topics import topic_name
from hospital_assets.resources.warehouse.login_roles import let_read, make_role
from hospital_assets.resources.warehouse.schema import SCHEMA
from hospital_assets.resources.warehouse.session import session
from hospital_assets.services import leases, postgres
from hospital_assets.services.databases import Databases, client_environment
from hospital_assets.services.kafka import broker
from hospital_assets.services.kafka.cluster import KafkaCluster
from hospital_assets.state.folder import StateFolder

READER = "viewer_ro"
_READER_FILE = "viewer_password"


@dataclass(frozen=True)
class DatabaseAccess:
    """A login to the hospital's database; the password never shows in a representation."""

    host: str
    port: int
    database: str
    user: str
    password: str = field(repr=False)
    schema: str = SCHEMA

    @property
    def dsn(self) -> str:
        """The URL with the password in it: it belongs in no log and no argument."""
        account = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}"
        return f"postgresql://{account}@{self.host}:{self.port}/{quote(self.database, safe='')}"

    @property
    def pgpass(self) -> str:
        """The line of a .pgpass file."""
        parts = (self.host, str(self.port), self.database, self.user, self.password)
        return ":".join(part.replace("\\", "\\\\").replace(":", "\\:") for part in parts)

    @property
    def environment(self) -> dict[str, str]:
        """The variables that psql, pg_dump and every libpq program read."""
        return client_environment(self.dsn)


@dataclass(frozen=True)
class KafkaAccess:
    """What a Kafka client is configured with, in the names of librdkafka."""

    bootstrap_servers: str
    security_protocol: str
    topics: tuple[str, ...]


@dataclass(frozen=True)
class Connections:
    """Where everything is that another program may read."""

    database: DatabaseAccess
    kafka: KafkaAccess
    lake: str


def connections(settings: Settings, *, as_owner: bool = False) -> Connections:
    """Return how to reach the hospital, starting the embedded servers if needed.

    On the embedded server the login is a role that can only read, made here on first use; with
    `as_owner` it is the role that owns the tables. On a server that somebody else runs it is the
    login of the settings. Raises ServiceAwayError if the database refuses.
    """
    databases, kafka = Databases.of(settings), KafkaCluster.of(settings)
    url = databases.hospital_url()
    if databases.embedded() is not None and not as_owner:
        password = StateFolder(settings.state).secret(_READER_FILE)
        _make_reader(settings, url, password)
        owner = client_environment(url)
        login = {**owner, "PGUSER": READER, "PGPASSWORD": password}
    else:
        login = client_environment(url)
    return Connections(
        DatabaseAccess(
            host=login["PGHOST"],
            port=int(login["PGPORT"]),
            database=login["PGDATABASE"],
            user=login["PGUSER"],
            password=login["PGPASSWORD"],
        ),
        KafkaAccess(
            kafka.bootstrap(),
            settings.kafka.security_protocol,
            tuple(topic_name(settings.kafka, kind) for kind in STREAM_TYPES),
        ),
        settings.lake,
    )


def servers_stay(settings: Settings) -> bool:
    """Return whether the servers will be there once this process has ended.

    An embedded one ends with the last process that uses it.
    """
    state = StateFolder(settings.state)
    embedded = {
        postgres.SERVER: Databases.of(settings).embedded(),
        broker.SERVER: KafkaCluster.of(settings).embedded(),
    }
    return all(
        any(process.pid != os.getpid() for process in leases.users(state, name))
        for name, server in embedded.items()
        if server is not None
    )


def _make_reader(settings: Settings, url: str, password: str) -> None:
    open_warehouse(settings).create_schema()
    try:
        with session(url, "hospital connect") as connection:
            make_role(connection, READER, password, reads_only=True)
            let_read(connection, READER)
    except psycopg.Error as error:
        raise ServiceAwayError(f"PostgreSQL: can't make {READER}: {one_line(error)}") from error
