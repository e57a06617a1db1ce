"""Warehouses and streams of a test's own, by their addresses."""

from hospital_assets.configuration.settings import KafkaSettings
from hospital_assets.registry import RECORD_TYPES
from hospital_assets.resources.stream.resource import Stream
from hospital_assets.resources.warehouse.resource import Warehouse


def warehouse_at(url: str) -> Warehouse:
    """Return the warehouse in a database."""
    return Warehouse(lambda: url, RECORD_TYPES)


def stream_at(root: str, url: str, bootstrap: str, topic: str) -> Stream:
    """Return the stream of a topic into a lake and a database."""
    return Stream(root, KafkaSettings(topic=topic), lambda: url, lambda: bootstrap)
