"""What can be wrong with a machine, a checkout or its services, and how to mend it."""

import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.requirements import Requirement

from hospital_assets.configuration.checkout import SHIPPED
from hospital_assets.configuration.hospital_files import load_hospital
from hospital_assets.configuration.settings import (
    NOT_OURS,
    Settings,
    SettingsError,
    load_settings,
)
from hospital_assets.local.stack_record import StackRecord
from hospital_assets.services import leases, postgres
from hospital_assets.services.databases import Databases
from hospital_assets.services.kafka import broker
from hospital_assets.services.kafka.cluster import KafkaCluster
from hospital_assets.services.postgres import PRIVATE_FILE
from hospital_assets.state.folder import StateFolder, is_free

_OLDEST_PYTHON = (3, 11)
# The lake has 5.8 GB, the tables some 7.5: 14 days of all records take 66 MB there. The rest is
# room for the write-ahead log, Dagster's history and Kafka.
_DISK_BYTES = 16 * 10**9
_PERIOD_NEEDS = "the whole period takes about 13 GB in lake and database"


@dataclass(frozen=True)
class Checkup:
    """The outcome of one check, with the remedy for the case that it is not well."""

    check: str
    ok: bool
    found: str
    remedy: str


def examine() -> list[Checkup]:
    """Return a finding for each check; changes nothing and starts nothing."""
    findings = [_python(), *_packages()]
    try:
        settings = load_settings()
        load_hospital()
    except SettingsError as error:
        return [*findings, Checkup("settings", False, str(error), "correct this setting")]
    findings.append(Checkup("settings", True, f"profile {settings.profile}", ""))
    checks: list[Callable[[Settings], Checkup]] = [
        _disk,
        _lake,
        _state_folder,
        _secrets,
        _database,
        _broker,
        _page,
    ]
    return findings + [check(settings) for check in checks]


def _python() -> Checkup:
    return Checkup(
        "Python",
        sys.version_info[:2] >= _OLDEST_PYTHON,
        ".".join(map(str, sys.version_info[:3])),
        "install Python 3.11 or newer and run `make clean up`",
    )


def _packages() -> Iterator[Checkup]:
    lock = SHIPPED / "requirements.txt"
    remedy = "run `make clean up`"
    try:
        pins = list(_pins(lock))
    except OSError as error:
        yield Checkup("packages", False, f"{lock}: {error.strerror}", "restore it from git")
        return
    wrong = []
    for pin in pins:
        try:
            installed = version(pin.name)
        except PackageNotFoundError:
            wrong.append(f"{pin.name} is missing")
            continue
        if not pin.specifier.contains(installed, prereleases=True):
            wrong.append(f"{pin.name} is {installed}, not {pin.specifier}")
    yield Checkup("packages", not wrong, "; ".join(wrong) or f"{len(pins)} as locked", remedy)


def _pins(lock: Path) -> Iterator[Requirement]:
    for line in lock.read_text(encoding="utf-8").splitlines():
        if line[:1].isalnum():
            pin = Requirement(line.rstrip(" \\"))
            if pin.marker is None or pin.marker.evaluate():
                yield pin


def _disk(settings: Settings) -> Checkup:
    folder = next(each for each in (settings.state, *settings.state.parents) if each.exists())
    free = shutil.disk_usage(folder).free
    return Checkup(
        "disk",
        free >= _DISK_BYTES,
        f"{free / 10**9:.1f} GB free",
        f"free some space: {_PERIOD_NEEDS}",
    )


def _lake(settings: Settings) -> Checkup:
    from hospital_assets.resources.lake import file_store

    try:
        file_store.at(settings.lake).sizes("batch")
    except (file_store.FileStoreError, OSError) as error:
        return Checkup("lake", False, str(error), "correct HOSPITAL_LAKE or what it names")
    return Checkup("lake", True, settings.lake, "")


def _state_folder(settings: Settings) -> Checkup:
    folder = settings.state
    if not folder.exists():
        return Checkup("state folder", True, f"{folder} will be made", "")
    if settings.database.mode == "server" and settings.kafka.mode != "embedded":
        # No server keeps its data here, nor its password: it may be shared, as containers do.
        is_writable = os.access(folder, os.W_OK)
        found = str(folder) if is_writable else f"{folder} can't be written"
        return Checkup("state folder", is_writable, found, "let this user write there")
    status = folder.stat()
    mode = stat.S_IMODE(status.st_mode)
    remedy = f"run `chown {os.geteuid()} {folder} && chmod 700 {folder}`"
    if status.st_uid != os.geteuid():
        return Checkup("state folder", False, f"{folder} belongs to user {status.st_uid}", remedy)
    # The account that runs the server for root may pass through the folder.
    allowed = 0o710 if os.geteuid() == 0 else 0o700
    return Checkup("state folder", not mode & ~allowed, f"{folder} has mode {mode:o}", remedy)


def _secrets(settings: Settings) -> Checkup:
    files = [settings.state / PRIVATE_FILE]
    if settings.database.password_file is not None:
        files.append(settings.database.password_file)
    open_to_others = [
        str(file) for file in files if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077
    ]
    return Checkup(
        "secrets",
        not open_to_others,
        f"readable by others: {', '.join(open_to_others)}" if open_to_others else "private",
        f"run `chmod 600 {' '.join(open_to_others)}`",
    )


def _database(settings: Settings) -> Checkup:
    server = Databases.of(settings).embedded()
    if server is None:
        return _real_server(settings)
    port = server.running_port()
    if port is not None:
        return _embedded("PostgreSQL", port, server.state, postgres.SERVER)
    if server.data.exists() and not (settings.state / PRIVATE_FILE).exists():
        return Checkup(
            "PostgreSQL",
            False,
            "its password file is gone",
            f"restore it, or remove {server.folder} and materialize the days again",
        )
    remembered = StateFolder(settings.state).remembered_port("postgres")
    if remembered is not None and not is_free(remembered):
        return Checkup(
            "PostgreSQL", True, f"not running; port {remembered} is taken, another will be used", ""
        )
    return Checkup("PostgreSQL", True, "embedded, not running", "")


def _broker(settings: Settings) -> Checkup:
    cluster = KafkaCluster.of(settings)
    server = cluster.embedded()
    if settings.kafka.mode == "elsewhere":
        return Checkup("Kafka", True, NOT_OURS, "")
    if server is None:
        return Checkup("Kafka", True, f"at {cluster.bootstrap()}, not looked at", "")
    port = server.running_port()
    if port is not None:
        return _embedded("Kafka", port, server.state, broker.SERVER)
    return Checkup("Kafka", True, "embedded, not running", "")


def _embedded(name: str, port: int, state: StateFolder, server: str) -> Checkup:
    """Say who uses a server that runs: one that nobody uses was left behind by a kill."""
    users = ", ".join(str(process.pid) for process in leases.users(state, server))
    if users:
        return Checkup(name, True, f"embedded, on port {port}, used by process {users}", "")
    return Checkup(name, False, f"embedded, on port {port}, used by nobody", "run `make down`")


def _real_server(settings: Settings) -> Checkup:
    import psycopg

    database = settings.database
    place = f"{database.host}:{database.port}"
    if database.is_dagsters_alone:
        return Checkup("PostgreSQL", True, f"{place}, the hospital's database: {NOT_OURS}", "")
    try:
        psycopg.connect(Databases.of(settings).hospital_url(), connect_timeout=5).close()
    except (psycopg.OperationalError, SettingsError) as error:
        reason = str(error).strip().splitlines()[-1]
        remedy = "start that server, or correct the settings below `database`"
        return Checkup("PostgreSQL", False, f"{place}: {reason}", remedy)
    return Checkup("PostgreSQL", True, place, "")


def _page(settings: Settings) -> Checkup:
    from hospital_assets.page.client import Page, PageError

    record = StackRecord.load(StateFolder(settings.state))
    if record is None or not record.is_supervised():
        if is_free(settings.web_port):
            return Checkup("page", True, f"none started here; port {settings.web_port} is free", "")
        found = f"none started here; port {settings.web_port} is taken, another will be used"
        return Checkup("page", True, found, "")
    page = Page(record.host, record.port)
    try:
        missing = page.missing(since=record.created)
    except PageError as error:
        return Checkup("page", False, str(error).splitlines()[0], "correct the code, then reload")
    found = page.url if missing is None else f"{page.url} waits for {missing}"
    remedy = f"see the logs in {settings.state / 'logs'}, or run `make down up`"
    return Checkup("page", missing is None, found, remedy)
