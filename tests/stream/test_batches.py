"""Batches as other clients write them and as disks spoil them: all that can be read is landed."""

import json
from pathlib import Path
from typing import Any

import confluent_kafka
import polars as pl
import pytest
from kafka import KafkaProducer, TopicPartition

from hospital_assets.configuration.settings import Settings
from hospital_assets.resources.stream import batches
from tests.patience import PATIENCE_SECONDS
from tests.stream.sites import TRANSFER_FORM, Site

CODECS = ["gzip", "snappy", "lz4", "zstd"]


def values(rows: pl.DataFrame) -> list[bytes]:
    return [message.value for message in TRANSFER_FORM.messages(rows)]


def send(site: Site, messages: list[bytes], **options: Any) -> None:
    """Send messages to partition 0, as few batches as the options allow."""
    headers = options.pop("headers", [])
    producer = KafkaProducer(
        bootstrap_servers=site.bootstrap,
        linger_ms=200,
        **{"max_request_size": 2**27, "batch_size": 2**20, **options},
    )
    futures = [
        producer.send(site.topic, value=value, partition=0, headers=headers) for value in messages
    ]
    producer.flush()
    for future in futures:
        future.get(timeout=PATIENCE_SECONDS)
    producer.close(timeout=5)


@pytest.fixture
def log(site: Site, kafka_settings: Settings) -> Path:
    """The file in which the broker keeps partition 0."""
    return kafka_settings.state / "kafka" / "data" / f"{site.topic}-0" / f"{0:020}.log"


@pytest.mark.parametrize("codec", CODECS)
def test_every_codec_is_read(site: Site, week: pl.DataFrame, codec: str) -> None:
    rows = values(week)
    send(site, rows[:50], compression_type=codec)
    # Another library frames them in its own way.
    producer = confluent_kafka.Producer(
        {"bootstrap.servers": site.bootstrap, "compression.type": codec, "linger.ms": 200}
    )
    for value in rows[50:]:
        producer.produce(site.topic, value=value, partition=0)
    assert producer.flush(20) == 0

    report = site.stream.land()

    assert (report.rows, report.dead_letters) == (105, 0)
    site.check(week)


def test_a_spoiled_batch_is_set_aside_and_the_partition_goes_on(
    site: Site, week: pl.DataFrame, log: Path
) -> None:
    rows = values(week)
    for part in (rows[:5], rows[5:12], rows[12:20]):
        send(site, part)
    content = log.read_bytes()
    with log.open("r+b") as file:
        file.seek(content.index(rows[7]) + 40)
        file.write(b"\xff\xff")

    report = site.stream.land()

    assert (report.rows, report.dead_letters) == (13, 1)
    [letter] = site.letters()
    assert (letter.partition, letter.offset, letter.reason) == (0, 5, "unreadable")
    assert letter.message.startswith("the offsets 5 to 11 can't be read: ")
    [copy] = site.mirrored()
    headers = dict(copy.headers)
    assert headers["hospital.reason"] == b"unreadable"
    assert headers["__connect.errors.offset"] == b"5"
    site.check(pl.concat([week[:5], week[12:20]]))
    # And so it is when a lost file is written again.
    [file] = site.folder.glob("*.jsonl")
    lost = file.read_bytes()
    file.unlink()
    assert site.stream.land().rebuilt == 1
    assert file.read_bytes() == lost


@pytest.mark.parametrize("last_offset_delta", [0, 3, 9, 2**31 - 1])
def test_a_spoiled_header_hides_nothing_behind_it(
    site: Site, week: pl.DataFrame, log: Path, last_offset_delta: int
) -> None:
    rows = values(week)
    for part in (rows[:5], rows[5:12], rows[12:20]):
        send(site, part)
    # The second batch, of the offsets 5 to 11, begins after the first.
    header = 12 + int.from_bytes(log.read_bytes()[8:12])
    with log.open("r+b") as file:
        file.seek(header + 23)
        file.write(last_offset_delta.to_bytes(4))

    assert site.stream.land().rows == 13
    assert site.stream.dead_letter_counts().keys() == {"unreadable"}
    site.check(pl.concat([week[:5], week[12:20]]))


def test_the_last_batch_may_be_the_spoiled_one(site: Site, week: pl.DataFrame, log: Path) -> None:
    rows = values(week)
    send(site, rows[:5])
    send(site, rows[5:12])
    content = log.read_bytes()
    with log.open("r+b") as file:
        file.seek(content.index(rows[6]) + 40)
        file.write(b"\xff\xff")

    assert site.stream.land().dead_letters == 1
    assert site.stream.land().messages == 0
    send(site, rows[12:20])
    assert site.stream.land().rows == 8
    site.check(pl.concat([week[:5], week[12:20]]))


def test_bytes_that_were_spoiled_on_their_way_are_read_when_they_come_again(
    site: Site, week: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(site, values(week[:20]))
    faults = iter([False])
    check = batches._Batch.validate_crc
    monkeypatch.setattr(batches._Batch, "validate_crc", lambda one: next(faults, check(one)))

    assert site.stream.land().dead_letters == 0
    site.check(week[:20])


@pytest.mark.parametrize("codec", CODECS)
def test_what_would_be_too_large_is_set_aside(
    site: Site, week: pl.DataFrame, codec: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "MOST_DECODED_BYTES", 2**20)
    rows = values(week)
    send(site, rows[:5])
    send(site, [b" " * (2**20 + 1)], compression_type=codec)
    send(site, rows[5:10])

    report = site.stream.land()

    assert (report.rows, report.dead_letters) == (10, 1)
    [letter] = site.letters()
    assert (letter.offset, letter.reason, letter.value) == (5, "unreadable", None)
    assert "when it is decompressed" in letter.message
    site.check(week[:10])


def test_many_small_batches_do_not_become_one_large_answer(
    site: Site, week: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "MOST_DECODED_BYTES", 2**20)
    for _ in range(6):
        send(site, [b" " * 900_000], compression_type="gzip")
    send(site, values(week[:5]))
    place = TopicPartition(site.topic, 0)
    answers: list[list[Any]] = []
    with site.connections.consumer() as consumer:
        consumer.assign([place])
        consumer.seek(place, 0)
        while sum(map(len, answers)) < 11:
            answers += consumer.poll(timeout_ms=1000).values()

    assert max(sum(len(one.value) for one in answer) for answer in answers) < 2 * 2**20
    assert site.stream.land().rows == 5


class Latin1(str):
    """A header's name that goes out as bytes that are no UTF-8."""

    def encode(self, *_: object) -> bytes:
        """Return the bytes that Kafka's client writes."""
        return super().encode("latin-1")


def test_a_header_may_have_a_name_that_is_no_utf8(site: Site, week: pl.DataFrame) -> None:
    rows = values(week)
    send(site, [rows[0], b"{broken", rows[1]], headers=[(Latin1("é"), b"1")])

    report = site.stream.land()

    assert (report.rows, report.dead_letters) == (2, 1)
    [letter] = site.letters()
    assert (letter.reason, letter.headers) == ("not_json", [("\ufffd", b"1")])
    site.check(week[:2])


def test_a_refusal_does_not_repeat_the_bytes(site: Site) -> None:
    name = json.dumps({"name": "Nomsa Dlamini"}).encode()
    send(site, [name])
    site.stream.land()

    [letter] = site.letters()
    assert "Dlamini" not in letter.message
