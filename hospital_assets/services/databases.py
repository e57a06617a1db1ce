"""Where the two databases are: the hospital's own and the one in which Dagster keeps its runs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import quote, unquote, urlsplit

from hospital_assets.configuration.settings import (
    NOT_OURS,
    DatabaseSettings,
    Settings,
    SettingsError,
)
from hospital_assets.services.postgres import EmbeddedPostgres
from hospital_assets.state.folder import LOCALHOST, StateFolder


@dataclass(frozen=True)
class Databases:
    """The databases of one checkout, on its own server or on another one.

    A URL holds the password: it belongs in no log and no argument.
    """

    settings: DatabaseSettings
    state: StateFolder

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the databases that the settings name."""
        return cls(settings.database, StateFolder(settings.state))

    def hospital_url(self) -> str:
        """Return the URL of the hospital's database; starts the embedded server if needed."""
        database = self.settings
        server = self.embedded()
        if server is None:
            return server_url(database, database.user, _server_password(database))
        return self._embedded_url(server, "postgresql", database.hospital_database)

    def dagster_url(self) -> str:
        """Return SQLAlchemy's URL of Dagster's database; starts the embedded server if needed."""
        # A bare postgresql:// means another driver from SQLAlchemy 2.1 on.
        scheme, database = "postgresql+psycopg2", self.settings
        name = database.dagster_database
        server = self.embedded()
        if server is not None:
            return self._embedded_url(server, scheme, name)
        if database.dagster_user is None:
            user, password = database.user, _server_password(database)
        else:
            user, password = database.dagster_user, _dagster_password(database)
        return server_url(database, user, password, name=name, scheme=scheme)

    def embedded(self) -> EmbeddedPostgres | None:
        """Return the checkout's own server, running or not; None if it is somebody else's."""
        database = self.settings
        if database.mode == "server":
            return None
        return EmbeddedPostgres(
            self.state, database.user, (database.hospital_database, database.dagster_database)
        )

    def _embedded_url(self, server: EmbeddedPostgres, scheme: str, name: str) -> str:
        place = f"{LOCALHOST}:{server.ensure_running()}"
        return _url(scheme, self.settings.user, server.password, place, name)


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


def _url(scheme: str, user: str, password: str, place: str, name: str) -> str:
    account = f"{quote(user, safe='')}:{quote(password, safe='')}"
    return f"{scheme}://{account}@{place}/{quote(name, safe='')}"


def _server_password(database: DatabaseSettings) -> str:
    if database.password is not None:
        return database.password.get_secret_value()
    if database.is_dagsters_alone:
        raise SettingsError(
            f"the hospital's database: {NOT_OURS} (HOSPITAL_DATABASE__PASSWORD_FILE is not set)"
        )
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
