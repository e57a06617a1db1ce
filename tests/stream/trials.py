"""Trials of what others send: a client of transactions, and bad messages of every kind.

`make stream-trials` runs the long ones, in an installation of their own. A short one is a test.
"""

import argparse
import json
import os
import random
import secrets
import struct
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import confluent_kafka
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from hospital_assets.configuration.settings import load_settings
from hospital_assets.contracts.transfers import TRANSFER_STREAM, TRANSFERS
from hospital_assets.from_settings import open_stream, open_warehouse
from hospital_assets.resources.stream import batches
from hospital_assets.resources.stream.landing import LandReport
from hospital_assets.services.databases import Databases
from hospital_assets.services.kafka.cluster import KafkaCluster
from tests.patience import PATIENCE_SECONDS
from tests.stream.sites import TRANSFER_FORM, Site, transfers_of

CODECS = ("none", "gzip", "snappy", "lz4", "zstd")
CLIENTS = 4
LANDINGS = 5
# Batches of which nothing can be read, of each codec: some are 32 MB when they are sent.
UNREADABLE = 3
UNDER_WAY = 20_000

Spoil = Callable[[random.Random, bytes], bytes | None]


def change(**changes: object) -> Spoil:
    """Return what changes columns of an event."""
    return lambda _, value: json.dumps(json.loads(value) | changes).encode()


def without_a_key(chance: random.Random, value: bytes) -> bytes:
    """Leave out a column of an event."""
    content = json.loads(value)
    del content[chance.choice(sorted(content))]
    return json.dumps(content).encode()


# What is done to the value of a good message, and the reason that its dead letter has to have.
FAULTS: list[tuple[str, Spoil]] = [
    ("not_json", lambda chance, _: b"\xff" + chance.randbytes(chance.randrange(200))),
    ("not_json", lambda chance, value: value[: chance.randrange(1, len(value))]),
    ("schema", change(slot="one", person_id=None)),
    ("schema", change(departed_at=1_614_582_300)),
    ("schema", change(departed_at="2021-03-01T07:05:00+02:00")),
    ("schema", change(transfer_date="2021-03-01", departed_at="2021-03-02T07:05:00")),
    ("schema", without_a_key),
    ("schema", change(bed="nul \x00")),
    ("outside_period", change(transfer_date="2031-03-01", departed_at="2031-03-01T07:05:00")),
    ("outside_period", change(transfer_date="2020-11-30", departed_at="2020-11-30T07:05:00")),
    ("other_version", change(schema_version=2)),
    ("other_type", lambda _, value: value),
    ("contradiction", change(bed="elsewhere")),
    ("empty", lambda _, __: None),
    ("too_large", lambda _, value: value + b" " * 20_000),
]


@dataclass
class Messages:
    """Sends messages in every codec, and knows what each is, by its partition and offset.

    A good one has no reason; of the others `expected` has the reason, key and value.
    """

    site: Site
    expected: dict[tuple[int, int], tuple[str, bytes | None, bytes | None]] = field(
        default_factory=dict
    )

    def __post_init__(self) -> None:
        largest = {
            "bootstrap.servers": self.site.bootstrap,
            "message.max.bytes": 2**27,
            "queue.buffering.max.kbytes": 2**20,
        }
        self._together = {
            codec: confluent_kafka.Producer(largest | {"compression.type": codec, "linger.ms": 20})
            for codec in CODECS
        }
        self._alone = {
            codec: confluent_kafka.Producer(
                largest | {"compression.type": codec, "batch.num.messages": 1}
            )
            for codec in CODECS
        }

    def send(self, codec: str, reason: str, *, alone: bool = False, **message: Any) -> None:
        """Send a message, in a batch of its own or with others, and keep where it lies."""
        producer = (self._alone if alone else self._together)[codec]
        if len(producer) > UNDER_WAY:
            producer.flush(PATIENCE_SECONDS)
        producer.produce(self.site.topic, on_delivery=partial(self._sent, reason), **message)
        producer.poll(0)

    def flush(self) -> None:
        """Wait for every acknowledgement."""
        for producer in (*self._together.values(), *self._alone.values()):
            assert producer.flush(PATIENCE_SECONDS) == 0, "a message is not acknowledged"

    def _sent(self, reason: str, error: Any, message: Any) -> None:
        assert error is None, error
        read = (None, None) if reason == "unreadable" else (message.key(), message.value())
        if reason:
            self.expected[message.partition(), message.offset()] = (reason, *read)


def bad_messages(site: Site, log: Path, count: int, chance: random.Random) -> LandReport:
    """Send so many good messages and as many bad ones in all codecs, and land them.

    `log` is the folder in which the broker keeps its topics. Good ones are stored once, each bad
    one is a dead letter of its partition and offset, and nothing is left.
    """
    rows = transfers_of(date(2020, 12, 1), date(2025, 3, 31)).head(count)
    partitions = site.connections.topics().events.partitions
    messages = Messages(site)
    # Where in between it is sent, in which codec, and why it is none.
    drawn: list[tuple[float, str, dict[str, Any], str]] = []
    for number, (key, value, headers) in enumerate(TRANSFER_FORM.messages(rows)):
        reason, spoil = FAULTS[number % len(FAULTS)]
        codec, place = chance.choice(CODECS), chance.random()
        good = {
            "key": key,
            "value": value,
            "partition": chance.randrange(partitions),
            "headers": headers if chance.random() < 0.5 else [],
        }
        drawn.append((place, codec, good, ""))
        if number % 7 == 0:
            drawn.append((chance.random(), chance.choice(CODECS), good, ""))
        bad = good | {"value": spoil(chance, value)}
        if reason == "other_type":
            bad["headers"] = [("ce_type", b"org.example.other")]
        elif reason == "empty":
            bad |= {"key": chance.choice([None, b"", key]), "headers": [("trace", None)]}
        if reason == "contradiction":
            # Right behind what it contradicts, and in the same batch or a later one.
            drawn.append((place + 1e-9, codec, bad, reason))
        else:
            bad["partition"] = chance.randrange(partitions)
            drawn.append((chance.random(), chance.choice(CODECS), bad, reason))
    spoiled = {"value": b"a batch that a disk spoils" * 9, "headers": [("spoiled", b"1")]}
    bomb = {"value": b" " * (batches.MOST_DECODED_BYTES + 1)}
    for codec in CODECS:
        for _ in range(UNREADABLE):
            where = {"partition": chance.randrange(partitions)}
            drawn.append((chance.random(), codec, spoiled | where, "unreadable"))
            # Snappy's is larger than a broker takes, and none is no bomb.
            if codec in ("gzip", "lz4", "zstd"):
                drawn.append((chance.random(), codec, bomb | where, "unreadable"))
    for _, codec, message, reason in sorted(drawn, key=lambda one: one[0]):
        alone = reason == "unreadable"
        messages.send(codec, reason, alone=alone, **message)
    messages.flush()
    for partition in range(partitions):
        spoil_batches(log / f"{site.topic}-{partition}", b"spoiled")

    report = site.stream.land()

    assert report.rows == count, report
    assert report.duplicates == len(range(0, count, 7)), report
    letters = 'SELECT partition, "offset", reason, key, value FROM hospital.dead_letters'
    found = {(partition, offset): what for partition, offset, *what in site.query(letters)}
    wanted = {place: list(what) for place, what in messages.expected.items()}
    others = sorted(
        place for place in found.keys() | wanted.keys() if found.get(place) != wanted.get(place)
    )
    assert not others, f"partition and offset {others[0]}: {found.get(others[0])!r:.200}"
    copies = Counter(place_of(one) for one in site.mirrored())
    assert copies == Counter(wanted.keys()), "the topic of dead letters has others"
    again = site.stream.land()
    assert (again.messages, again.rebuilt, again.restored) == (0, 0, 0), again
    site.check(rows)
    return report


def place_of(copy: Any) -> tuple[int, int]:
    """Return the partition and the offset of the message of which a dead letter tells."""
    headers = dict(copy.headers)
    return (
        int(headers["__connect.errors.partition"]),
        int(headers["__connect.errors.offset"]),
    )


def spoil_batches(folder: Path, mark: bytes) -> None:
    """Change a byte of each batch of one message that has a header of that name."""
    for path in folder.glob("*.log"):
        content = bytearray(path.read_bytes())
        position = 0
        while position < len(content):
            (length,) = struct.unpack_from(">i", content, position + 8)
            end = position + 12 + length
            batch = batches._Batch(content[position:end])
            if batch.records_count == 1 and is_marked(batch, mark):
                with path.open("r+b") as file:
                    file.seek(end - 1)
                    file.write(bytes([content[end - 1] ^ 0xFF]))
            position = end


def is_marked(batch: batches._Batch, mark: bytes) -> bool:
    """Return whether the one message of a batch has a header of that name."""
    try:
        [record] = batch
    except batches._TooLarge:
        return False
    return any(name.encode() == mark for name, _ in record.headers)


def transactions(site: Site, count: int, chance: random.Random) -> LandReport:
    """Commit so many transactions and abort as many, several open at once, and land them.

    Some are landed while others go on. Half of those that are aborted hold an event that another
    one commits. Exactly what was committed is stored.
    """
    # Makes the topic: what is sent before there is one gets lost.
    site.connections.topics()
    rows = transfers_of(date(2020, 12, 1), date(2025, 3, 31)).head(2 * count)
    values = [message.value for message in TRANSFER_FORM.messages(rows)]
    committed, others = values[:count], values[count:]
    aborted = [chance.choice([chance.choice(committed), other]) for other in others]
    todo = [(True, value) for value in committed] + [(False, value) for value in aborted]
    chance.shuffle(todo)
    clients = [
        confluent_kafka.Producer(
            {"bootstrap.servers": site.bootstrap, "transactional.id": f"{site.topic}.{number}"}
        )
        for number in range(CLIENTS)
    ]
    for client in clients:
        client.init_transactions(PATIENCE_SECONDS)
    total = LandReport()
    under_way: list[tuple[confluent_kafka.Producer, bool]] = []
    for number, (commits, value) in enumerate(todo):
        if not clients:
            clients.append(end(under_way.pop(chance.randrange(len(under_way)))))
        client = clients.pop()
        client.begin_transaction()
        client.produce(site.topic, value=value, on_delivery=is_delivered)
        # What is aborted before it has left the client would never lie in the topic.
        assert client.flush(PATIENCE_SECONDS) == 0
        under_way.append((client, commits))
        if number % (len(todo) // LANDINGS) == 0:
            add(total, site.stream.land())
    for one in under_way:
        end(one)
    # A message and a marker each, of those that were aborted as well. The broker writes the markers
    # after it has told the client that the transaction is over.
    for attempt in Retrying(
        retry=retry_if_exception_type(AssertionError),
        stop=stop_after_delay(PATIENCE_SECONDS),
        wait=wait_fixed(0.2),
        reraise=True,
    ):
        with attempt:
            add(total, site.stream.land())
            [(offsets,)] = site.query("SELECT sum(next_offset) FROM hospital.stream_offsets")
            assert offsets == 4 * count, f"{offsets} offsets"

    assert (total.rows, total.duplicates, total.dead_letters) == (count, 0, 0), total
    site.check(rows[:count])
    return total


def is_delivered(error: Any, _: Any) -> None:
    """Hear that a message lies in the topic; what does not is no trial."""
    assert error is None, error


def end(transaction: tuple[confluent_kafka.Producer, bool]) -> confluent_kafka.Producer:
    """End a transaction, and return its client."""
    client, commits = transaction
    if commits:
        client.commit_transaction(PATIENCE_SECONDS)
    else:
        client.abort_transaction(PATIENCE_SECONDS)
    return client


def add(total: LandReport, report: LandReport) -> None:
    """Count a report in."""
    total.rows += report.rows
    total.duplicates += report.duplicates
    total.dead_letters += report.dead_letters


def main() -> int:
    """Run both trials; returns 1 if one fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--transactions", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**31))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="trials-") as folder:
        os.environ |= {"HOSPITAL_STATE": f"{folder}/state", "HOSPITAL_LAKE": f"{folder}/lake"}
        log = Path(folder, "state", "kafka", "data")
        try:
            for name, trial in (
                (
                    f"{options.messages:,} bad messages among as many good ones",
                    lambda site, chance: bad_messages(site, log, options.messages, chance),
                ),
                (
                    f"{options.transactions:,} transactions committed and as many aborted",
                    lambda site, chance: transactions(site, options.transactions, chance),
                ),
            ):
                began = time.monotonic()
                chance = random.Random(options.seed)  # noqa: S311 - a seed that replays
                try:
                    report = trial(fresh_site(f"trial.{len(name)}"), chance)
                except AssertionError as error:
                    print(f"FAILED with --seed {options.seed}: {name}: {str(error)[:2000]}")
                    return 1
                print(
                    f"{name}: {report.rows:,} rows, {report.duplicates:,} duplicates,"
                    f" {report.dead_letters:,} dead letters, in"
                    f" {time.monotonic() - began:.0f} s",
                    flush=True,
                )
        finally:
            KafkaCluster.of(load_settings()).embedded().stop()
            Databases.of(load_settings()).embedded().stop()
    return 0


def fresh_site(topic: str) -> Site:
    """Return a stream with nothing in it."""
    settings = load_settings()
    open_warehouse(settings).create_schema()
    kafka = settings.kafka.model_copy(update={"topics": {TRANSFERS.name: topic}})
    site = Site(open_stream(settings.model_copy(update={"kafka": kafka}), TRANSFER_STREAM))
    site.stream.start_over()
    return site


if __name__ == "__main__":
    sys.exit(main())
