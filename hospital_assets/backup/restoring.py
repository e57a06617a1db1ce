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

from hospital_assets.backup import databases, days, folder, programs
from hospital_assets.backup.errors import BackupError
from hospital_assets.backup.folder import Origin
from hospital_assets.backup.making import Progress
from hospital_assets.contracts import RECORD_TYPES, TRANSFERS
from hospital_assets.errors import HospitalError
from hospital_assets.local import dagster_url, hospital_dsn
from hospital_assets.local.kafka import kafka_bootstrap
from hospital_assets.operations.verification import Finding, verify
from hospital_assets.planning import by_month, ranges_by_month
from hospital_assets.profile import fingerprint
from hospital_assets.resources import storage
from hospital_assets.resources.lake import Lake
from hospital_assets.resources.loading import Connection
from hospital_assets.resources.schema import fingerprint as schema_fingerprint
from hospital_assets.resources.stream import replacement
from hospital_assets.resources.stream.files import FOLDER
from hospital_assets.resources.stream.publisher import Slot
from hospital_assets.resources.stream.replacement import TopicLog
from hospital_assets.resources.stream.resource import Stream
from hospital_assets.resources.warehouse import Warehouse
from hospital_assets.settings import Settings
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
    warehouse, lake = Warehouse(dsn=hospital_dsn(settings)), Lake(root=settings.lake)
    _refuse_used(settings, warehouse, lake)
    manifests = days.read(source / folder.MANIFESTS)
    days.compare(
        hospital, lake, manifests, lambda done, total: progress("days as backed up", done, total)
    )
    log = Stream(root=settings.lake, bootstrap=kafka_bootstrap(settings)).log()
    with _undone_by_hand(settings):
        days.make(hospital, lake, manifests, lambda done, total: progress("days", done, total))
        progress("database", 0, 2)
        same_topic, again = _restore_hospital(hospital, warehouse, settings, source, log)
        progress("database", 1, 2)
        programs.restore(dagster_url(settings), source / folder.DAGSTER, "--clean", "--if-exists")
        progress("database", 2, 2)
    whole = _whole(lake, warehouse)
    under_way = [day for day in days.days_of(manifests) if day not in whole]
    findings = list(_verified(hospital, lake, warehouse, sorted(whole), progress))
    return Restored(sorted(whole), under_way, same_topic, again, findings)


def _check_origin(origin: Origin, own: str) -> None:
    if origin.hospital != own:
        raise BackupError(
            f"the backup is of hospital {origin.hospital}, these settings make hospital {own}:"
            " set its seed, profile and configs; nothing was restored"
        )
    versions = (origin.tables, origin.dagster)
    if versions != (schema_fingerprint(), databases.own_dagster_version()):
        raise BackupError(
            "the backup has the tables of another version: restore it with that version;"
            " nothing was restored"
        )


def _refuse_used(settings: Settings, warehouse: Warehouse, lake: Lake) -> None:
    with databases.connected(warehouse.connection_url(), "look at the database") as connection:
        databases.refuse_others(connection)
        databases.refuse_records(connection)
    with databases.connected(dagster_url(settings), "look at Dagster's database") as connection:
        databases.refuse_others(connection)
        databases.refuse_history(connection)
    in_batch = any(not lake.is_empty(record) for record in RECORD_TYPES)
    if in_batch or storage.at(settings.lake).sizes(FOLDER):
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
    hospital: Hospital, warehouse: Warehouse, settings: Settings, source: Path, log: TopicLog
) -> tuple[bool, int]:
    """Restore database and stream's files, and have them go on with the topic that there is."""
    url = warehouse.connection_url()
    with databases.connected(url, "make room") as connection:
        databases.drop_schema(connection)
    programs.restore(url, source / folder.HOSPITAL)
    with databases.connected(url, "go on with the topic") as connection:
        same_topic = log.goes_on(connection)
        names: Mapping[str, str] = {}
        again: list[Slot] = []
        if not same_topic:
            names = replacement.set_apart(connection, log.topic.name)
            again = list(_not_landed(hospital, warehouse, connection))
            replacement.publish_again(connection, again)
        # Before the commit: the manifest names no file that isn't there.
        _unpack(source / folder.STREAM, settings.lake, names)
    with databases.connected(url, "analyze") as connection:
        connection.execute("ANALYZE")
    return same_topic, len(again)


def _not_landed(hospital: Hospital, warehouse: Warehouse, connection: Connection) -> Iterator[Slot]:
    """Give the published slots of which an event is missing: it was in the other topic alone."""
    slots = replacement.published(connection)
    for month in by_month(sorted({day for day, _ in slots})):
        stored = warehouse.read(TRANSFERS, month)
        made = TRANSFERS.schema.cast(hospital.transfers(month[0], month[-1]))
        missing = made.join(stored, on="transfer_id", how="anti")
        wanted = missing.select("transfer_date", "slot").unique().sort(pl.all()).rows()
        yield from (slot for slot in wanted if slot in set(slots))


def _unpack(archive: Path, lake: str, names: Mapping[str, str]) -> None:
    target = storage.at(lake)
    with tarfile.open(archive, "r:gz") as members:
        for member in members:
            content = members.extractfile(member)
            path = f"{FOLDER}/{member.name}"
            if content is not None:
                target.create(names.get(path, path), content.read())


def _whole(lake: Lake, warehouse: Warehouse) -> set[date]:
    """Return the days that the lake has every record of, and every daily table too."""
    in_lake = [set(lake.days(record)) for record in RECORD_TYPES]
    in_tables = [set(warehouse.days(record)) for record in RECORD_TYPES if record.is_daily]
    return set.intersection(*in_lake, *in_tables)


def _verified(
    hospital: Hospital,
    lake: Lake,
    warehouse: Warehouse,
    restored: list[date],
    progress: Progress,
) -> Iterator[Finding]:
    done = 0
    for part in ranges_by_month(restored):
        progress("verified", done, len(restored))
        yield from verify(hospital, lake, warehouse, part.days)
        done += len(part.days)
    progress("verified", done, len(restored))
