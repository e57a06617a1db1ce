"""Where the two databases are: the hospital's own and the one in which Dagster keeps its runs."""

from urllib.parse import quote

from hospital_assets.local.postgres import EmbeddedPostgres
from hospital_assets.local.state import LOCALHOST, StateFolder
from hospital_assets.settings import DatabaseSettings, Settings, SettingsError


def hospital_dsn(settings: Settings) -> str:
    """Return the connection URL of the hospital's database; starts the embedded server if needed.

    The URL holds the password: it belongs in no log and no argument.
    """
    return _url("postgresql", settings, settings.database.hospital_database)


def dagster_url(settings: Settings) -> str:
    """Return the SQLAlchemy URL of Dagster's database; starts the embedded server if needed.

    The URL holds the password: it belongs in no log and no argument.
    """
    # A bare postgresql:// means another driver from SQLAlchemy 2.1 on.
    return _url("postgresql+psycopg2", settings, settings.database.dagster_database)


def embedded_postgres(settings: Settings) -> EmbeddedPostgres:
    """Return the checkout's own server, running or not."""
    database = settings.database
    return EmbeddedPostgres(
        StateFolder(settings.state),
        database.user,
        (database.hospital_database, database.dagster_database),
    )


def _url(scheme: str, settings: Settings, name: str) -> str:
    database = settings.database
    if database.mode == "embedded":
        server = embedded_postgres(settings)
        port, host, password = server.ensure_running(), LOCALHOST, server.password
    else:
        port, host, password = database.port, database.host, _server_password(database)
    account = f"{quote(database.user, safe='')}:{quote(password, safe='')}"
    return f"{scheme}://{account}@{host}:{port}/{quote(name, safe='')}"


def _server_password(database: DatabaseSettings) -> str:
    if database.password is not None:
        return database.password.get_secret_value()
    if database.password_file is None:
        raise SettingsError(
            "HOSPITAL_DATABASE__PASSWORD_FILE: expected a file with the server's password, "
            "since database mode is 'server'"
        )
    try:
        return database.password_file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(
            f"HOSPITAL_DATABASE__PASSWORD_FILE: expected a readable file, "
            f"but {database.password_file}: {error.strerror}"
        ) from error
