"""The sensors of slots: of both sides in one, and of a producer and a consumer apart."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import dagster as dg
import pytest

from hospital_assets.assets import transfers
from hospital_assets.assets.event_streams import due_slots
from hospital_assets.assets.partitions import daily_partitions
from hospital_assets.calendar.period import Period
from hospital_assets.contracts.transfers import TRANSFERS
from hospital_assets.definitions import hospital_definitions
from hospital_assets.history.days import days_of_tags
from hospital_assets.jobs import LANDED_ASSETS, PUBLISHED_ASSETS
from hospital_assets.locations.producer import producer
from hospital_assets.locations.stream_processor import stream_processor
from hospital_assets.registry import registration
from hospital_assets.resources.stream import kafka_client, resource
from hospital_assets.resources.stream.errors import OtherLogError
from hospital_assets.simulation import Hospital
from tests.connected import stream_at, warehouse_at
from tests.hospitals import full_hospital, small_hospital
from tests.stream.sites import TRANSFER_FORM, Site, slots_of, transfers_of

WEEK = Period(date(2020, 12, 1), date(2020, 12, 7)).days


@dataclass
class World:
    """A campaign whose first week is due, a stream and Dagster's memory of it."""

    site: Site
    instance: dg.DagsterInstance

    def look(self, location: dg.Definitions) -> set[date] | str:
        """Return the days that a location's sensor of slots asks for, or why it asks for none."""
        repository = location.get_repository_def()
        others = {"patient_flow_sensor", "pictures_sensor"}
        (sensor,) = (one for one in repository.sensor_defs if one.name not in others)
        with dg.build_sensor_context(
            self.instance,
            repository_def=repository,
            resources={
                "warehouse": warehouse_at(self.site.url),
                "streams": {self.site.kind.name: self.site.stream},
                "hospital": full_hospital,
            },
        ) as context:
            tick = sensor.evaluate_tick(context)
        if not tick.run_requests:
            return str(tick.skip_message)
        return {day for one in tick.run_requests for day in days_of_tags(one.tags)}

    def publish(self, days: list[date]) -> None:
        """Do what a run of the producer does for the days."""
        rows = transfers_of(days[0], days[-1])
        due = due_slots(full_hospital(), warehouse_at(self.site.url), datetime.now(UTC))
        self.site.stream.publish([slot for slot in due if slot[0] in days], rows)
        self.materialized(PUBLISHED_ASSETS, days)

    def land(self, days: list[date]) -> None:
        """Do what a run of the consumer does for the days."""
        self.site.stream.land()
        self.materialized(LANDED_ASSETS, days)

    def materialized(self, keys: list[dg.AssetKey], days: list[date]) -> None:
        """Have Dagster take the assets for materialized."""
        for key in keys:
            for day in days:
                event = dg.AssetMaterialization(key, partition=day.isoformat())
                self.instance.report_runless_asset_event(event)


@pytest.fixture
def another() -> Hospital:
    known = small_hospital()
    return Hospital(known.seed + 1, known.parameters, known.words)


@pytest.fixture
def world(site: Site) -> Iterator[World]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield World(site, instance)


def test_the_producer_asks_for_what_is_due_and_not_published(world: World) -> None:
    assert set(WEEK) <= set(world.look(producer()))
    world.publish(WEEK[:3])
    asked = world.look(producer())
    assert set(WEEK[3:]) <= set(asked)
    assert not set(WEEK[:3]) & set(asked)


def test_the_producer_is_done_although_nobody_has_landed_anything(world: World) -> None:
    asked = world.look(producer())
    assert isinstance(asked, set)
    world.publish(sorted(asked))
    assert "nothing is left" in str(world.look(producer()))


def test_the_consumer_asks_for_nothing_before_anything_is_published(world: World) -> None:
    assert "nothing is left" in str(world.look(stream_processor()))


def test_the_consumer_asks_for_what_was_published_and_no_more(world: World) -> None:
    world.look(stream_processor())
    world.publish(WEEK[:2])
    assert world.look(stream_processor()) == set(WEEK[:2])
    world.land(WEEK[:2])
    assert "nothing is left" in str(world.look(stream_processor()))


def test_the_consumer_asks_again_for_a_day_whose_later_slots_came(world: World) -> None:
    world.look(stream_processor())
    world.materialized(PUBLISHED_ASSETS, WEEK[:1])
    world.materialized(LANDED_ASSETS, WEEK[:1])
    world.publish(WEEK[:1])
    assert world.look(stream_processor()) == {WEEK[0]}


def test_the_consumer_asks_again_for_a_day_whose_run_died_after_it_had_landed(
    world: World,
) -> None:
    world.look(stream_processor())
    world.publish(WEEK[:1])
    world.site.stream.land()
    assert world.look(stream_processor()) == {WEEK[0]}


def test_the_consumer_believes_no_report_of_what_has_landed(world: World) -> None:
    world.look(stream_processor())
    world.publish(WEEK[:2])
    world.materialized(LANDED_ASSETS, WEEK[:2])
    assert world.look(stream_processor()) == set(WEEK[:2])


def test_the_consumer_asks_for_days_that_were_published_ahead_of_the_clock(world: World) -> None:
    ahead = [date(2024, 2, 29)]
    world.look(stream_processor())
    rows = transfers_of(ahead[0], ahead[0])
    world.site.stream.publish(slots_of(rows), rows)
    world.materialized(PUBLISHED_ASSETS, ahead)
    assert set(ahead) <= set(world.look(stream_processor()))
    world.land(ahead)
    assert "nothing is left" in str(world.look(stream_processor()))


def test_the_consumer_lands_what_strangers_have_published(world: World) -> None:
    world.look(stream_processor())
    world.site.produce((b"key", b"no event"))
    asked = world.look(stream_processor())
    assert isinstance(asked, set)
    assert len(asked) == 1
    world.land(sorted(asked))
    assert "nothing is left" in str(world.look(stream_processor()))


def test_the_consumer_asks_again_for_a_day_of_which_a_row_is_gone(world: World) -> None:
    world.look(stream_processor())
    world.publish(WEEK[:2])
    world.land(WEEK[:2])
    world.site.execute("DELETE FROM hospital.transfers WHERE transfer_date = %s", WEEK[1])
    assert world.look(stream_processor()) == {WEEK[1]}
    world.land(WEEK[1:2])
    assert "nothing is left" in str(world.look(stream_processor()))


def test_a_broker_that_is_away_is_a_reason_to_skip(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kafka_client, "_BOOTSTRAP_MS", 500)
    monkeypatch.setattr(resource, "ANSWER_SECONDS", 1)
    site = world.site
    world.site = Site(stream_at(site.stream.root, site.url, "127.0.0.1:1", site.topic))
    assert "can't look at the topic" in str(world.look(stream_processor()))


def test_no_run_is_asked_for_that_could_land_nothing_of_another_log(world: World) -> None:
    assert isinstance(world.look(hospital_definitions()), set)
    world.publish(WEEK[:1])
    world.land(WEEK[:1])
    world.site.delete_topic()
    for location in (hospital_definitions(), stream_processor()):
        with pytest.raises(
            OtherLogError, match=r"topic was made anew .* `hospital stream start-over`"
        ):
            world.look(location)
    assert isinstance(world.look(producer()), set)


def test_what_lies_among_the_dead_letters_is_not_asked_for_again(world: World) -> None:
    asked = world.look(hospital_definitions())
    assert isinstance(asked, set)
    ours = next(TRANSFER_FORM.messages(transfers_of(WEEK[0], WEEK[0])))
    forged = ours.value.replace(b'"slot":1', b'"slot":2')
    world.site.produce((ours.key, forged))
    world.site.stream.land()
    world.publish(sorted(asked))
    assert WEEK[0] in world.look(hospital_definitions())
    world.site.stream.land()
    assert world.site.stream.dead_letter_counts() == {"contradiction": 1}
    assert "nothing is left" in str(world.look(hospital_definitions()))
    world.site.execute("DELETE FROM hospital.transfers WHERE transfer_date = %s", WEEK[3])
    assert world.look(hospital_definitions()) == {WEEK[3]}
    world.site.stream.land()
    assert "nothing is left" in str(world.look(hospital_definitions()))


def test_a_topic_of_another_hospital_is_left_alone(world: World, another: Hospital) -> None:
    rows = registration(TRANSFERS).rows(another, Period(WEEK[0], WEEK[0]), {})
    world.site.stream.publish(slots_of(rows), rows)
    before = len(world.site.published())
    # As with a database and a lake that are empty, beside a broker that isn't.
    world.site.stream.start_over()

    for location in (producer(), stream_processor(), hospital_definitions()):
        skipped = str(world.look(location))
        assert f"topic {world.site.topic} at " in skipped
        assert "`hospital reset`" in skipped
    result = dg.materialize(
        transfers.assets(daily_partitions(full_hospital().period)),
        resources={
            "warehouse": warehouse_at(world.site.url),
            "streams": {world.site.kind.name: world.site.stream},
            "hospital": full_hospital,
        },
        partition_key=WEEK[0].isoformat(),
        raise_on_error=False,
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
    )
    assert not result.success
    assert len(world.site.published()) == before
    assert len(world.site.table()) == 0


def test_a_topic_of_the_same_hospital_is_taken_up(world: World) -> None:
    rows = transfers_of(WEEK[0], WEEK[0])
    world.site.stream.publish(slots_of(rows), rows)
    world.site.stream.start_over()

    assert set(WEEK) <= set(world.look(producer()))
