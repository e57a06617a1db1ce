"""The roles on a real server: each can do its work, and nothing beside it."""

import secrets
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest

from hospital_assets.calendar.period import Period
from hospital_assets.campaign import ensure_campaign
from hospital_assets.configuration.hospital_files import fingerprint
from hospital_assets.configuration.settings import ROOT, Settings
from hospital_assets.containers import roles
from hospital_assets.containers.postgres_setup import SetupError, set_up_database
from hospital_assets.containers.secrets import SecretFolder
from hospital_assets.contracts.patient_flow import PATIENT_FLOW
from hospital_assets.contracts.people import PEOPLE
from hospital_assets.contracts.transfers import TRANSFERS
from hospital_assets.from_settings import campaign_plan
from hospital_assets.history.storage import HospitalStorage
from hospital_assets.registry import IN_BATCH_LAKE, RECORD_TYPES, registration
from hospital_assets.resources.lake.resource import Lake
from hospital_assets.resources.stream.resource import Stream
from hospital_assets.resources.warehouse.resource import NoSchemaError, Warehouse, WarehouseError
from hospital_assets.services.databases import server_url
from hospital_assets.services.kafka.cluster import KafkaCluster
from hospital_assets.simulation import Frames
from tests.connected import stream_at, warehouse_at
from tests.containers.conftest import Url
from tests.hospitals import full_hospital

DAY = date(2021, 3, 1)
DAYS = Period(DAY, DAY)
QUERIES = ROOT / "deploy" / "pgadmin" / "queries"
LOCATIONS = (roles.INGEST, roles.PUBLISH, roles.STREAM)
EVERYBODY = (*LOCATIONS, roles.VIEWER)


@pytest.fixture(scope="module")
def bootstrap(kafka_settings: Settings) -> str:
    """A broker that asks nobody who it is; who may do what in Kafka is tested beside this."""
    return KafkaCluster.of(kafka_settings).bootstrap()


def execute(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def refused(url: str, statement: str) -> bool:
    try:
        execute(url, statement)
    except psycopg.errors.InsufficientPrivilege:
        return True
    return False


def test_the_batch_ingestor_loads_a_day_of_everything_twice(url: Url, tmp_path: Path) -> None:
    hospital = full_hospital()
    frames: Frames = {"transfers": registration(TRANSFERS).rows(hospital, DAYS, {})}
    lake, warehouse = Lake(str(tmp_path)), warehouse_at(url(roles.INGEST))
    for row in IN_BATCH_LAKE:
        frames[row.name] = row.rows(hospital, DAYS, frames)
    for _ in range(2):
        for record in (row.contract for row in IN_BATCH_LAKE):
            frame = frames[record.name]
            lake.write(record, frame, fingerprint(hospital))
            assert warehouse.load(record, {DAY: lake.csv(record, DAY)}) == len(frame) > 0
    with warehouse.bulk(PEOPLE):
        warehouse.load(PEOPLE, {DAY: lake.csv(PEOPLE, DAY)})
    assert not warehouse.compare(PEOPLE, {DAY: lake.csv(PEOPLE, DAY)})
    assert warehouse.digest(PATIENT_FLOW, DAY) == lake.manifest(PATIENT_FLOW, DAY).csv.sha256
    warehouse.counts_by(TRANSFERS, ("transfer_date",))


def test_the_producer_publishes_and_the_stream_processor_lands(
    url: Url, bootstrap: str, tmp_path: Path
) -> None:
    topic = f"test.{secrets.token_hex(6)}"

    def stream(role: str) -> Stream:
        return stream_at(str(tmp_path), url(role), bootstrap, topic)

    producer, processor = stream(roles.PUBLISH), stream(roles.STREAM)
    rows = registration(TRANSFERS).rows(full_hospital(), DAYS, {})
    assert producer.unpublished([(DAY, 1)]) == [(DAY, 1)]
    assert producer.publish([(DAY, slot) for slot in range(1, 6)], rows).events == len(rows)
    assert producer.unpublished([(DAY, 1)]) == []
    assert sum(processor.lag().values()) == len(rows)
    assert processor.land().rows == len(rows)
    assert sum(processor.lag().values()) == 0
    assert len(warehouse_at(url(roles.STREAM)).read(TRANSFERS, [DAY])) == len(rows)
    processor.start_over()
    assert execute(url(roles.VIEWER), "SELECT count(*) FROM hospital.transfers") == [(0,)]


def test_an_event_is_set_aside_by_one_and_published_again_by_the_other(
    url: Url, bootstrap: str, tmp_path: Path
) -> None:
    topic = f"test.{secrets.token_hex(6)}"
    processor = stream_at(str(tmp_path), url(roles.STREAM), bootstrap, topic)
    producer = stream_at(str(tmp_path), url(roles.PUBLISH), bootstrap, topic)
    rows = registration(TRANSFERS).rows(full_hospital(), DAYS, {})
    producer.publish([(DAY, 1)], rows)
    landed = processor.land().rows
    event_id = rows.filter(slot=1)["transfer_id"][0]
    [place] = processor.places([event_id]).values()
    processor.set_aside(place.partition, place.offset)
    assert producer.unpublished([(DAY, 1)]) == [(DAY, 1)]
    [summary] = producer.dead_letters()
    producer.replay([producer.dead_letter(summary.partition, summary.offset)])
    assert producer.dead_letters(open_only=True) == []
    assert processor.land(thoroughly=True).rows == 1
    assert execute(url(roles.VIEWER), "SELECT count(*) FROM hospital.transfers") == [(landed,)]
    processor.start_over()


@pytest.mark.parametrize("role", LOCATIONS)
def test_a_location_finds_the_campaign_that_the_owner_has_pinned(
    role: str, url: Url, deployed: Settings
) -> None:
    plan = campaign_plan(deployed, full_hospital())
    found = ensure_campaign(warehouse_at(url(role)), plan, datetime.now(UTC))
    assert found.fingerprint == plan.fingerprint


def test_a_viewer_reads_every_table_and_changes_none(url: Url) -> None:
    viewer = url(roles.VIEWER)
    tables = execute(viewer, "SELECT tablename FROM pg_tables WHERE schemaname = 'hospital'")
    assert len(tables) > len(RECORD_TYPES)
    for (table,) in tables:
        execute(viewer, f"SELECT FROM hospital.{table} LIMIT 1")
        with pytest.raises(
            (psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)
        ):
            execute(viewer, f"TRUNCATE hospital.{table}")
        assert refused(viewer, f"SET transaction_read_only = off; TRUNCATE hospital.{table}")


_BATCH = {row.name for row in IN_BATCH_LAKE}
_STREAM = {"stream_offsets", "stream_files", "dead_letters", "set_aside_events"}
# What a role may change; all else of the schema it may not.
CHANGES = {
    roles.INGEST: {
        "INSERT": {*_BATCH, "counted_days"},
        "UPDATE": {*_BATCH, "counted_days"},
        "DELETE": _BATCH,
    },
    roles.PUBLISH: {
        "INSERT": {"published_slots"},
        "UPDATE": {"published_slots"},
        "DELETE": {"set_aside_events"},
    },
    roles.STREAM: {
        "INSERT": {"transfers", *_STREAM},
        "UPDATE": _STREAM,
        "DELETE": {"transfers", "published_slots", *_STREAM},
        "TRUNCATE": {"transfers"},
    },
}


@pytest.mark.parametrize("role", LOCATIONS)
def test_a_location_changes_its_own_tables_alone(role: str, url: Url) -> None:
    granted: dict[str, set[str]] = {}
    for privilege, table in execute(
        url(roles.OWNER),
        "SELECT privilege_type, table_name FROM information_schema.role_table_grants "  # noqa: S608
        f"WHERE grantee = '{role}' AND privilege_type <> 'SELECT'",
    ):
        # A partition goes with its table.
        granted.setdefault(str(privilege), set()).add(str(table).split("_20")[0])
    assert granted == CHANGES[role]
    for table in {"campaign", "transfers", "published_slots", *_BATCH, *_STREAM}:
        may = table in CHANGES[role]["INSERT"]
        # A COPY that nobody feeds ends in another error.
        with pytest.raises(psycopg.Error) as error:
            execute(url(role), f"COPY hospital.{table} FROM STDIN")
        assert isinstance(error.value, psycopg.errors.InsufficientPrivilege) is not may, table


@pytest.mark.parametrize("role", LOCATIONS)
def test_a_location_does_not_change_the_schema(role: str, url: Url) -> None:
    for statement in (
        "CREATE TABLE hospital.mine (a int)",
        "CREATE TABLE public.mine (a int)",
        "CREATE SCHEMA mine",
        "DROP TABLE hospital.patients_2021_03",
        "ALTER TABLE hospital.people ADD COLUMN mine int",
        "TRUNCATE hospital.people",
        "CREATE ROLE mine",
        "SET ROLE hospital_owner",
        "COPY hospital.campaign TO PROGRAM 'true'",
    ):
        assert refused(url(role), statement), statement


def test_the_producer_and_the_stream_processor_see_no_patients(url: Url) -> None:
    for role in (roles.PUBLISH, roles.STREAM):
        for table in _BATCH:
            assert refused(url(role), f"SELECT FROM hospital.{table}")


def test_what_a_part_may_not_count_is_said_and_not_taken_for_missing(url: Url) -> None:
    for role in (roles.PUBLISH, roles.STREAM):
        with pytest.raises(WarehouseError, match="it isn't for this database user") as refusal:
            Warehouse(lambda role=role: url(role), RECORD_TYPES).row_counts()
        assert not isinstance(refusal.value, NoSchemaError)


@pytest.mark.parametrize("role", EVERYBODY)
def test_nobody_but_dagster_gets_into_its_database(
    role: str, deployed: Settings, folder: SecretFolder
) -> None:
    database = deployed.database
    for name in (database.dagster_database, "postgres"):
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            execute(
                server_url(database, role, folder.read(roles.SECRETS[role]), name=name),
                "SELECT 1",
            )


def test_dagster_keeps_its_runs_and_does_not_get_into_the_hospital(
    deployed: Settings, folder: SecretFolder
) -> None:
    database, password = deployed.database, folder.read("dagster_password")
    name = database.dagster_database
    url = server_url(database, roles.DAGSTER, password, name=name)
    assert ("runs",) in execute(url, "SELECT tablename FROM pg_tables")
    storage = HospitalStorage(url.replace("postgresql:", "postgresql+psycopg2:", 1))
    storage.run_storage.set_cursor_values({"test": "kept"})
    assert storage.run_storage.get_cursor_values({"test"}) == {"test": "kept"}
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        execute(server_url(database, roles.DAGSTER, password), "SELECT 1")


@pytest.mark.parametrize("query", sorted(QUERIES.glob("*.sql")), ids=lambda path: path.stem)
def test_a_saved_query_answers_the_viewer(query: Path, url: Url) -> None:
    execute(url(roles.VIEWER), query.read_text())


def test_every_month_has_its_partition_ahead_of_the_first_load(url: Url) -> None:
    query = "SELECT count(*) FROM pg_tables WHERE tablename ~ '^patients_\\d{4}_\\d\\d$'"
    assert execute(url(roles.INGEST), query) == [(52,)]


def test_passwords_are_stored_as_verifiers_only(postgres_dsn: str, deployed: Settings) -> None:
    stored = dict(execute(postgres_dsn, "SELECT rolname, rolpassword FROM pg_authid"))
    assert all(str(stored[role]).startswith("SCRAM-SHA-256$") for role in roles.SECRETS)


def test_setting_up_again_keeps_the_rows_and_takes_a_new_password(
    deployed: Settings, folder: SecretFolder, url: Url, tmp_path: Path
) -> None:
    owner = url(roles.OWNER)
    execute(owner, "GRANT INSERT ON hospital.people TO viewer_ro")
    execute(
        owner,
        "INSERT INTO hospital.published_slots VALUES ('transfers', '2022-01-01', 1, 1, '{a}')",
    )
    others = SecretFolder(tmp_path / "secrets")
    list(others.make())
    try:
        set_up_database(deployed, others)
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            execute(url(roles.VIEWER), "SELECT 1")
    finally:
        set_up_database(deployed, folder)
    query = "SELECT events FROM hospital.published_slots WHERE day = '2022-01-01'"
    assert execute(url(roles.VIEWER), query) == [(1,)]
    grants = "SELECT has_table_privilege('viewer_ro', 'hospital.people', 'INSERT')"
    assert execute(owner, grants) == [(False,)]


def test_a_wrong_password_of_the_superuser_is_one_line(
    deployed: Settings, folder: SecretFolder, tmp_path: Path
) -> None:
    wrong = tmp_path / "password"
    wrong.write_text("wrong")
    database = deployed.database.model_copy(update={"password_file": wrong})
    with pytest.raises(SetupError, match="password authentication failed") as error:
        set_up_database(deployed.model_copy(update={"database": database}), folder)
    assert "\n" not in str(error.value)


def test_a_location_that_comes_before_the_setup_says_so(database: str, url: Url) -> None:
    place = database.rpartition("/")[2]
    execute(database, f'GRANT CONNECT ON DATABASE "{place}" TO {roles.INGEST}')
    other = f"{url(roles.INGEST).rpartition('/')[0]}/{place}"
    with pytest.raises(WarehouseError, match="can't create the schema: permission denied"):
        warehouse_at(other).create_schema()
