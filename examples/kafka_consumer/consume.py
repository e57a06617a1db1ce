"""Follow the transfers: who goes where, and how urgent it is.

    python consume.py kafka.properties            # goes on until Ctrl-C
    python consume.py kafka.properties --to-end   # ends with what is there now

`hospital connect --kafka` writes the properties. Kafka delivers each event at least once, so
whoever counts must know an event again: `transfer_id` is its name.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

TOPIC = "hospital.patient.transfer.v1"
WAIT_SECONDS = 60.0
POLL_SECONDS = 1.0  # so that Ctrl-C is heard


def properties(file: Path) -> dict[str, str]:
    """Return the names and values of a file of properties."""
    lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def partitions_from_the_start(consumer: Consumer) -> list[TopicPartition]:
    """Return each partition of the topic, from its first event on."""
    known = consumer.list_topics(TOPIC, timeout=WAIT_SECONDS).topics[TOPIC].partitions
    return [TopicPartition(TOPIC, number, 0) for number in known]


def events(consumer: Consumer, *, to_end: bool) -> Iterator[Mapping[str, object]]:
    """Give each event once, of all partitions, from the first one on."""
    partitions = partitions_from_the_start(consumer)
    consumer.assign(partitions)
    open_partitions = {each.partition for each in partitions}
    seen: set[object] = set()
    while open_partitions or not to_end:
        message = consumer.poll(POLL_SECONDS)
        if message is None:
            continue
        if (error := message.error()) is not None:
            if error.code() != KafkaError._PARTITION_EOF:
                raise KafkaException(error)
            open_partitions.discard(message.partition())
            continue
        try:
            event = json.loads(message.value())
            name = event["transfer_id"]
        except (ValueError, TypeError, KeyError):
            continue  # no event: the hospital keeps it as a dead letter
        if name not in seen:
            seen.add(name)
            yield event


def main() -> None:
    """Print each event, and at the end how many went to each facility."""
    parser = argparse.ArgumentParser(description="Follow the transfers.")
    parser.add_argument("properties", type=Path, help="as `hospital connect --kafka` writes it")
    parser.add_argument("--to-end", action="store_true", help="end with what is there now")
    arguments = parser.parse_args()
    consumer = Consumer(
        {
            **properties(arguments.properties),
            "group.id": "example-consumer",
            # Where it has come to is not kept: each start begins with the first event.
            "enable.auto.commit": False,
            "enable.partition.eof": True,
        }
    )
    facilities: Counter[object] = Counter()
    try:
        for event in events(consumer, to_end=arguments.to_end):
            facilities[event["facility"]] += 1
            print(
                event["departed_at"],
                event["priority"],
                event["department"],
                "->",
                event["facility"],
            )
    except KeyboardInterrupt:
        pass
    finally:
        consumer.close()
    print(f"\n{facilities.total()} transfers")
    for facility, count in facilities.most_common():
        print(f"{count:6}  {facility}")


if __name__ == "__main__":
    main()
