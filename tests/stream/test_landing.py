"""Landing: exactly once in table and files, whatever the topic holds."""

import json
from collections.abc import Sequence

import confluent_kafka
import polars as pl
import pytest
from kafka import TopicPartition

from hospital_assets.resources.lake import file_store
from hospital_assets.resources.stream import sorting
from hospital_assets.resources.stream.errors import StreamError, UnavailableError
from hospital_assets.resources.stream.files import StreamFile, StreamFolder
from hospital_assets.resources.stream.landing import Landing
from hospital_assets.resources.stream.offsets import group
from hospital_assets.resources.stream.reading import PartitionReader
from tests.connected import PERIOD
from tests.stream.sites import STREAM_TYPES, Site

pytestmark = STREAM_TYPES


def values(site: Site, rows: pl.DataFrame) -> list[tuple[bytes, bytes]]:
    """Key and value of each row's message."""
    return [(message.key, message.value) for message in site.form.messages(rows)]


def test_an_event_is_sent_as_it_is_described(site: Site, week: pl.DataFrame) -> None:
    site.publish(week)

    assert sorted((one.key, one.value, tuple(one.headers)) for one in site.published()) == sorted(
        (message.key, message.value, tuple(message.headers)) for message in site.form.messages(week)
    )


def test_what_is_published_is_landed(site: Site, week: pl.DataFrame) -> None:
    published = site.publish(week)
    assert set(site.stream.lag().values()) != {0}
    landed = site.stream.land()

    assert (published.events, published.slots) == (len(week), 35)
    assert (landed.messages, landed.rows) == (len(week), len(week))
    assert (landed.duplicates, landed.dead_letters) == (0, 0)
    site.check(week)
    line = next(site.folder.glob("*.jsonl")).read_bytes().splitlines()[0]
    assert list(json.loads(line)) == [*site.kind.record.schema.column_names(), "schema_version"]
    assert site.stream.land().chunks == 0


def test_the_group_shows_no_lag_afterwards(site: Site, week: pl.DataFrame) -> None:
    site.publish(week)
    site.stream.land()

    admin = site.clients.admin()
    committed = admin.list_group_offsets({group(site.kind.name): None})[group(site.kind.name)]
    admin.close()
    stored = dict(site.query("SELECT partition, next_offset FROM hospital.stream_offsets"))
    assert {
        place.partition: offset.offset
        for place, offset in committed.items()
        if place.topic == site.topic
    } == stored


def test_slots_are_on_record_once_acknowledged(site: Site, week: pl.DataFrame) -> None:
    slots, day = site.slots(week), pl.col(site.kind.record.partition_column)
    first_day = week.filter(day == day.min())
    site.publish(first_day)

    left = site.stream.unpublished(slots)

    assert len(left) == 30
    assert left == slots[5:]


def test_what_is_published_again_counts_once(site: Site, week: pl.DataFrame) -> None:
    site.publish(week)
    site.produce(*values(site, week.head(30)))
    first = site.stream.land()
    site.publish(week)
    second = site.stream.land()

    assert (first.rows, first.duplicates) == (len(week), 30)
    assert (second.rows, second.duplicates, second.files) == (0, len(week), [])
    site.check(week)


@pytest.mark.parametrize("together", [True, False])
def test_a_contradiction_is_a_dead_letter(site: Site, week: pl.DataFrame, together: bool) -> None:
    [(key, value)] = values(site, week.head(1))
    other = json.dumps(json.loads(value) | {"bed": "elsewhere"}).encode()
    messages = [(key, value), (key, other), (key, value)]
    for batch in [messages] if together else [[message] for message in messages]:
        site.produce(*batch)
        site.stream.land()

    site.check(week.head(1))
    [letter] = site.letters()
    assert (letter.reason, letter.value) == ("contradiction", other)
    assert letter.event_id == week[site.kind.id_column][0]
    with pytest.raises(StreamError, match=r"would only fail again: .* is stored otherwise"):
        site.stream.replay([letter])
    assert site.query("SELECT sum(cardinality(duplicates)) FROM hospital.stream_files") == [(1,)]


def test_two_consumers_at_once_land_everything_once(site: Site, week: pl.DataFrame) -> None:
    """The slower of two that read the same chunk gives way."""
    site.publish(week)
    site.stream.land()
    event_id = site.kind.id_column
    more = week.with_columns(
        pl.col(event_id).str.replace("^.", "0"),
    ).filter(~pl.col(event_id).is_in(week[event_id].implode()))
    site.produce(*values(site, more))
    folder = StreamFolder(file_store.at(site.stream.root), site.kind.name)
    landing = Landing(site.connections, folder, site.kind, PERIOD)
    with site.connections.database() as connection, site.connections.consumer() as consumer:
        reader = PartitionReader(consumer, site.topic)
        _, ends = reader.bounds(3)
        stored = dict(site.query("SELECT partition, next_offset FROM hospital.stream_offsets"))
        partition = next(part for part, end in ends.items() if end > stored[part])
        chunk = reader.read(partition, stored[partition], ends[partition])
        site.stream.land()
        with pytest.raises(UnavailableError, match="landed by another"):
            landing.land_chunk(
                connection, site.topic, chunk, sorting.read(site.form, chunk.messages)
            )

    site.check(pl.concat([week, more]))


def test_a_zombie_changes_nothing(
    site: Site, week: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A consumer whose session the server has ended wakes up in the middle of its chunk."""
    site.publish(week)
    write = StreamFolder.write

    def hang(folder: StreamFolder, name: str, lines: Sequence[bytes]) -> StreamFile:
        monkeypatch.undo()
        site.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'hospital stream' AND state = 'idle in transaction'"
        )
        site.stream.land()
        return write(folder, name, lines)

    monkeypatch.setattr(StreamFolder, "write", hang)
    report = site.stream.land()

    assert report.rows < len(week)  # the other one had the rest
    site.check(week)


def test_anybody_may_publish(site: Site, week: pl.DataFrame) -> None:
    """Key, headers and spacing are the sender's business; the schema is not."""
    rows = values(site, week.head(40))
    producer = confluent_kafka.Producer({"bootstrap.servers": site.bootstrap})
    for _, value in rows[:20]:
        producer.produce(site.topic, value=json.dumps(json.loads(value), indent=1))
    assert producer.flush(20) == 0
    site.produce(*((None, value) for _, value in rows[20:]))
    site.stream.land()

    site.check(week.head(40))


def test_dead_letters_reach_their_topic_with_the_reason(site: Site) -> None:
    site.stream.land()
    site.produce((b"k\xff", b"{broken"), headers=[("x", b"1"), ("nul\x00", b"\x00")])
    site.stream.land()

    [letter] = site.letters()
    assert (letter.key, letter.value, letter.reason) == (b"k\xff", b"{broken", "not_json")
    [copy] = site.mirrored()
    headers = dict(copy.headers)
    assert (copy.key, copy.value) == (letter.key, letter.value)
    assert headers["__connect.errors.topic"].decode() == site.topic
    assert headers["__connect.errors.offset"].decode() == str(letter.offset)
    assert headers["__connect.errors.exception.message"].decode() == letter.message
    assert headers["x"] == b"1"


def test_a_replayed_letter_is_landed_and_one_that_would_fail_again_is_not_sent(
    site: Site, week: pl.DataFrame
) -> None:
    [(key, value)] = values(site, week.head(1))
    site.stream.land()
    site.produce((key, value), headers=[("ce_type", b"hospital.other")])
    site.produce((key, b"[]"))
    site.stream.land()
    wrong_type, broken = sorted(site.letters(), key=lambda one: one.reason)
    assert site.stream.dead_letter(broken.partition, broken.offset) == broken

    for letters in ([broken], [wrong_type], [wrong_type, broken]):
        with pytest.raises(StreamError, match="can't be replayed: it would only fail again: "):
            site.stream.replay(letters)
    assert site.stream.land().messages == 0
    assert site.stream.dead_letter_counts() == {"other_type": 1, "schema": 1}

    # Mended by the receiver: the type is known from now on.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site.form, "_type", b"hospital.other")
        site.stream.replay([wrong_type])
        assert site.stream.land().rows == 1
    site.check(week.head(1))


def test_the_log_may_have_gaps(site: Site, week: pl.DataFrame) -> None:
    """Deleted records and a transaction's markers leave offsets without a message."""
    transactional = confluent_kafka.Producer(
        {"bootstrap.servers": site.bootstrap, "transactional.id": site.topic}
    )
    transactional.init_transactions(20)
    for _, value in values(site, week.head(6)):
        transactional.begin_transaction()
        transactional.produce(site.topic, value=value)
        transactional.commit_transaction(20)
    site.stream.land()

    site.check(week.head(6))


def test_a_partition_that_is_added_is_landed_too(site: Site, week: pl.DataFrame) -> None:
    site.produce(*values(site, week.head(30)))
    site.stream.land()
    admin = site.clients.admin()
    admin.create_partitions({site.topic: 5})
    admin.close()
    for partition in range(5):
        site.produce(values(site, week)[30 + partition], partition=partition)
    site.stream.land()

    site.check(week.head(35))
    assert TopicPartition(site.topic, 4) in {
        TopicPartition(topic, part)
        for topic, part in site.query("SELECT topic, partition FROM hospital.stream_offsets")
    }
