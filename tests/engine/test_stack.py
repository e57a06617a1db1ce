"""The composed stack in containers: days, faults, kills, a backfill, a backup and its restore."""

import json
import time
from collections.abc import Callable
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from hospital_assets.containers.serving import SERVERS
from hospital_assets.locations import LOCATIONS
from hospital_assets.page.client import Page
from tests.engine.pgadmin import PgAdmin
from tests.engine.stack import SLOTS_PER_DAY, TRANSFERS_PER_DAY, Stack
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.engine

SERVICES = ["zookeeper", "kafka", "postgres", "pgadmin", *SERVERS]
FIRST_DAYS = 7
# A broker is refused until ZooKeeper has seen its former session expire, after six seconds.
MOST_STARTS = 5

_BACKFILL = """
mutation($days: [String!]!, $assets: [AssetKeyInput!]!) {
  launchPartitionBackfill(backfillParams: {partitionNames: $days, assetSelection: $assets}) {
    __typename
    ... on LaunchBackfillSuccess { backfillId }
    ... on PythonError { message }
  }
}
"""
_OUTCOME = """
query($id: String!) { partitionBackfillOrError(backfillId: $id) {
  ... on PartitionBackfill { status error { message } }
  ... on PythonError { message }
} }
"""
_ASSETS = "{ assetNodes { isMaterializable partitionKeys assetKey { path } } }"


def test_the_first_week_lands_and_then_a_day_a_tick(stack: Stack, figures: list[str]) -> None:
    begun = time.monotonic()
    stack.wait_until(lambda: stack.days() >= FIRST_DAYS, "no first week")
    figures.append(f"first week in the mart: {time.monotonic() - begun:.0f} s after that")
    days, slots = stack.days(), stack.slots()
    stack.wait_until(
        lambda: stack.days() > days and stack.slots() >= slots + SLOTS_PER_DAY, "no tick"
    )
    assert_sound(stack)


def assert_sound(stack: Stack) -> None:
    """Nothing is missing, doubled or different, and what was due at the call is there."""
    span = "SELECT max(flow_date) - min(flow_date) + 1 FROM hospital.patient_flow"
    # The run of a day that was killed is made up for.
    stack.wait_until(lambda: stack.days() == stack.number(span), "a day is left out")
    counts = stack.ask(
        "SELECT DISTINCT sum(transfers), sum(streamed_transfers) FROM hospital.patient_flow"
        " GROUP BY flow_date"
    )
    assert counts == [[str(TRANSFERS_PER_DAY)] * 2]
    assert stack.ask("SELECT count(*) - count(DISTINCT transfer_id) FROM hospital.transfers") == [
        ["0"]
    ]
    assert stack.number("SELECT count(*) FROM hospital.dead_letters") == 0
    ((first, last),) = stack.ask("SELECT min(flow_date), max(flow_date) FROM hospital.patient_flow")
    # A later day may be on its way.
    verified = stack.execute("batch_ingestor", "hospital", "verify", first, last)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "agree with the simulation" in " ".join(verified.stdout.split())


def test_a_part_says_what_is_not_its_own_to_see(stack: Stack) -> None:
    status = stack.execute("batch_ingestor", "hospital", "status").stdout
    assert "not for this part of the hospital to see" in status
    assert "not running" not in status
    assert "not started" not in status
    for part in SERVERS:
        done = stack.execute(part, "hospital", "doctor", "--json")
        assert all(each["ok"] for each in json.loads(done.stdout) if each["check"] != "disk"), (
            done.stdout
        )
        if part != "batch_ingestor":
            refused = stack.execute(part, "hospital", "status")
            assert refused.returncode == 1
            (line,) = refused.stderr.splitlines()
            assert "not for this part" in line or "isn't for this database user" in line


def test_the_page_answers_to_its_names_alone(stack: Stack) -> None:
    host, port = stack.place("webserver", 3000)
    url = f"http://{host}:{port}/server_info"
    assert host == "127.0.0.1"
    for name in (f"{host}:{port}", f"ward:{port}"):
        with urlopen(Request(url, headers={"Host": name}), timeout=PATIENCE_SECONDS) as answer:
            assert "dagster_webserver_version" in json.load(answer)
    with pytest.raises(HTTPError) as refusal:
        urlopen(Request(url, headers={"Host": "evil.example"}), timeout=PATIENCE_SECONDS)
    assert refusal.value.code in (400, 403, 421)


def test_pgadmin_shows_the_tables_without_asking_for_a_password(stack: Stack) -> None:
    host, port = stack.place("pgadmin", 5050)
    url, email = f"http://{host}:{port}", "hospital@example.com"
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


@pytest.mark.parametrize("part", LOCATIONS)
def test_a_part_is_reached_by_the_scheduler_and_the_page_alone(stack: Stack, part: str) -> None:
    networks = stack.inspect(part)["NetworkSettings"]["Networks"].values()
    addresses = sorted(network["IPAddress"] for network in networks)
    assert len(addresses) == 2

    def reached(by: str) -> list[bool]:
        connect = (
            "import socket, sys\n"
            "for place in sys.argv[1:]:\n"
            "    with socket.socket() as one:\n"
            "        one.settimeout(5)\n"
            "        print(one.connect_ex((place, 4000)) == 0)\n"
        )
        done = stack.execute(by, "python", "-c", connect, *addresses)
        return [line == "True" for line in done.stdout.split()]

    for allowed in ("scheduler", "webserver"):
        assert sorted(reached(allowed)) == [False, True]
    for other in set(LOCATIONS) - {part}:
        assert reached(other) == [False, False]


def test_no_volume_is_without_a_name(stack: Stack) -> None:
    """Such a one stays behind at each `down`, and nobody knows what it is of."""
    for container in stack.containers().values():
        for mount in container["Mounts"]:
            if mount["Type"] == "volume":
                assert mount["Name"].startswith(stack.project), mount


def test_a_container_has_the_limits_that_the_file_says(stack: Stack) -> None:
    services = json.loads(stack.compose("config", "--format", "json"))["services"]
    for name, container in stack.containers().items():
        host, service = container["HostConfig"], services[name]
        assert host["Memory"] == int(service["mem_limit"])
        assert host["NanoCpus"] == int(float(service["cpus"]) * 1e9)
        assert host["PidsLimit"] == 512
        assert host["ReadonlyRootfs"] is True
        assert host["CapDrop"] == ["ALL"]
        assert container["State"]["OOMKilled"] is False


def test_a_backfill_over_all_assets_of_a_day_succeeds(stack: Stack) -> None:
    page = Page(*stack.place("webserver", 3000))
    ((first, last),) = stack.ask(
        "SELECT min(flow_date), min(flow_date) + 1 FROM hospital.patient_flow"
    )
    # Not the pictures of a month, which need all its days.
    assets = [
        node["assetKey"]
        for node in page.ask(_ASSETS)["assetNodes"]
        if node["isMaterializable"] and {first, last} <= set(node["partitionKeys"])
    ]
    answer = page.ask(_BACKFILL, days=[first, last], assets=assets)["launchPartitionBackfill"]
    assert answer["__typename"] == "LaunchBackfillSuccess", answer

    def outcome() -> dict[str, object]:
        return dict(page.ask(_OUTCOME, id=answer["backfillId"])["partitionBackfillOrError"])

    over = ("COMPLETED", "COMPLETED_SUCCESS", "COMPLETED_FAILED", "FAILED", "CANCELED")
    stack.wait_until(lambda: outcome().get("status") in over, "the backfill goes on")
    assert outcome()["status"] == "COMPLETED_SUCCESS", outcome()
    assert_sound(stack)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_that_is_killed_comes_back_and_the_ticks_go_on(
    stack: Stack, service: str
) -> None:
    starts, slots = stack.inspect(service)["RestartCount"], stack.slots()

    stack.kill(service)

    stack.wait_until(
        lambda: stack.inspect(service)["RestartCount"] > starts and stack.is_healthy(),
        f"{service} is not back",
    )
    stack.wait_until(lambda: stack.slots() >= slots + 2, "no more slots")
    assert stack.inspect(service)["RestartCount"] <= starts + MOST_STARTS


def test_every_service_that_stays_was_killed(stack: Stack) -> None:
    staying = {
        name
        for name, each in stack.containers().items()
        if each["HostConfig"]["RestartPolicy"]["Name"] != "no"
    }
    assert staying == set(SERVICES)


@pytest.mark.parametrize(
    ("service", "secret", "complaint"),
    [
        ("producer", "kafka_producer_password", "Kafka"),
        ("webserver", "dagster_password", "PostgreSQL"),
    ],
)
def test_a_wrong_password_is_one_line_and_no_loop_of_traces(
    stack: Stack, service: str, secret: str, complaint: str
) -> None:
    file = stack.checkout / "deploy" / "secrets" / secret
    right = file.read_bytes()
    said, starts = listen(stack, service), stack.inspect(service)["RestartCount"]
    # In place: a mounted file stays the one that it was.
    file.write_bytes(b"wrong")
    try:
        stack.kill(service)
        stack.wait_until(
            lambda: stack.inspect(service)["RestartCount"] >= starts + 3, "not tried again"
        )
        lines = said()
    finally:
        file.write_bytes(right)

    assert any(line.startswith("hospital: ") and complaint in line for line in lines), lines
    assert not any("Traceback" in line or "wrong" in line for line in lines), lines
    stack.wait_until(stack.is_healthy, "not healthy again")


def test_a_service_that_is_too_early_waits_and_says_for_what(stack: Stack) -> None:
    said = listen(stack, "producer")
    stack.compose("stop", "postgres", "kafka")
    stack.kill("producer")
    for name, service in (("postgres", "PostgreSQL"), ("kafka", "Kafka")):
        words = f"waiting for {service}"
        stack.wait_until(
            lambda words=words: any(words in line for line in said()),
            f"it doesn't wait for {service}",
        )
        stack.compose("start", name)
    stack.wait_until(stack.is_healthy, "not healthy")
    assert not any("Traceback" in line for line in said())


def test_after_all_of_it_batch_and_stream_agree(stack: Stack) -> None:
    slots = stack.slots()
    stack.wait_until(lambda: stack.slots() >= slots + SLOTS_PER_DAY, "no tick")
    assert_sound(stack)


def test_a_backup_brings_everything_back(stack: Stack, figures: list[str]) -> None:
    backup = ("--profile", "backup", "run", "--rm", "-T", "backup", "hospital")
    stack.compose("stop", *SERVERS)
    days, transfers = stack.days(), stack.number("SELECT count(*) FROM hospital.transfers")
    begun = time.monotonic()
    stack.compose(*backup, "backup", "/backups/monday")
    figures.append(f"backup: {time.monotonic() - begun:.0f} s")

    stack.compose("down", "--volumes")
    begun = time.monotonic()
    stack.compose(*backup, "restore", "/backups/monday")
    figures.append(f"restore into new volumes: {time.monotonic() - begun:.0f} s")

    assert stack.days() == days
    assert stack.number("SELECT count(*) FROM hospital.transfers") == transfers
    stack.compose("up", "--detach")
    stack.wait_until(stack.is_healthy, "not healthy")
    stack.wait_until(lambda: stack.days() > days, "no tick")
    assert_sound(stack)


def listen(stack: Stack, service: str) -> Callable[[], list[str]]:
    """Return a function that gives the lines written since."""
    before = len(stack.logs(service))
    return lambda: stack.logs(service)[before:]
