"""Sending anybody's messages to the topic: no slot is recorded for them, and nothing is refused."""

from collections import deque
from collections.abc import Iterable
from typing import Any

from kafka.errors import KafkaError

from hospital_assets.calendar.period import Period
from hospital_assets.contracts.stream_type import StreamType
from hospital_assets.resources.stream import wire
from hospital_assets.resources.stream.connections import Connections, explained, persist, settled
from hospital_assets.resources.stream.errors import StreamError
from hospital_assets.resources.stream.wire import BadMessage

_MOST_UNDER_WAY = 1_000
_ACKNOWLEDGED_SECONDS = 20


def send(
    connections: Connections, kind: StreamType, period: Period, values: Iterable[bytes]
) -> list[BadMessage | None]:
    """Send messages in their order, and wait for every acknowledgement; see `Stream.send`.

    Raises StreamError if the broker refuses one, or is away; those before it are sent.
    """
    form = wire.form(kind)
    faults: list[BadMessage | None] = []
    topic = persist(connections.topics, "find the topic").events.name
    under_way: deque[Any] = deque()
    try:
        with connections.producer() as producer:
            for value in values:
                key, fault = None, None
                try:
                    key = form.key_of(form.decode(value, within=period))
                except BadMessage as error:
                    fault = error
                under_way.append(producer.send(topic, key=key, value=value))
                faults.append(fault)
                if len(under_way) > _MOST_UNDER_WAY:
                    settled(under_way.popleft(), _ACKNOWLEDGED_SECONDS)
            while under_way:
                settled(under_way.popleft(), _ACKNOWLEDGED_SECONDS)
    except KafkaError as error:
        number = len(faults) + 1 - len(under_way)
        raise StreamError(
            f"can't send message {number}: {explained(error)}; those before it are sent"
        ) from error
    return faults
