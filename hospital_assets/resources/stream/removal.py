"""Removing a stream: its topics, and its files in the lake."""

import re
from collections.abc import Sequence

from kafka.errors import KafkaError

from hospital_assets.resources.lake.file_store import FileStore
from hospital_assets.resources.stream.files import ASIDE
from hospital_assets.resources.stream.kafka_client import KafkaClients
from hospital_assets.resources.stream.topics import TopicError

_OURS = re.compile(r".+-\d{4,}-\d{20}-\d{20}\.jsonl.*")


def remove_files(store: FileStore, folder: str) -> None:
    """Remove a stream's files of every topic, also those put aside, and nothing beside them."""
    for place in (f"{folder}/{ASIDE}", folder):
        for name in filter(_OURS.fullmatch, store.sizes(place)):
            store.remove(f"{place}/{name}")


def remove_topics(clients: KafkaClients, names: Sequence[str]) -> None:
    """Delete topics with every message in them, as far as they are there.

    Raises TopicError if the broker refuses or can't be reached.
    """
    try:
        admin = clients.admin()
        try:
            if found := sorted(set(names).intersection(admin.list_topics())):
                admin.delete_topics(found)
        finally:
            admin.close()
    except KafkaError as error:
        raise TopicError(f"{clients.bootstrap}: topics {', '.join(names)}: {error}") from error
