"""The stream: publishing and landing against a raw kafka-python loop over the same bytes.

`python -m bench.stream`
"""

import hashlib
from functools import partial
from typing import Any

import polars as pl
from kafka import TopicPartition

from bench.installation import installation
from bench.measure import Comparison, Goal, Side, keep, ratios, same, seconds
from hospital_assets.calendar.period import by_month
from hospital_assets.configuration.hospital_files import load_hospital
from hospital_assets.contracts.transfers import TRANSFER_STREAM, TRANSFERS
from hospital_assets.from_settings import open_stream, open_warehouse
from hospital_assets.registry import registration
from hospital_assets.resources.stream import wire
from hospital_assets.resources.stream.kafka_client import KafkaClients
from hospital_assets.resources.stream.topics import set_up_topics
from hospital_assets.services.kafka.cluster import KafkaCluster
from hospital_assets.simulation import Hospital

RUNS = 7


def all_transfers(hospital: Hospital) -> pl.DataFrame:
    """Return the transfers of the whole period."""
    months = by_month(hospital.period.days)
    return pl.concat([registration(TRANSFERS).rows(hospital, month, {}) for month in months])


def raw_publish(clients: KafkaClients, topic: str, messages: list[wire.Message]) -> None:
    """Send the same bytes, made before, in a plain loop, and wait for every acknowledgement."""
    producer = clients.producer()
    futures = [producer.send(topic, value, key, headers) for key, value, headers in messages]
    producer.flush()
    for future in futures:
        future.get(timeout=60)
    producer.close()


def raw_consume(clients: KafkaClients, topic: str, count: int, into: list[Any]) -> None:
    """Read so many messages in a plain loop and do nothing but keep them."""
    with clients.consumer() as consumer:
        partitions = [
            TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic) or ()
        ]
        consumer.assign(partitions)
        consumer.seek_to_beginning(*partitions)
        seen = 0
        while seen < count:
            for batch in consumer.poll(timeout_ms=1000).values():
                into.append(batch)
                seen += len(batch)


def contents(batches: list[Any]) -> tuple[int, str]:
    """Return how many messages there are, and the SHA-256 of all in an order of their own."""
    values = sorted(one.key + one.value for batch in batches for one in batch)
    return len(values), hashlib.sha256(b"".join(values)).hexdigest()


def main() -> None:
    """Measure, print and keep."""
    hospital = load_hospital()
    rows = all_transfers(hospital)
    messages = list(wire.form(TRANSFER_STREAM).messages(rows))
    slots = rows.select(TRANSFER_STREAM.slot_columns).unique(maintain_order=True).rows()
    samples: dict[str, list[float]] = {
        name: [] for name in ("publish", "raw publish", "land", "raw consume")
    }
    with installation() as settings:
        bootstrap = KafkaCluster.of(settings).bootstrap()
        warehouse = open_warehouse(settings)
        warehouse.create_schema()
        for run in range(RUNS + 1):
            topic, other = f"bench.{run}", f"bench.raw.{run}"
            kafka = settings.kafka.model_copy(update={"topics": {TRANSFERS.name: topic}})
            clients = KafkaClients(bootstrap, kafka)
            set_up_topics(clients, other)
            place = {"lake": f"{settings.lake}/{run}", "kafka": kafka}
            stream = open_stream(settings.model_copy(update=place), TRANSFER_STREAM)
            stream.start_over()
            ours: list[Any] = []
            theirs: list[Any] = []
            taken = {
                "publish": seconds(partial(stream.publish, slots, rows)),
                "raw publish": seconds(partial(raw_publish, clients, other, messages)),
                "land": seconds(stream.land),
                "raw consume": seconds(partial(raw_consume, clients, other, len(rows), theirs)),
            }
            raw_consume(clients, topic, len(rows), ours)
            same("messages", contents(ours), contents(theirs))
            landed = warehouse.read(TRANSFERS, hospital.period.days)
            same("rows", landed.sort("transfer_id").equals(rows.sort("transfer_id")), True)
            if run:
                for name, value in taken.items():
                    samples[name].append(value)
    comparisons = [
        Comparison(
            f"{name} {len(rows):,} events",
            Side(f"Stream.{call}", samples[call]),
            Side("raw kafka-python loop", samples[raw]),
            ratios(samples[raw], samples[call]),
            Goal(">=", limit),
        )
        for name, call, raw, limit in (
            ("publish", "publish", "raw publish", 0.875),
            ("consume", "land", "raw consume", 0.6),
        )
    ]
    keep("stream", comparisons)


if __name__ == "__main__":
    main()
