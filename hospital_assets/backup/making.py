"""Making a backup, also of a hospital that is at work.

Dagster's history is dumped first, then the hospital's database, then the lake is read: whatever the
history vouches for is in the database, and whatever either vouches for is in the lake. What comes
in between is left out or is there already when it is made again, with the same bytes.
"""

import io
import tarfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
from psycopg import sql

from hospital_assets.backup import database_checks, days, folder, programs
from hospital_assets.backup.errors import BackupError
from hospital_assets.backup.folder import BackupOrigin, Contents
from hospital_assets.configuration.hospital_files import fingerprint
from hospital_assets.configuration.settings import Settings
from hospital_assets.from_settings import open_lake, open_warehouse
from hospital_assets.resources.lake import file_store
from hospital_assets.resources.lake.file_store import FileStore
from hospital_assets.resources.stream.files import digest
from hospital_assets.resources.warehouse import migrating
from hospital_assets.resources.warehouse.loading import Connection
from hospital_assets.resources.warehouse.resource import Warehouse
from hospital_assets.resources.warehouse.schema import SCHEMA
from hospital_assets.services.databases import Databases
from hospital_assets.simulation import Hospital

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Made:
    """A backup that was made: its contents, the days in it and the streams' files."""

    contents: Contents
    days: Sequence[date]
    stream_files: int


def make_backup(settings: Settings, hospital: Hospital, target: Path, progress: Progress) -> Made:
    """Back the hospital of the settings up into a new folder, which is there whole or not at all.

    Raises BackupError if the database is about another simulation or version, or if a file is not
    what its manifest says: such a backup couldn't be restored.
    """
    folder.refuse_existing(target)
    made_at = datetime.now(UTC)
    warehouse, lake, urls = open_warehouse(settings), open_lake(settings), Databases.of(settings)
    origin = BackupOrigin(
        hospital=_own_campaign(warehouse, fingerprint(hospital)),
        tables=migrating.newest(),
        dagster=_dagster_version(urls.dagster_url()),
    )
    with folder.new_folder(target) as parts:
        progress("Dagster's history", 0, 1)
        programs.dump(urls.dagster_url(), parts / folder.DAGSTER)
        progress("Dagster's history", 1, 1)
        with database_checks.connected(warehouse.url(), "back up") as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            progress("database", 0, 1)
            programs.dump(
                warehouse.url(),
                parts / folder.HOSPITAL,
                f"--schema={SCHEMA}",
                f"--snapshot={_snapshot(connection)}",
            )
            progress("database", 1, 1)
            files = _stream_files(connection)
        _pack(file_store.at(settings.lake), parts / folder.STREAM, files, progress)
        manifests = days.collect(lake)
        days.compare(hospital, lake, manifests, lambda done, total: progress("days", done, total))
        days.write(parts / folder.MANIFESTS, manifests)
        contents = folder.seal(parts, origin, made_at)
    return Made(contents, days.days_of(manifests), len(files))


def _own_campaign(warehouse: Warehouse, own: str) -> str:
    version = warehouse.version()
    campaign = warehouse.campaign() if version else None
    if campaign is None:
        raise BackupError("there is nothing to back up: the hospital was never started")
    if version != migrating.newest():
        raise BackupError(
            f"the schema {SCHEMA} was made by another version: back up with that version"
        )
    if campaign.fingerprint != own:
        raise BackupError(
            f"the database holds hospital {campaign.fingerprint}, these settings make hospital"
            f" {own}: set its seed, profile and configs"
        )
    return own


def _dagster_version(url: str) -> str:
    with database_checks.connected(url, "read Dagster's version") as connection:
        version = database_checks.stored_dagster_version(connection)
    if version is None:
        raise BackupError("there is nothing to back up: Dagster has no history here")
    return version


def _snapshot(connection: Connection) -> str:
    return str(connection.execute("SELECT pg_export_snapshot()").fetchall()[0][0])


def _stream_files(connection: Connection) -> list[tuple[str, str]]:
    """Return path below the lake and SHA-256 of each file that the snapshot vouches for."""
    query = sql.SQL("SELECT path, sha256 FROM {} WHERE path IS NOT NULL ORDER BY path").format(
        sql.Identifier(SCHEMA, "stream_files")
    )
    return [(path, sha256) for path, sha256 in connection.execute(query)]


def _pack(
    source: FileStore, target: Path, files: Sequence[tuple[str, str]], progress: Progress
) -> None:
    with tarfile.open(target, "w:gz", compresslevel=6) as archive:
        for number, (path, sha256) in enumerate(files):
            progress("streams' files", number, len(files))
            try:
                content = source.read(path)
            except FileNotFoundError:
                content = b""
            if digest(content) != sha256:
                raise BackupError(
                    f"{source.place(path)} is gone or damaged: `hospital stream repair`"
                    " writes it again; then back up again"
                )
            member = tarfile.TarInfo(path)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    progress("streams' files", len(files), len(files))
