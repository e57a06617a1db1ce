"""The data version of a day of a run over many days.

Dagster knows one data version a run and asset. With that, a day that was made with others and then
alone, of the same bytes, would count as changed, and what is made from it as out of date. Here each
day's materialization gets the day's own version, the SHA-256 that its metadata names.
"""

from collections.abc import Sequence

from dagster import EventLogEntry
from dagster._core.definitions.data_version import DATA_VERSION_TAG
from dagster._core.events import StepMaterializationData
from dagster_postgres.event_log import PostgresEventLogStorage

SHA256 = "sha256"


class DayVersionedEvents(PostgresEventLogStorage):
    """Dagster's events in PostgreSQL, with each day's own data version."""

    def store_event(self, event: EventLogEntry) -> None:
        """Store an event."""
        super().store_event(with_own_version(event))

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Store the events of many days."""
        super().store_event_batch([with_own_version(event) for event in events])


def with_own_version(entry: EventLogEntry) -> EventLogEntry:
    """Return the event, with the day's own data version if it is a materialization that has one."""
    event = entry.dagster_event
    if event is None or not isinstance(event.event_specific_data, StepMaterializationData):
        return entry
    made = event.event_specific_data.materialization
    own = made.metadata.get(SHA256)
    if own is None or DATA_VERSION_TAG not in (made.tags or {}):
        return entry
    tags = {**(made.tags or {}), DATA_VERSION_TAG: str(own.value)}
    data = event.event_specific_data._replace(materialization=made._replace(tags=tags))
    return entry._replace(dagster_event=event._replace(event_specific_data=data))
