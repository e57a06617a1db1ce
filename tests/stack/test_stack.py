"""The composed stack does what the one without containers does, and heals as that does."""

import json
import socket
from collections.abc import Callable
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psycopg
import pytest
from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.errors import KafkaError, TopicAuthorizationFailedError

from hospital_assets.containers.serving import SERVERS
from tests.stack.container import Container
from tests.stack.pgadmin import PgAdmin
from tests.stack.stack import SLOTS_PER_DAY, TOPIC, TRANSFERS_PER_DAY, Stack

pytestmark = [pytest.mark.stack, pytest.mark.timeout(900)]

SERVICES = ["zookeeper", "kafka", "postgres", "pgadmin", *SERVERS]
PAGE = "http://127.0.0.1:3000"
FIRST_DAYS = 7
DAY_SECONDS, SLOT_SECONDS = 60, 12
# A run has to start and end as well, on a machine that does much else.
PATIENCE_SECONDS = 240
# A broker is refused until ZooKeeper has seen its former session expire, after six seconds.
MOST_STARTS = 5


def test_the_first_week_lands_and_then_a_day_a_tick(stack: Stack) -> None:
    stack.project.wait_until(lambda: stack.days() >= FIRST_DAYS, PATIENCE_SECONDS, "no first week")
    days, slots = stack.days(), stack.slots()

    stack.project.wait_until(
        lambda: stack.days() > days and stack.slots() >= slots + SLOTS_PER_DAY,
        DAY_SECONDS + PATIENCE_SECONDS,
        "no tick",
    )


def test_batch_and_stream_agree(stack: Stack) -> None:
    assert_sound(stack)


def assert_sound(stack: Stack) -> None:
    """Nothing is missing, doubled or different, and nothing waits."""
    stack.project.wait_until(lambda: stack.lag() == 0, PATIENCE_SECONDS, "messages wait")
    # The run of a day that was killed is made up for.
    stack.project.wait_until(
        lambda: stack.days() == stack.span(), PATIENCE_SECONDS, "a day is left out"
    )
    counts = stack.ask(
        "SELECT sum(transfers), sum(streamed_transfers) FROM hospital.patient_flow"
        " GROUP BY flow_date"
    )
    assert set(counts) == {(TRANSFERS_PER_DAY,) * 2}
    ((first, last),) = stack.ask("SELECT min(flow_date), max(flow_date) FROM hospital.patient_flow")
    ((rows, different),) = stack.ask(
        "SELECT count(*), count(DISTINCT transfer_id) FROM hospital.transfers"
    )
    assert rows == different
    assert stack.ask("SELECT * FROM hospital.dead_letters") == []
    # A later day may be on its way.
    verify = ("hospital", "verify", first.isoformat(), last.isoformat())
    verified = stack["batch_ingestor"].execute(*verify, timeout=120)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "agree with the simulation" in " ".join(verified.stdout.split())
    status = json.loads(stack["batch_ingestor"].execute("hospital", "status", "--json").stdout)
    assert all(gap > last.isoformat() for gap in status["gaps"]), status


def test_the_page_is_published_for_this_machine_alone(stack: Stack) -> None:
    with urlopen(f"{PAGE}/server_info", timeout=30) as answer:
        assert "dagster_webserver_version" in json.load(answer)
    with pytest.raises(HTTPError) as refusal:
        urlopen(Request(f"{PAGE}/server_info", headers={"Host": "evil.example"}), timeout=30)
    assert refusal.value.code in (400, 403, 421)


def test_pgadmin_shows_the_tables_without_asking_for_a_password(stack: Stack) -> None:
    url, email = "http://127.0.0.1:5050", "hospital@example.com"
    with pytest.raises(PermissionError):
        PgAdmin(url, email, "guessed")
    pgadmin = PgAdmin(url, email, stack.secret("pgadmin_password"))

    group = pgadmin.find("server_group", "Hospital")
    server = pgadmin.find("server", "Hospital", group)
    pgadmin.connect(group, server)
    place = [group, server, pgadmin.find("database", "hospital", group, server)]
    schema = pgadmin.find("schema", "hospital", *place)
    tables = {node["label"] for node in pgadmin.nodes("table", *place, schema)}

    assert tables >= {"people", "doctors", "staff_assignments", "patients", "transfers"}


def test_kafka_lets_nobody_do_what_they_need_not(stack: Stack) -> None:
    place = f"{stack.project.network.address('kafka')}:9092"

    def login(user: str, password: str) -> dict[str, object]:
        return {
            "bootstrap_servers": place,
            "security_protocol": "SASL_PLAINTEXT",
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": user,
            "sasl_plain_password": password,
        }

    for nobody in (login("producer", "guessed"), {"bootstrap_servers": place}):
        with pytest.raises(KafkaError):
            KafkaAdminClient(**nobody, bootstrap_timeout_ms=3_000)
    producer = login("producer", stack.secret("kafka_producer_password"))
    consumer = KafkaConsumer(**producer, group_id=None)
    try:
        consumer.assign([TopicPartition(TOPIC, 0)])
        consumer.seek(TopicPartition(TOPIC, 0), 0)
        with pytest.raises(TopicAuthorizationFailedError):
            consumer.poll(10_000)
    finally:
        consumer.close()


@pytest.mark.parametrize(
    ("user", "secret", "statement"),
    [
        ("viewer_ro", "viewer_password", "DELETE FROM hospital.transfers"),
        ("publish_rw", "publish_password", "SELECT * FROM hospital.people"),
        ("stream_rw", "stream_password", "DELETE FROM hospital.transfers"),
        ("ingest_rw", "ingest_password", "DELETE FROM hospital.transfers"),
    ],
)
def test_postgres_lets_nobody_do_what_they_need_not(
    stack: Stack, user: str, secret: str, statement: str
) -> None:
    with (
        stack.connect(user, secret) as connection,
        pytest.raises(
            (psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)
        ),
    ):
        connection.execute(statement)  # type: ignore[call-overload]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_that_is_killed_comes_back_and_the_ticks_go_on(
    stack: Stack, service: str
) -> None:
    starts, slots = stack[service].starts, stack.slots()

    stack[service].crash()

    stack.project.wait_until(
        lambda: stack[service].starts > starts and stack.project.is_healthy(),
        PATIENCE_SECONDS,
        f"{service} is not back",
    )
    stack.project.wait_until(
        lambda: stack.slots() >= slots + 2, 2 * SLOT_SECONDS + PATIENCE_SECONDS, "no more slots"
    )
    assert stack[service].starts <= starts + MOST_STARTS


def test_every_service_that_stays_was_killed(stack: Stack) -> None:
    services = stack.project.compose.services.values()
    assert sorted(SERVICES) == sorted(each.name for each in services if each.restart != "no")


def test_after_all_of_it_batch_and_stream_agree(stack: Stack) -> None:
    days = stack.days()
    stack.project.wait_until(lambda: stack.days() > days, DAY_SECONDS + PATIENCE_SECONDS, "no tick")
    assert_sound(stack)


@pytest.mark.parametrize(
    ("service", "secret", "complaint"),
    [
        ("producer", "kafka_producer_password", "Kafka"),
        ("stream_processor", "stream_password", "PostgreSQL"),
        ("webserver", "dagster_password", "PostgreSQL"),
    ],
)
def test_a_wrong_password_is_one_line_and_no_loop_of_traces(
    stack: Stack, service: str, secret: str, complaint: str
) -> None:
    container = stack[service]
    file = container.files.path(f"/run/secrets/{secret}")
    right = file.read_bytes()
    file.unlink()
    file.write_text("wrong")
    said, starts = listen(container), container.starts
    container.crash()
    stack.project.wait_until(
        lambda: container.starts >= starts + 3, PATIENCE_SECONDS, "not tried again"
    )
    lines = said()
    file.write_bytes(right)

    assert any(line.startswith("hospital: ") and complaint in line for line in lines), lines
    assert not any("Traceback" in line or "wrong" in line for line in lines), lines
    assert container.exit_code not in (0, None)
    stack.project.wait_until(stack.project.is_healthy, PATIENCE_SECONDS, "not healthy again")


def test_a_service_that_is_too_early_waits_and_says_for_what(stack: Stack) -> None:
    producer = stack["producer"]
    said = listen(producer)
    for name in ("postgres", "kafka"):
        stack[name].stop()
    producer.crash()
    for name, service in (("postgres", "PostgreSQL"), ("kafka", "Kafka")):
        stack.project.wait_until(
            lambda words=f"waiting for {service}": any(words in line for line in said()),
            PATIENCE_SECONDS,
            f"it doesn't wait for {service}",
        )
        stack[name].start()
    stack.project.wait_until(stack.project.is_healthy, PATIENCE_SECONDS, "not healthy")
    assert not any("Traceback" in line for line in said())


def test_a_port_in_use_is_one_line(stack: Stack) -> None:
    webserver = stack["webserver"]
    webserver.stop()
    said, starts = listen(webserver), webserver.starts
    with socket.create_server((stack.project.network.address("webserver"), 3000)):
        webserver.start()
        stack.project.wait_until(
            lambda: webserver.starts >= starts + 2, PATIENCE_SECONDS, "not tried again"
        )
        lines = said()

    assert any("3000" in line and "in use" in line for line in lines), lines
    assert not any("Traceback" in line for line in lines), lines
    stack.project.wait_until(stack.project.is_healthy, PATIENCE_SECONDS, "not healthy again")


def listen(container: Container) -> Callable[[], list[str]]:
    """Return a function that gives the lines written since."""
    before = len(container.output())
    return lambda: container.output()[before:].splitlines()
