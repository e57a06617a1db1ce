"""The stream: publishing and landing against a raw kafka-python loop over the same bytes.

`python -m bench.stream`
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
from kafka import TopicPartition

from bench.measure import keep, median_and_spread, seconds
from hospital_assets import events
from hospital_assets.clock import PERIOD
from hospital_assets.contracts import TRANSFERS
from hospital_assets.local import embedded_postgres, hospital_dsn
from hospital_assets.local.kafka import embedded_kafka, kafka_bootstrap
from hospital_assets.planning import by_month
from hospital_assets.profile import load_hospital
from hospital_assets.resources.kafka_client import KafkaClients
from hospital_assets.resources.stream.resource import Stream
from hospital_assets.resources.topics import set_up_topics
from hospital_assets.resources.warehouse import Warehouse
from hospital_assets.settings import Settings

RUNS = 7


@contextmanager
def services() -> Iterator[Settings]:
    """Run a PostgreSQL and a Kafka of this benchmark's own."""
    with tempfile.TemporaryDirectory(prefix="hospital-bench-") as folder:
        settings = Settings(state=Path(folder, "state"), lake=Path(folder, "lake"))
        try:
            yield settings
        finally:
            embedded_kafka(settings).stop()
            embedded_postgres(settings).stop()


def all_transfers() -> pl.DataFrame:
    """Return the transfers of the whole period."""
    hospital = load_hospital()
    months = by_month(PERIOD.days(0, PERIOD.length))
    return TRANSFERS.schema.cast(
        pl.concat([hospital.transfers(days[0], days[-1]) for days in months])
    )


def raw_publish(clients: KafkaClients, topic: str, messages: list[events.Message]) -> None:
    """Send the same bytes, made before, in a plain loop, and wait for every acknowledgement."""
    producer = clients.producer()
    futures = [producer.send(topic, value, key, headers) for key, value, headers in messages]
    producer.flush()
    for future in futures:
        future.get(timeout=60)
    producer.close()


def raw_consume(clients: KafkaClients, topic: str, count: int) -> None:
    """Read so many messages in a plain loop and do nothing with them."""
    with clients.consumer() as consumer:
        partitions = [
            TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic) or ()
        ]
        consumer.assign(partitions)
        consumer.seek_to_beginning(*partitions)
        seen = 0
        while seen < count:
            seen += sum(len(batch) for batch in consumer.poll(timeout_ms=1000).values())


def main() -> None:
    """Measure, print and keep."""
    rows = all_transfers()
    messages = events.messages(rows)
    samples: dict[str, list[float]] = {
        name: [] for name in ("publish", "raw publish", "land", "raw consume")
    }
    with services() as settings:
        dsn, bootstrap = hospital_dsn(settings), kafka_bootstrap(settings)
        Warehouse(dsn=dsn).create_schema()
        for run in range(RUNS + 1):
            topic, other = f"bench.{run}", f"bench.raw.{run}"
            kafka = settings.kafka.model_copy(update={"topic": other})
            clients = KafkaClients(bootstrap, kafka)
            set_up_topics(clients)
            stream = Stream(
                root=f"{settings.lake}/{run}", dsn=dsn, bootstrap=bootstrap, topic=topic
            )
            stream.start_over()
            taken = {
                "publish": seconds(lambda s=stream: s.publish(rows)),
                "raw publish": seconds(lambda c=clients, t=other: raw_publish(c, t, messages)),
                "land": seconds(lambda s=stream: s.land()),
                "raw consume": seconds(lambda c=clients, t=other: raw_consume(c, t, len(rows))),
            }
            landed = Warehouse(dsn=dsn).row_counts((TRANSFERS,))[TRANSFERS.name]
            if landed != len(rows):
                raise SystemExit(f"landed {landed} rows of {len(rows)}: not the same work")
            if run:
                for name, value in taken.items():
                    samples[name].append(value)
    for ours, raw in (("publish", "raw publish"), ("land", "raw consume")):
        ratios = [b / a for a, b in zip(samples[ours], samples[raw], strict=True)]
        print(f"{ours}, {len(rows):,} events: {median_and_spread(samples[ours])} s")
        print(f"{raw}: {median_and_spread(samples[raw])} s")
        print(f"rate of {ours} to {raw}: {median_and_spread(ratios)}")
    keep("stream", {"events": len(rows), "seconds": samples})


if __name__ == "__main__":
    main()
