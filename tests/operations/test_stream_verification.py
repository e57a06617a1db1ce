"""Verification of streams: what is wrong is named with the command that mends it, and it does."""

import json
import secrets
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from hospital_assets.calendar.period import Period
from hospital_assets.configuration.settings import Settings
from hospital_assets.contracts.transfers import TRANSFERS
from hospital_assets.operations.stream_verification import verify_streams
from hospital_assets.operations.verification import Finding
from hospital_assets.registry import registration
from hospital_assets.services.kafka.cluster import KafkaCluster
from hospital_assets.simulation import Hospital
from tests.connected import stream_at, warehouse_at
from tests.hospitals import small_hospital
from tests.stream.sites import TRANSFER_FORM, Site, slots_of

DAYS = Period(date(2021, 3, 1), date(2021, 3, 2))


@pytest.fixture(scope="module")
def hospital() -> Hospital:
    return small_hospital()


@pytest.fixture(scope="module")
def transfers(hospital: Hospital) -> pl.DataFrame:
    return registration(TRANSFERS).rows(hospital, DAYS, {})


@pytest.fixture
def empty(kafka_settings: Settings, database: str, tmp_path: Path) -> Site:
    """A site that has published nothing."""
    warehouse_at(database).create_schema()
    bootstrap = KafkaCluster.of(kafka_settings).bootstrap()
    topic = f"test.{secrets.token_hex(6)}"
    return Site(stream_at(str(tmp_path / "lake"), database, bootstrap, topic))


@pytest.fixture
def site(empty: Site, transfers: pl.DataFrame) -> Site:
    """A site that has landed two days."""
    empty.stream.publish(slots_of(transfers), transfers)
    empty.stream.land()
    return empty


def findings(hospital: Hospital, site: Site) -> list[Finding]:
    streams = {TRANSFERS.name: site.stream}
    return list(verify_streams(hospital, warehouse_at(site.url), streams, DAYS))


def test_what_was_landed_as_the_simulation_makes_it_has_no_findings(
    hospital: Hospital, site: Site
) -> None:
    assert findings(hospital, site) == []


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE hospital.transfers SET bed = 'XX-1' WHERE transfer_id = %s", "not the event"),
        ("DELETE FROM hospital.transfers WHERE transfer_id = %s", "is gone"),
    ],
)
def test_a_changed_or_deleted_row_is_named_and_repaired(
    hospital: Hospital, site: Site, transfers: pl.DataFrame, statement: str, problem: str
) -> None:
    site.execute(statement, transfers["transfer_id"][-1])
    [found] = findings(hospital, site)
    assert (found.day, found.record, found.place) == (DAYS.last_day, "transfers", "database")
    assert problem in found.problem
    assert "`hospital stream repair --stream transfers`" in found.problem

    site.stream.land(thoroughly=True)
    assert findings(hospital, site) == []
    site.check(transfers)


def test_an_edited_line_is_named_and_repaired(
    hospital: Hospital, site: Site, transfers: pl.DataFrame
) -> None:
    file = min(site.folder.glob("*.jsonl"))
    content = file.read_bytes()
    file.write_bytes(content.replace(b'"slot":', b'"slot": ', 1))
    # While the file says nothing, this must not be taken for an event of a stranger.
    changed = json.loads(content.splitlines()[0])["transfer_id"]
    site.execute("UPDATE hospital.transfers SET bed = 'XX-1' WHERE transfer_id = %s", changed)
    [found] = findings(hospital, site)
    assert (found.record, found.place) == ("transfers", "lake")
    assert str(file) in found.problem

    site.stream.land(thoroughly=True)
    assert findings(hospital, site) == []
    assert file.read_bytes() == content
    site.check(transfers)


def test_an_event_that_the_simulation_does_not_make_is_named_until_it_is_set_aside(
    hospital: Hospital, site: Site, transfers: pl.DataFrame
) -> None:
    strange = transfers.head(1).with_columns(
        pl.col("transfer_id").str.replace("^.{8}", "00000000"), bed=pl.lit("XX-1")
    )
    [message] = TRANSFER_FORM.messages(strange)
    site.produce((message.key, message.value))
    site.stream.land()
    [place] = site.stream.places(strange["transfer_id"].to_list()).values()

    [found] = findings(hospital, site)
    assert (found.day, found.place) == (DAYS.first_day, "stream")
    assert f"partition {place.partition} offset {place.offset}" in found.problem
    assert f"`hospital dead-letters set-aside {place.partition} {place.offset}" in found.problem

    site.stream.set_aside(place.partition, place.offset)
    assert findings(hospital, site) == []


def test_a_complete_day_without_an_event_that_the_simulation_makes_is_named(
    hospital: Hospital, empty: Site, transfers: pl.DataFrame
) -> None:
    empty.stream.publish(slots_of(transfers), transfers.slice(1))
    empty.stream.land()
    [found] = findings(hospital, empty)
    assert (found.day, found.place) == (DAYS.first_day, "stream")
    assert f"1 events were never published, first {transfers['transfer_id'][0]}" in found.problem
