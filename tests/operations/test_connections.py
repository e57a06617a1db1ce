"""How other programs reach the hospital: every form of `hospital connect`, used as it says."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import duckdb
import psycopg
import pytest
from confluent_kafka.admin import AdminClient

from hospital_assets.contracts.patients import PATIENTS
from hospital_assets.registry import IN_BATCH_LAKE
from hospital_assets.services.postgres import binaries
from tests.commands import Hospital, hospital_in, keep_servers, stop_servers

DAY = "2021-03-01"


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hospital]:
    """One day, in an installation whose servers are up as beside `hospital up`."""
    folder = tmp_path_factory.mktemp("connected")
    keep_servers(folder)
    command = hospital_in(folder)
    made = command("materialize", "patients", DAY)
    assert made.returncode == 0, made.stderr
    yield command
    stop_servers(folder)


def form(hospital: Hospital, *options: str) -> str:
    done = hospital("connect", *options)
    assert done.returncode == 0, done.stderr
    return done.stdout.rstrip("\n")


def psql(environment: dict[str, str], statement: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return subprocess.run(
        [binaries() / "psql", "-XAtc", statement],
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def variables(text: str) -> dict[str, str]:
    """Let a shell read the form for a shell."""
    told = subprocess.run(
        ["sh", "-c", f"{text}\nenv -0"], capture_output=True, text=True, check=True, env={}
    )
    return dict(line.split("=", 1) for line in told.stdout.split("\0") if "=" in line)


def test_the_variables_let_psql_read_the_tables_by_their_bare_names(hospital: Hospital) -> None:
    count = psql(variables(form(hospital, "--env")), "SELECT count(*) > 0 FROM patients")
    assert count.stdout.strip() == "t", count.stderr


def test_the_login_can_read_what_comes_later_and_write_nothing(hospital: Hospital) -> None:
    login = variables(form(hospital, "--env"))
    later = hospital("materialize", "patients", "2021-04-01")
    assert later.returncode == 0, later.stderr
    count = psql(login, "SELECT count(*) > 0 FROM patients WHERE census_date = '2021-04-01'")
    assert count.stdout.strip() == "t", count.stderr
    for statement in (
        "DELETE FROM patients",
        "SET default_transaction_read_only = off; DELETE FROM patients",
        "CREATE TABLE hospital.mine (id int)",
        "SET ROLE hospital",
    ):
        assert psql(login, statement).returncode != 0, statement


def test_the_owners_login_is_given_when_asked_for(hospital: Hospital) -> None:
    with psycopg.connect(form(hospital, "--dsn", "--owner")) as connection:
        connection.execute("UPDATE hospital.patients SET diagnosis = diagnosis")
        connection.rollback()


def test_the_url_and_the_line_of_pgpass_are_the_same_login(
    hospital: Hospital, tmp_path: Path
) -> None:
    with psycopg.connect(form(hospital, "--dsn")) as connection:
        login = connection.info.get_parameters()
    file = tmp_path / "pgpass"
    file.write_text(form(hospital, "--pgpass") + "\n", encoding="utf-8")
    file.chmod(0o600)
    with psycopg.connect(**login, passfile=str(file)) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("viewer_ro",)


def test_a_profile_of_dbt_holds_no_password(hospital: Hospital) -> None:
    everything = json.loads(form(hospital, "--json"))
    profile = form(hospital, "--dbt")
    assert everything["database"]["password"] not in profile
    assert f"port: {everything['database']['port']}" in profile


def test_the_properties_let_a_kafka_client_find_the_broker(hospital: Hospital) -> None:
    lines = [line for line in form(hospital, "--kafka").splitlines() if not line.startswith("#")]
    properties = dict(line.split("=", 1) for line in lines)
    assert AdminClient(properties).list_topics(timeout=60).brokers


def test_duckdb_reads_every_record_of_the_lake_by_its_name(hospital: Hospital) -> None:
    with duckdb.connect() as connection:
        views = form(hospital, "--duckdb")
        there = {row.name for row in IN_BATCH_LAKE if f"/{row.name}/" in views}
        assert there == {row.name for row in IN_BATCH_LAKE}
        view = next(line for line in views.splitlines() if f"VIEW {PATIENTS.name} " in line)
        connection.execute(view)
        found = connection.execute("SELECT count(*) FROM patients").fetchone()
    assert found is not None
    assert found[0] > 0


def test_people_are_told_where_and_no_password(hospital: Hospital) -> None:
    everything = json.loads(form(hospital, "--json"))
    told = form(hospital)
    assert everything["database"]["password"] not in told
    assert f"{everything['database']['host']}:{everything['database']['port']}" in told
    assert everything["kafka"]["bootstrap_servers"] in told


def test_whoever_has_no_server_that_stays_is_told_so(hospital: Hospital, tmp_path: Path) -> None:
    alone = hospital_in(tmp_path)("connect", "--dsn")
    assert alone.returncode == 0, alone.stderr
    assert "`hospital up` keeps them there" in alone.stderr
    assert "hospital up" not in alone.stdout
    assert hospital("connect", "--dsn").stderr == ""


def test_two_forms_at_once_are_refused(hospital: Hospital) -> None:
    refused = hospital("connect", "--env", "--dsn")
    assert refused.returncode == 1
    assert "one form at a time" in refused.stderr
