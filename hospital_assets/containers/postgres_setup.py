"""Setting up PostgreSQL for the composed stack, whatever of it is there already.

The superuser makes roles and databases; all else is made by the owners of these.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import psycopg
from psycopg import sql

from hospital_assets.calendar.period import Period
from hospital_assets.campaign import ensure_campaign
from hospital_assets.configuration.hospital_files import load_hospital
from hospital_assets.configuration.settings import DatabaseSettings, Settings
from hospital_assets.containers import roles
from hospital_assets.containers.secrets import SecretFolder
from hospital_assets.errors import HospitalError, one_line
from hospital_assets.from_settings import campaign_plan
from hospital_assets.history.storage import HospitalStorage
from hospital_assets.registry import RECORD_TYPES
from hospital_assets.resources.warehouse.loading import Connection, lock
from hospital_assets.resources.warehouse.login_roles import make_role
from hospital_assets.resources.warehouse.resource import Warehouse
from hospital_assets.resources.warehouse.schema import SCHEMA
from hospital_assets.resources.warehouse.session import session
from hospital_assets.services.databases import Databases, server_url
from hospital_assets.state.folder import StateFolder

_DATABASES_OF_THE_SERVER = ("postgres", "template1")
_LOCK = f"{SCHEMA}: set up"


class SetupError(HospitalError):
    """PostgreSQL can't be set up; the message says what was refused."""


def set_up_database(settings: Settings, folder: SecretFolder) -> None:
    """Make roles, databases, schema, partitions and grants, as the user of the settings.

    Safe to repeat: a password that was changed takes effect, nothing that holds data is touched.
    Raises SetupError if the server refuses.
    """
    passwords = {role: folder.read(secret) for role, secret in roles.SECRETS.items()}
    database = settings.database
    owner = server_url(database, roles.OWNER, passwords[roles.OWNER])
    dagster = server_url(
        database,
        roles.DAGSTER,
        passwords[roles.DAGSTER],
        name=database.dagster_database,
        scheme="postgresql+psycopg2",
    )
    superuser = Databases(
        database.model_copy(update={"hospital_database": "postgres"}), StateFolder(settings.state)
    ).hospital_url()
    with _connected(superuser, "make roles and databases") as connection:
        for role, password in passwords.items():
            make_role(connection, role, password, reads_only=role == roles.VIEWER)
        _make_database(connection, database.hospital_database, roles.OWNER)
        _make_database(connection, database.dagster_database, roles.DAGSTER)
        _close_databases(connection, database)
    hospital = load_hospital()
    warehouse = Warehouse(lambda: owner, RECORD_TYPES)
    ensure_campaign(warehouse, campaign_plan(settings, hospital), datetime.now(UTC))
    with _connected(owner, "make partitions and grants") as connection, connection.transaction():
        lock(connection, _LOCK)
        for statement in (*roles.partitions(hospital.period), *_grants(hospital.period)):
            connection.execute(statement)
    # Dagster makes its tables when its storage is opened. Here, before five processes do at once.
    HospitalStorage(dagster)


@contextmanager
def _connected(url: str, action: str) -> Iterator[Connection]:
    try:
        with session(url, "hospital setup", autocommit=True) as connection:
            yield connection
    except psycopg.Error as error:
        raise SetupError(f"PostgreSQL: can't {action}: {one_line(error)}") from error


def _make_database(connection: Connection, name: str, owner: str) -> None:
    known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone()
    if known is None:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(
                sql.Identifier(name), sql.Identifier(owner)
            )
        )


def _close_databases(connection: Connection, database: DatabaseSettings) -> None:
    ours = (database.hospital_database, database.dagster_database)
    for name in (*ours, *_DATABASES_OF_THE_SERVER):
        connection.execute(
            sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name))
        )
    hospital = sql.Identifier(database.hospital_database)
    connection.execute(
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(hospital, _names(roles.READERS))
    )
    # Loads of people go through a temporary table.
    connection.execute(
        sql.SQL("GRANT TEMPORARY ON DATABASE {} TO {}").format(hospital, _names([roles.INGEST]))
    )


def _grants(period: Period) -> Iterator[sql.Composed]:
    schema, readers = sql.Identifier(SCHEMA), _names(roles.READERS)
    yield sql.SQL("REVOKE ALL ON SCHEMA public FROM PUBLIC").format()
    # From nothing each time, so that what a former version gave is taken back.
    yield sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA {} FROM {}").format(schema, readers)
    yield sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(schema, readers)
    for grant in roles.grants(period):
        yield grant.statement()


def _names(names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))
