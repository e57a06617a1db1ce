"""Where the two databases are: the hospital's own and the one in which Dagster keeps its runs."""

from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from hospital_assets.local.postgres import EmbeddedPostgres
from hospital_assets.local.state import LOCALHOST, StateFolder
from hospital_assets.settings import DatabaseSettings, Settings, SettingsError


def hospital_dsn(settings: Settings) -> str:
    """Return the connection URL of the hospital's database; starts the embedded server if needed.

    The URL holds the password: it belongs in no log and no argument.
    """
    database = settings.database
    if database.mode == "server":
        return server_url(database, database.user, _server_password(database))
    return _embedded_url("postgresql", settings, database.hospital_database)


def dagster_url(settings: Settings) -> str:
    """Return the SQLAlchemy URL of Dagster's database; starts the embedded server if needed.

    The URL holds the password: it belongs in no log and no argument.
    """
    # A bare postgresql:// means another driver from SQLAlchemy 2.1 on.
    scheme, database = "postgresql+psycopg2", settings.database
    name = database.dagster_database
    if database.mode == "embedded":
        return _embedded_url(scheme, settings, name)
    if database.dagster_user is None:
        user, password = database.user, _server_password(database)
    else:
        user, password = database.dagster_user, _dagster_password(database)
    return server_url(database, user, password, name=name, scheme=scheme)


def embedded_postgres(settings: Settings) -> EmbeddedPostgres:
    """Return the checkout's own server, running or not."""
    database = settings.database
    return EmbeddedPostgres(
        StateFolder(settings.state),
        database.user,
        (database.hospital_database, database.dagster_database),
    )


def server_url(
    database: DatabaseSettings,
    user: str,
    password: str,
    *,
    name: str | None = None,
    scheme: str = "postgresql",
) -> str:
    """Return the URL of a user's connection to the server, to the hospital's database by default.

    The URL holds the password: it belongs in no log and no argument.
    """
    place = f"{database.host}:{database.port}"
    return _url(scheme, user, password, place, name or database.hospital_database)


def client_environment(url: str) -> dict[str, str]:
    """Return the variables by which PostgreSQL's own programs find the database of a URL.

    In the environment, since arguments are visible to every user of the machine.
    """
    place = urlsplit(url)
    return {
        "PGHOST": place.hostname or "",
        "PGPORT": str(place.port),
        "PGUSER": unquote(place.username or ""),
        "PGPASSWORD": unquote(place.password or ""),
        "PGDATABASE": unquote(place.path.removeprefix("/")),
    }


def _embedded_url(scheme: str, settings: Settings, name: str) -> str:
    server = embedded_postgres(settings)
    place = f"{LOCALHOST}:{server.ensure_running()}"
    return _url(scheme, settings.database.user, server.password, place, name)


def _url(scheme: str, user: str, password: str, place: str, name: str) -> str:
    account = f"{quote(user, safe='')}:{quote(password, safe='')}"
    return f"{scheme}://{account}@{place}/{quote(name, safe='')}"


def _server_password(database: DatabaseSettings) -> str:
    if database.password is not None:
        return database.password.get_secret_value()
    return _read("PASSWORD_FILE", database.password_file)


def _dagster_password(database: DatabaseSettings) -> str:
    return _read("DAGSTER_PASSWORD_FILE", database.dagster_password_file)


def _read(key: str, file: Path | None) -> str:
    variable = f"HOSPITAL_DATABASE__{key}"
    if file is None:
        raise SettingsError(
            f"{variable}: expected a file with the server's password, "
            "since database mode is 'server'"
        )
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(
            f"{variable}: expected a readable file, but {file}: {error.strerror}"
        ) from error
