"""Warehouses and streams of a test's own, by their addresses."""

from collections.abc import Sequence
from datetime import date

from hospital_assets.calendar.period import Period
from hospital_assets.configuration.settings import KafkaSettings
from hospital_assets.contracts.record_type import RecordType
from hospital_assets.contracts.stream_type import StreamType
from hospital_assets.contracts.transfers import TRANSFER_STREAM
from hospital_assets.registry import RECORD_TYPES
from hospital_assets.resources.stream.resource import Stream
from hospital_assets.resources.warehouse.resource import Warehouse

# That of the hospital in configs/.
PERIOD = Period(date(2020, 12, 1), date(2025, 3, 31))


def warehouse_at(url: str, others: Sequence[RecordType] = ()) -> Warehouse:
    """Return the warehouse in a database, with tables for other records too."""
    return Warehouse(lambda: url, (*RECORD_TYPES, *others))


def stream_at(
    root: str, url: str, bootstrap: str, topic: str, kind: StreamType = TRANSFER_STREAM
) -> Stream:
    """Return the stream of a topic into a lake and a database."""
    kafka = KafkaSettings(topics={kind.name: topic})
    return Stream(kind, root, kafka, PERIOD, lambda: url, lambda: bootstrap)
