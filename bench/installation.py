"""An installation of a bench's own, commands in it, and what lies in it afterwards."""

import hashlib
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from hospital_assets.calendar.period import Period
from hospital_assets.cli.arguments import day_range
from hospital_assets.configuration.hospital_files import load_hospital
from hospital_assets.configuration.settings import ROOT, STACK_VARIABLE, Settings, load_settings
from hospital_assets.contracts.record_type import RecordType
from hospital_assets.processes.members import end_members
from hospital_assets.registry import IN_BATCH_LAKE, RECORD_TYPES
from hospital_assets.resources.warehouse.loading import table
from hospital_assets.services import leases, postgres
from hospital_assets.services.databases import Databases
from hospital_assets.services.kafka import broker
from hospital_assets.services.kafka.cluster import KafkaCluster
from hospital_assets.state.folder import StateFolder

_KIB_A_GIB = 2**20


@contextmanager
def installation() -> Iterator[Settings]:
    """Make this process and its commands work in an empty installation, and end all that runs."""
    with tempfile.TemporaryDirectory(prefix="hospital-bench-") as folder:
        mark = secrets.token_hex(16)
        own = {
            "HOSPITAL_STATE": str(Path(folder, "state")),
            "HOSPITAL_LAKE": str(Path(folder, "lake")),
            # Whatever the configuration files name, a bench writes into nobody's server.
            "HOSPITAL_DATABASE__MODE": "embedded",
            "HOSPITAL_KAFKA__MODE": "embedded",
            STACK_VARIABLE: mark,
        }
        before = signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
        os.environ.update(own)
        load_settings.cache_clear()
        settings = load_settings()
        try:
            _keep_servers(settings)
            yield settings
        finally:
            end_members(mark)
            for server in (KafkaCluster.of(settings).embedded(), Databases.of(settings).embedded()):
                if server is not None:
                    server.stop()
            for name in own:
                del os.environ[name]
            load_settings.cache_clear()
            signal.signal(signal.SIGTERM, before)


@dataclass(frozen=True)
class Usage:
    """What a command took: of Python its own and its workers', of memory the largest of them."""

    seconds: float
    python_seconds: float
    peak_gib: float
    output: str


def run(module: str, *arguments: str) -> Usage:
    """Run a module as a command to its end; ends with an error if it fails."""
    with tempfile.TemporaryFile("w+") as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
        )
        _, status, used = os.wait4(process.pid, 0)
        taken = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read()
    if process.returncode != 0:
        raise SystemExit(f"{module} {' '.join(arguments)} failed: {text}")
    return Usage(taken, used.ru_utime + used.ru_stime, used.ru_maxrss / _KIB_A_GIB, text)


def _keep_servers(settings: Settings) -> None:
    """Have the servers outlive the command that starts them, so that they can be looked at."""
    state = StateFolder(settings.state)
    for name, server in (
        (postgres.SERVER, Databases.of(settings).embedded()),
        (broker.SERVER, KafkaCluster.of(settings).embedded()),
    ):
        if server is not None:
            leases.take(state, name, server.stop)


def postgres_seconds(settings: Settings) -> float:
    """Return the CPU seconds of the embedded server since its start."""
    postmaster = psutil.Process(StateFolder(settings.state).read_json("postgres.json")["pid"])
    times = postmaster.cpu_times()
    # The postmaster's children are those that have ended.
    total = times.user + times.system + times.children_user + times.children_system
    for child in postmaster.children():
        with suppress(psutil.NoSuchProcess):  # a worker that ends meanwhile
            own = child.cpu_times()
            total += own.user + own.system
    return float(total)


def manifests(settings: Settings) -> dict[str, str]:
    """Return the SHA-256 of each manifest, which itself holds that of its day's files.

    The stream's files have none: they are cut by offset, so its rows count.
    """
    folder = Path(settings.lake, "batch")
    return {
        f"{row.name} {file.stem}": hashlib.sha256(file.read_bytes()).hexdigest()
        for row in IN_BATCH_LAKE
        for file in sorted((folder / row.name / "manifest").glob("*.json"))
    }


def digests(settings: Settings) -> dict[str, tuple[int, int]]:
    """Return the number of rows of each table, and a sum over hashes of them."""
    with psycopg.connect(Databases.of(settings).hospital_url()) as connection:
        return {record.name: _digest(connection, table(record)) for record in RECORD_TYPES}


def digest(settings: Settings, record: RecordType) -> tuple[int, int]:
    """Return the number of rows of a table, and a sum over hashes of them."""
    with psycopg.connect(Databases.of(settings).hospital_url()) as connection:
        return _digest(connection, table(record))


def asked_days() -> Period:
    """Return the days that the command line names, or the whole period."""
    period = load_hospital().period
    match sys.argv[1:]:
        case []:
            return period
        case [first, last]:
            return day_range(first, last, period)
    raise SystemExit("expected no argument, or the first and the last day")


def days_of(count: int) -> str:
    """Return a number of days in words."""
    return "1 day" if count == 1 else f"{count:,} days"


def _digest(
    connection: psycopg.Connection[tuple[int, int]], name: sql.Identifier
) -> tuple[int, int]:
    query = sql.SQL(
        "SELECT count(*), coalesce(sum(hashtextextended(one::text, 0)), 0)::text FROM {} AS one"
    ).format(name)
    rows, total = connection.execute(query).fetchall()[0]
    return int(rows), int(total)
