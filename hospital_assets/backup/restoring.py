"""Restoring a backup into an empty installation: all is looked at before anything is written.

The order is lake, hospital's database, Dagster's history. A restore that is cut short leaves no
history that vouches for what isn't there.
"""

import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from hospital_assets.backup import database_checks, days, folder, programs
from hospital_assets.backup.errors import BackupError
from hospital_assets.backup.folder import BackupOrigin
from hospital_assets.backup.making import Progress
from hospital_assets.calendar.period import by_month
from hospital_assets.configuration.hospital_files import fingerprint
from hospital_assets.configuration.settings import Settings
from hospital_assets.contracts.stream_type import StreamType
from hospital_assets.errors import HospitalError
from hospital_assets.from_settings import open_lake, open_streams, open_warehouse
from hospital_assets.operations.verification import Finding, verify
from hospital_assets.presence import whole_days
from hospital_assets.registry import EXTRACTS, IN_BATCH_LAKE, STREAM_TYPES, registration
from hospital_assets.resources.lake import file_store
from hospital_assets.resources.lake.resource import Lake
from hospital_assets.resources.stream import published_slots, topic_replacement
from hospital_assets.resources.stream.files import StreamFolder
from hospital_assets.resources.stream.published_slots import Slot
from hospital_assets.resources.stream.topic_replacement import TopicLog
from hospital_assets.resources.warehouse import migrating
from hospital_assets.resources.warehouse.loading import Connection
from hospital_assets.resources.warehouse.resource import Warehouse
from hospital_assets.services.databases import Databases
from hospital_assets.simulation import Hospital


@dataclass(frozen=True)
class Restored:
    """What a restore has done.

    `days` were verified; those `under_way` lack a part, which a backup at work found not done yet.
    """

    days: list[date]
    under_way: list[date]
    same_topic: bool
    slots_again: int
    findings: list[Finding]


def restore_backup(
    settings: Settings, hospital: Hospital, source: Path, progress: Progress
) -> Restored:
    """Restore a backup into the lake and the databases of the settings, and verify every day.

    Raises BackupError, before anything is written, if a part is damaged, if the backup is of
    another simulation or version, if a target isn't empty or in use, or if the simulation doesn't
    make the days that the backup's manifests are of.
    """
    contents = folder.read_contents(source)
    _check_origin(contents.origin, fingerprint(hospital))
    folder.check_parts(source, contents, lambda done, total: progress("parts", done, total))
    for name in (folder.HOSPITAL, folder.DAGSTER):
        programs.check(source / name)
    warehouse, lake, urls = open_warehouse(settings), open_lake(settings), Databases.of(settings)
    _refuse_used(settings, warehouse, lake)
    manifests = days.read(source / folder.MANIFESTS)
    days.compare(
        hospital, lake, manifests, lambda done, total: progress("days as backed up", done, total)
    )
    logs = {name: stream.log() for name, stream in open_streams(settings).items()}
    with _undone_by_hand(settings):
        days.make(hospital, lake, manifests, lambda done, total: progress("days", done, total))
        progress("database", 0, 2)
        same_topic, again = _restore_hospital(hospital, warehouse, settings, source, logs)
        days.count_marts(hospital, lake, warehouse, manifests)
        progress("database", 1, 2)
        programs.restore(urls.dagster_url(), source / folder.DAGSTER, "--clean", "--if-exists")
        progress("database", 2, 2)
    whole = whole_days(EXTRACTS, lake, warehouse)
    under_way = [day for day in days.days_of(manifests) if day not in whole]
    findings = list(_verified(hospital, lake, warehouse, sorted(whole), progress))
    return Restored(sorted(whole), under_way, same_topic, again, findings)


def _check_origin(origin: BackupOrigin, own: str) -> None:
    if origin.hospital != own:
        raise BackupError(
            f"the backup is of hospital {origin.hospital}, these settings make hospital {own}:"
            " set its seed, profile and configs; nothing was restored"
        )
    versions = (origin.tables, origin.dagster)
    if versions != (migrating.newest(), database_checks.own_dagster_version()):
        raise BackupError(
            "the backup has the tables of another version: restore it with that version;"
            " nothing was restored"
        )


def _refuse_used(settings: Settings, warehouse: Warehouse, lake: Lake) -> None:
    with database_checks.connected(warehouse.url(), "look at the database") as connection:
        database_checks.refuse_others(connection)
        database_checks.refuse_records(connection)
        database_checks.make_room(connection)
        connection.rollback()
    with database_checks.connected(
        Databases.of(settings).dagster_url(), "look at Dagster's database"
    ) as connection:
        database_checks.refuse_others(connection)
        database_checks.refuse_history(connection)
    in_batch = any(not lake.is_empty(row.contract) for row in IN_BATCH_LAKE)
    store = file_store.at(settings.lake)
    in_streams = any(store.sizes(StreamFolder(store, kind.name).path) for kind in STREAM_TYPES)
    if in_batch or in_streams:
        raise BackupError(
            f"the lake {settings.lake} is not empty: restore into another one (HOSPITAL_LAKE);"
            " nothing was restored"
        )


@contextmanager
def _undone_by_hand(settings: Settings) -> Iterator[None]:
    try:
        yield
    except (HospitalError, OSError, tarfile.TarError) as error:
        raise BackupError(
            f"{error}; the restore is incomplete: empty both databases and {settings.lake},"
            " then restore again"
        ) from error


def _restore_hospital(
    hospital: Hospital,
    warehouse: Warehouse,
    settings: Settings,
    source: Path,
    logs: Mapping[str, TopicLog],
) -> tuple[bool, int]:
    """Restore database and streams' files, and have them go on with the topics that there are."""
    url = warehouse.url()
    with database_checks.connected(url, "make room") as connection:
        database_checks.make_room(connection)
    programs.restore(url, source / folder.HOSPITAL)
    same_topic, slots_again = True, 0
    names: dict[str, str] = {}
    with database_checks.connected(url, "go on with the topics") as connection:
        for kind in STREAM_TYPES:
            log, files = logs[kind.name], StreamFolder(file_store.at(settings.lake), kind.name)
            if log.goes_on(connection):
                continue
            same_topic = False
            names |= topic_replacement.set_apart(connection, files, log.topic.name)
            again = list(_not_landed(hospital, warehouse, connection, kind))
            published_slots.publish_again(connection, kind.name, again)
            slots_again += len(again)
        # Before the commit: the manifest names no file that isn't there.
        _unpack(source / folder.STREAM, settings.lake, names)
    with database_checks.connected(url, "analyze") as connection:
        connection.execute("ANALYZE")
    return same_topic, slots_again


def _not_landed(
    hospital: Hospital, warehouse: Warehouse, connection: Connection, kind: StreamType
) -> Iterator[Slot]:
    """Give the published slots of which an event is missing: it was in the other topic alone."""
    slots = published_slots.published(connection, kind.name)
    for month in by_month(sorted({day for day, _ in slots})):
        stored = warehouse.read(kind.record, month.days)
        made = registration(kind.record).rows(hospital, month, {})
        missing = made.join(stored, on=kind.id_column, how="anti")
        wanted = missing.select(kind.slot_columns).unique().sort(pl.all()).rows()
        yield from (slot for slot in wanted if slot in set(slots))


def _unpack(archive: Path, lake: str, names: Mapping[str, str]) -> None:
    target = file_store.at(lake)
    with tarfile.open(archive, "r:gz") as members:
        for member in members:
            content = members.extractfile(member)
            path = member.name
            if content is not None:
                target.create(names.get(path, path), content.read())


def _verified(
    hospital: Hospital,
    lake: Lake,
    warehouse: Warehouse,
    restored: list[date],
    progress: Progress,
) -> Iterator[Finding]:
    done = 0
    for part in by_month(restored):
        progress("verified", done, len(restored))
        yield from verify(hospital, lake, warehouse, part)
        done += part.length
    progress("verified", done, len(restored))
