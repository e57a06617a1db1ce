"""Backups, made and restored as a user does, between installations of their own."""

import json
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import psycopg
import pytest
from kafka import KafkaProducer

from hospital_assets.backup.errors import BackupError
from hospital_assets.backup.folder import CONTENTS, DAGSTER, HOSPITAL, MANIFESTS, PARTS, STREAM
from hospital_assets.backup.restoring import restore_backup
from hospital_assets.calendar.period import Period
from hospital_assets.configuration.settings import ROOT, Settings
from hospital_assets.contracts.transfers import TRANSFER_STREAM, TRANSFERS
from hospital_assets.registry import IN_BATCH_LAKE, registration
from hospital_assets.resources.lake.file_store import at
from hospital_assets.resources.stream.resource import Stream
from hospital_assets.services.databases import Databases
from hospital_assets.services.kafka.cluster import KafkaCluster
from hospital_assets.services.postgres import PRIVATE_FILE, binaries
from hospital_assets.simulation import Hospital
from tests.commands import COMMAND, environment_in, hospital_in, keep_servers, stop_servers
from tests.connected import stream_at
from tests.hospitals import small_hospital
from tests.patience import PATIENCE_SECONDS

FIRST, SECOND, THIRD = "2021-02-27", "2021-02-28", "2021-03-01"
FOLDER = "stream/transfers"
STAYS = (
    "epoch",
    "newest_day",
    "days_there",
    "days_ahead",
    "lake_days",
    "table_rows",
    "dead_letters",
)


@dataclass
class Installation:
    """A state folder and a lake."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        """Where its services are."""
        lake = self.variables.get("HOSPITAL_LAKE", str(self.folder / "lake"))
        return Settings(state=self.folder / "state", lake=lake)

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return hospital_in(self.folder, **self.variables, **variables)(*arguments)

    def do(self, *arguments: str) -> str:
        """Run a command that must not fail, and return what it prints."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def status(self) -> dict[str, Any]:
        """Return what `hospital status --json` says."""
        found: dict[str, Any] = json.loads(self.do("status", "--json"))
        return found

    def broker(self) -> str:
        """Return the address of its own broker."""
        return f"127.0.0.1:{KafkaCluster.of(self.settings).embedded().ensure_running()}"

    def stream(self, broker: str | None = None) -> Stream:
        """Return the stream into its lake, by default from its own broker."""
        settings = self.settings
        url = Databases.of(settings).hospital_url()
        return stream_at(settings.lake, url, broker or self.broker(), TRANSFER_STREAM.event_type)

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Ask the hospital's database."""
        with psycopg.connect(Databases.of(self.settings).hospital_url()) as connection:
            return connection.execute(statement.encode()).fetchall()

    def files(self, folder: str) -> dict[str, bytes]:
        """Return the files directly in a folder of the lake."""
        storage = at(self.settings.lake)
        return {name: storage.read(f"{folder}/{name}") for name in storage.sizes(folder)}

    def events(self) -> list[str]:
        """Return the ids of the events in the lake's files, in order."""
        lines = b"".join(self.files(FOLDER).values()).splitlines()
        return sorted(json.loads(line)["transfer_id"] for line in lines)


Make = Callable[..., Installation]


@pytest.fixture(scope="module")
def make() -> Iterator[Make]:
    """Make installations, whose services are stopped after the last test."""
    made: list[Installation] = []
    with tempfile.TemporaryDirectory(prefix="hospital-") as folder:

        def one(**variables: str) -> Installation:
            place = Path(folder, str(len(made)))
            place.mkdir()
            made.append(Installation(place, variables))
            return made[-1]

        yield one
        with ThreadPoolExecutor() as pool:
            # To end a broker is mostly waiting.
            list(pool.map(lambda installation: stop_servers(installation.folder), made))


@pytest.fixture(scope="module")
def hospital() -> Hospital:
    """The simulation."""
    return small_hospital()


@pytest.fixture(scope="module")
def transfers(hospital: Hospital) -> pl.DataFrame:
    """The transfers of the third day."""
    day = date.fromisoformat(THIRD)
    return registration(TRANSFERS).rows(hospital, Period(day, day), {})


@pytest.fixture(scope="module")
def origin(make: Make, transfers: pl.DataFrame) -> Installation:
    """Two days, a dead letter, and two slots of a third day: one is landed, one isn't yet."""
    installation = make()
    installation.do("backfill", FIRST, SECOND)
    stream = installation.stream()
    topic = stream.topic
    producer = KafkaProducer(bootstrap_servers=installation.broker())
    producer.send(topic, value=b"no event", partition=1).get(timeout=PATIENCE_SECONDS)
    producer.close(timeout=5)
    stream.publish([(date.fromisoformat(THIRD), 1)], transfers)
    stream.land()
    stream.publish([(date.fromisoformat(THIRD), 2)], transfers)
    return installation


@pytest.fixture(scope="module")
def backed_up(origin: Installation) -> str:
    """What the command says that made the backup."""
    return origin.do("backup", str(origin.folder / "backup"))


@pytest.fixture(scope="module")
def backup(origin: Installation, backed_up: str) -> Path:
    """The folder of a backup."""
    return origin.folder / "backup"


@pytest.fixture(scope="module")
def restored(make: Make, backup: Path) -> Installation:
    """An installation that was restored beside an empty broker."""
    installation = make()
    said = installation.do("restore", str(backup))
    assert "is landed from its start; 1 slots are published again" in said
    assert "Restored 2 days: lake, database and laws agree with the simulation." in said
    return installation


def refused(done: subprocess.CompletedProcess[str], reason: str) -> None:
    """It failed in one line, for this reason."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert reason in done.stderr


def refused_at_once(hospital: Hospital, backup: Path, target: Installation, reason: str) -> None:
    """It is refused in one line before any service is even started."""
    with pytest.raises(BackupError, match=reason) as raised:
        restore_backup(target.settings, hospital, backup, lambda *_: None)
    assert "\n" not in str(raised.value)
    assert list(target.folder.iterdir()) == []


def test_a_backup_says_what_is_in_it_and_what_is_not(backed_up: str, backup: Path) -> None:
    assert f"Backed up 2 days, {FIRST} to {SECOND}, and " in backed_up
    assert "Not in it: 3 messages that are still to be landed." in backed_up
    assert {file.name for file in backup.iterdir()} == {*PARTS, CONTENTS}
    assert {file.stat().st_mode & 0o077 for file in (backup, *backup.iterdir())} == {0}


def test_no_role_and_no_password_is_in_a_backup(origin: Installation, backup: Path) -> None:
    password = (origin.settings.state / PRIVATE_FILE).read_text().strip()
    for name in (HOSPITAL, DAGSTER):
        text = subprocess.run(
            [binaries() / "pg_restore", "--file=-", backup / name],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert "COPY " in text
        for word in (password, "SCRAM-SHA-256", "GRANT ", "CREATE ROLE"):
            assert word not in text
    for name in (*PARTS, CONTENTS):
        assert password.encode() not in (backup / name).read_bytes()


def test_what_was_restored_is_what_was_backed_up(
    origin: Installation, restored: Installation
) -> None:
    before, after = origin.status(), restored.status()
    assert {name: before[name] for name in STAYS} == {name: after[name] for name in STAYS}
    assert after["table_rows"]["transfers"] == 33
    for row in IN_BATCH_LAKE:
        for form in ("csv", "parquet", "manifest"):
            folder = f"batch/{row.name}/{form}"
            assert restored.files(folder) == origin.files(folder) != {}
    assert sorted(restored.files(FOLDER).values()) == sorted(origin.files(FOLDER).values())
    assert f"{FIRST} to {SECOND}" in restored.do("verify")


def test_a_dead_letter_is_still_there_and_one_that_would_fail_again_is_not_replayed(
    restored: Installation,
) -> None:
    [(topic, partition, offset)] = restored.query(
        'SELECT topic, partition, "offset" FROM hospital.dead_letters'
    )
    place = (str(partition), str(offset), "--topic", topic)
    assert topic in restored.do("dead-letters", "list")
    assert "no event" in restored.do("dead-letters", "show", *place)
    refused = restored.run("dead-letters", "replay", *place)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "it would only fail again: Invalid JSON" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_a_restored_hospital_goes_on(restored: Installation, transfers: pl.DataFrame) -> None:
    """The slot that the lost topic alone had is published again, and nothing counts twice."""
    assert "2 were there already" in restored.do("backfill", FIRST, THIRD)
    assert f"{FIRST} to {THIRD}" in restored.do("verify")
    keep_servers(restored.folder)
    status = restored.status()
    assert status["table_rows"]["transfers"] == 45
    assert sum(status["lag"].values()) == 0
    events = restored.events()
    assert len(events) == len(set(events)) == 45
    assert set(transfers["transfer_id"]) <= set(events)
    flow = "SELECT DISTINCT flow_date::text FROM hospital.patient_flow ORDER BY 1"
    assert restored.query(flow) == [(FIRST,), (SECOND,), (THIRD,)]


def test_a_topic_that_has_outlived_the_database_is_landed_from_where_it_was(
    make: Make, origin: Installation, backup: Path
) -> None:
    broker = {
        "HOSPITAL_KAFKA__MODE": "cluster",
        "HOSPITAL_KAFKA__BOOTSTRAP_SERVERS": origin.broker(),
    }
    installation = make(**broker)
    assert "from its start" not in installation.do("restore", str(backup))
    stream = installation.stream(origin.broker())
    report = stream.land(thoroughly=True)
    assert (report.messages, report.rows, report.rebuilt) == (3, 3, 0)
    assert installation.query("SELECT count(*) FROM hospital.dead_letters") == [(1,)]
    assert len(set(installation.events())) == 36


def test_a_target_that_is_not_empty_is_refused(restored: Installation, backup: Path) -> None:
    before = restored.query("SELECT count(*), max(xmin::text::bigint) FROM hospital.doctors")
    refused(restored.run("restore", str(backup)), "database hospital is not empty")
    after = restored.query("SELECT count(*), max(xmin::text::bigint) FROM hospital.doctors")
    assert after == before


def test_a_lake_that_is_not_empty_or_a_database_in_use_is_refused(make: Make, backup: Path) -> None:
    installation = make()
    for record in ("patient_flow", "doctors"):
        stray = installation.folder / f"lake/batch/{record}/csv/{record}-2021-01-01.csv"
        stray.parent.mkdir(parents=True)
        stray.touch()
        refused(installation.run("restore", str(backup)), "is not empty: restore into another one")
        stray.unlink()
    with psycopg.connect(Databases.of(installation.settings).hospital_url()):
        refused(installation.run("restore", str(backup)), "1 others are connected")
    assert installation.query("SELECT to_regnamespace('hospital')") == [(None,)]
    with psycopg.connect(
        Databases.of(installation.settings).dagster_url().replace("+psycopg2", "")
    ) as history:
        tables = history.execute("SELECT FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert tables == []
    assert list(stray.parent.iterdir()) == []


def test_a_backup_of_another_hospital_is_refused(make: Make, backup: Path) -> None:
    installation = make()
    refused(
        installation.run("restore", str(backup), HOSPITAL_SEED="7"), "the backup is of hospital"
    )
    assert list(installation.folder.iterdir()) == []


@pytest.mark.parametrize("version", ["tables", "dagster"])
def test_a_backup_of_another_version_is_refused(
    version: str, make: Make, hospital: Hospital, backup: Path, tmp_path: Path
) -> None:
    copy = copied(backup, tmp_path)
    contents = json.loads((copy / CONTENTS).read_text())
    contents["origin"][version] = "another"
    (copy / CONTENTS).write_text(json.dumps(contents))
    refused_at_once(hospital, copy, make(), "the tables of another version")


@pytest.mark.parametrize("part", PARTS)
def test_a_damaged_part_is_refused(
    part: str, make: Make, hospital: Hospital, backup: Path, tmp_path: Path
) -> None:
    copy = copied(backup, tmp_path)
    content = bytearray((copy / part).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / part).write_bytes(content)
    refused_at_once(hospital, copy, make(), f"{part} is damaged")


def test_a_missing_part_is_refused(
    make: Make, hospital: Hospital, backup: Path, tmp_path: Path
) -> None:
    copy = copied(backup, tmp_path)
    (copy / STREAM).unlink()
    refused_at_once(hospital, copy, make(), f"{STREAM}: No such file")


@pytest.mark.parametrize("content", [None, "{", '{"form": 2}', "[]"])
def test_a_folder_that_is_no_backup_is_refused(
    content: str | None, make: Make, hospital: Hospital, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / CONTENTS).write_text(content)
    refused_at_once(hospital, tmp_path, make(), CONTENTS)


def test_a_day_that_could_not_be_made_again_is_not_backed_up(
    origin: Installation, tmp_path: Path
) -> None:
    file = origin.folder / f"lake/batch/patients/manifest/patients-{SECOND}.json"
    content = file.read_text()
    file.write_text(content.replace(json.loads(content)["csv"]["sha256"], 64 * "0"))
    try:
        refused(origin.run("backup", str(tmp_path / "new")), f"patients {SECOND}: the manifest")
    finally:
        file.write_text(content)
    assert list(tmp_path.iterdir()) == []


def test_a_backup_replaces_nothing_and_an_unused_hospital_has_none(
    make: Make, origin: Installation, backup: Path, tmp_path: Path
) -> None:
    before = (backup / CONTENTS).read_bytes()
    refused(origin.run("backup", str(backup)), "is there already")
    assert (backup / CONTENTS).read_bytes() == before
    refused(origin.run("backup", str(tmp_path / "x"), HOSPITAL_SEED="7"), "the database holds")
    refused(make().run("backup", str(tmp_path / "x")), "there is nothing to back up")
    assert list(tmp_path.iterdir()) == []


def test_a_lake_in_an_object_store_is_restored_and_backed_up_as_a_folder_is(
    make: Make, origin: Installation, backup: Path, bucket: str, tmp_path: Path
) -> None:
    installation = make(HOSPITAL_LAKE=f"{bucket}/restored")
    assert "Restored 2 days" in installation.do("restore", str(backup))
    for folder in ("batch/patients/csv", "batch/people/manifest"):
        assert installation.files(folder) == origin.files(folder) != {}
    installation.do("backup", str(tmp_path / "backup"))
    assert (tmp_path / "backup" / MANIFESTS).read_bytes() == (backup / MANIFESTS).read_bytes()
    assert contents_of(tmp_path / "backup" / STREAM) == contents_of(backup / STREAM) != []


def test_a_day_that_was_under_way_is_named_and_made_again(
    make: Make, origin: Installation, tmp_path: Path
) -> None:
    """A lock stops the work on a day between the lake and its last table."""
    waiting = "SELECT FROM pg_locks WHERE NOT granted AND relation = 'hospital.patients'::regclass"
    with psycopg.connect(Databases.of(origin.settings).hospital_url()) as brake:
        brake.execute("LOCK TABLE hospital.patients IN SHARE ROW EXCLUSIVE MODE")
        with subprocess.Popen(
            [*COMMAND, "materialize", "patients", THIRD],
            env=environment_in(origin.folder),
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        ) as work:
            deadline = time.monotonic() + PATIENCE_SECONDS
            while not origin.query(waiting):
                assert work.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.1)
            said = origin.do("backup", str(tmp_path / "backup"))
            brake.rollback()
            assert work.wait(timeout=PATIENCE_SECONDS) == 0
    assert f"Backed up 3 days, {FIRST} to {THIRD}" in said
    target = make()
    said = target.do("restore", str(tmp_path / "backup"))
    assert f"1 more days are not whole, first {THIRD}" in said
    assert "Restored 2 days" in said
    assert target.status()["days_ahead"] == [FIRST, SECOND]
    target.do("backfill", THIRD, THIRD)
    assert f"3 days, {FIRST} to {THIRD}" in target.do("verify")


def contents_of(archive: Path) -> list[bytes]:
    """Return what the files in an archive hold, in order of that."""
    with tarfile.open(archive) as members:
        found = (members.extractfile(member) for member in members)
        return sorted(file.read() for file in found if file is not None)


def copied(backup: Path, folder: Path) -> Path:
    """Return a copy of a backup."""
    copy = folder / "copy"
    copy.mkdir()
    for file in backup.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    return copy
